#include "support/check_world.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

BOOST_AUTO_TEST_SUITE(integration_check_defects)

using namespace acme_dns01;
using namespace acme_dns01::test;
using boost::test_tools::per_element;
using sandbox::local_digitalocean;
using replies = check_world::replies;
using texts = std::vector<std::string>;
using world = check_world;

namespace {

constexpr auto first = world::first;
constexpr auto second = world::second;
constexpr auto foreign = world::foreign;

// A defect, and what has to be named where it is found.
struct defect {
    std::string what;
    std::string id;
    std::string names;
    std::function<void(world&)> plant;
};

void check_all(std::vector<defect> const& all) {
    for (auto const& d : all) {
        BOOST_TEST_CONTEXT(d.what) {
            world w;
            d.plant(w);
            check_found(d.id, d.names, check(w).findings);
        }
    }
}

bool is_for(received_query const& q, std::string const& address, std::string const& name) {
    return (address.empty() || q.address == address) && q.address != "127.0.0.1" &&
           q.query.asked.asked == dns::name::parse(name).value();
}

auto at_server(std::string const& address, script what) {
    return [=](received_query const& q) {
        return q.address == address ? replies(what(q)) : replies();
    };
}

std::vector<reply> with_code(received_query const& q, dns::response_code code) {
    return {{answer_with_code(q, code)}};
}

// An answer of the server `first` with another SOA serial.
bytes with_serial(received_query const& q, std::string const& serial) {
    auto m = answer_to(q);
    m.answer.push_back(
        {q.query.asked.asked,
         dns::record_type::soa,
         60,
         "ns.example. host.example. " + serial + " 2 3 4 5"}
    );
    return encoded(m);
}

bytes bad_version(received_query const& q) {
    auto wire = answer_with_code(q, dns::response_code::noerror);
    // The upper bits of the code are the first byte of the OPT record's TTL.
    wire.at(wire.size() - 6) = 1;
    return wire;
}

// The conduct of the second server at such questions.
std::function<void(world&)>
second_does(script what, std::function<bool(received_query const&)> to_these) {
    return [=](world& w) {
        w.override = [=](received_query const& q) {
            auto const is_it = q.address == second && to_these(q);
            return is_it ? replies(what(q)) : replies();
        };
    };
}

bool has_edns(received_query const& q) { return q.query.edns_size != 0; }
std::vector<reply> silence(received_query const&) { return {}; }

// The API answers with this header, and acts.
sandbox::fault with_header(std::string const& name, std::string const& value) {
    sandbox::fault f;
    f.action = sandbox::fault_action::delay;
    f.count = sandbox::fault::always;
    f.headers = {{name, value}};
    return f;
}

std::function<void(world&)> with_scopes(std::string const& one, std::string const& other) {
    return [=](world& w) { w.api.scopes = {"domain:" + one, "domain:" + other}; };
}

digitalocean::record txt(std::string const& name, std::string const& value) {
    digitalocean::record r;
    r.type = "TXT";
    r.name = name;
    r.data = value;
    return r;
}

} // namespace

BOOST_AUTO_TEST_CASE(defects_of_names_are_found) {
    check_all({
        {"a public suffix", "name", "co.uk", [](world& w) { w.domains = {"co.uk"}; }},
        {"above a suffix", "name", "kawasaki.jp", [](world& w) { w.domains = {"kawasaki.jp"}; }},
        {"a top-level domain", "name", "com", [](world& w) { w.domains = {"com"}; }},
        {"an underscore", "name", "'a_b'", [](world& w) { w.domains = {"a_b.example.test"}; }},
        {"a hyphen at an end", "name", "'a-'", [](world& w) { w.domains = {"a-.example.test"}; }},
        {"a name outside allow",
         "name",
         "www.example.test",
         [](world& w) {
             w.options = {"--allow", "other.test"};
         }},
    });
}

BOOST_AUTO_TEST_CASE(defects_of_the_account_are_found) {
    check_all({
        {"no token",
         "token",
         "--token-file",
         [](world& w) {
             w.at_last = [](auto&, user& admin) { admin.without("DIGITALOCEAN_TOKEN"); };
         }},
        {"a rejected token",
         "token",
         "DIGITALOCEAN_TOKEN",
         [](world& w) {
             w.at_last = [](auto&, user& admin) { admin.with("DIGITALOCEAN_TOKEN", "wrong"); };
         }},
        {"no scope to read", "token", "lacks domain:read", with_scopes("create", "delete")},
        {"no scope to create", "token", "lacks domain:create", with_scopes("read", "delete")},
        {"no scope to delete", "token", "lacks domain:delete", with_scopes("read", "create")},
        {"no zone",
         "zone",
         "_acme-challenge.away.test",
         [](world& w) { w.domains = {"away.test"}; }},
        {"a clock that is two hours off",
         "clock",
         "ahead of the API",
         [](world& w) { w.api.faults = {with_header("date", "Sun, 06 Nov 1994 08:49:37 GMT")}; }},
        {"a used up limit",
         "rate",
         "1 of 5000 requests",
         [](world& w) { w.api.faults = {with_header("ratelimit-remaining", "1")}; }},
        {"a state folder that is a file",
         "state",
         "/dev/null/nowhere",
         [](world& w) {
             w.options = {"--state-dir", "/dev/null/nowhere"};
         }},
        {"a record that a run has left behind",
         "state",
         "_acme-challenge.www.example.test",
         [](world& w) {
             w.at_last = [](local_digitalocean& s, user& admin) {
                 admin.run({"present", "--no-wait", "www.example.test", value_a});
                 execute_in_journal(s, "UPDATE record SET since = 1");
             };
         }},
    });
}

BOOST_AUTO_TEST_CASE(defects_of_the_delegation_are_found) {
    check_all({
        {"no delegation",
         "delegation",
         "example.test",
         [](world& w) {
             w.remove("test", "example.test NS ns1.digitalocean.com");
             w.remove("test", "example.test NS ns2.digitalocean.com");
         }},
        {"a zone cut below",
         "delegation",
         "zone www.example.test",
         [](world& w) {
             w.add("example.test", "www.example.test NS ns.away.test");
             w.public_dns.push_back(
                 {"www.example.test", {foreign}, {"www.example.test NS ns.away.test"}}
             );
         }},
        {"a cut at the challenge name",
         "delegation",
         "zone _acme-challenge.www.example.test",
         [](world& w) {
             w.add("example.test", "_acme-challenge.www.example.test NS ns.away.test");
             w.public_dns.push_back(
                 {"_acme-challenge.www.example.test",
                  {foreign},
                  {"_acme-challenge.www.example.test NS ns.away.test"}}
             );
         }},
        {"other servers in the zone than in the zone above",
         "delegation",
         "ns.away.test",
         [](world& w) {
             w.add("test", "example.test NS ns.away.test");
             w.zone("example.test").addresses.push_back(foreign);
         }},
        {"a server that does not resolve",
         "delegation",
         "nowhere.test",
         [](world& w) {
             w.add("test", "example.test NS nowhere.test");
             w.add("example.test", "example.test NS nowhere.test");
         }},
        {"a server that is an alias",
         "delegation",
         "alias.test",
         [](world& w) {
             w.add("test", "alias.test CNAME ns1.digitalocean.com");
             w.add("test", "example.test NS alias.test");
             w.add("example.test", "example.test NS alias.test");
         }},
        {"a server with a private address",
         "delegation",
         "10.0.0.1",
         [](world& w) { w.add("digitalocean.com", "ns2.digitalocean.com A 10.0.0.1"); }},
        {"the same, of a zone hosted elsewhere with an alias into the account",
         "delegation",
         "nowhere.test",
         [](world& w) {
             w.domains = {"www.away.test"};
             w.add("away.test", "_acme-challenge.www.away.test CNAME www.held.test");
             w.add("test", "away.test NS nowhere.test");
             w.add("away.test", "away.test NS nowhere.test");
         }},
        {"hosted elsewhere",
         "delegation",
         "ns.away.test",
         [](world& w) {
             w.zone("example.test") = {"example.test", {foreign}, {"example.test NS ns.away.test"}};
             w.remove("test", "example.test NS ns1.digitalocean.com");
             w.remove("test", "example.test NS ns2.digitalocean.com");
             w.add("test", "example.test NS ns.away.test");
         }},
    });
}

BOOST_AUTO_TEST_CASE(defects_of_servers_are_found) {
    using enum dns::response_code;
    check_all({
        {"silence", "servers", second, second_does(silence, [](auto const&) { return true; })},
        {"no TCP",
         "servers",
         second,
         second_does(silence, [](auto const& q) { return q.over_tcp; })},
        {"FORMERR to EDNS",
         "servers",
         "FORMERR",
         second_does([](auto const& q) { return with_code(q, formerr); }, has_edns)},
        {"BADVERS to EDNS",
         "servers",
         "BADVERS",
         second_does([](auto const& q) { return std::vector<reply>{{bad_version(q)}}; }, has_edns)},
        {"REFUSED",
         "servers",
         "REFUSED",
         [](world& w) {
             w.override = at_server(second, [](auto const& q) { return with_code(q, refused); });
         }},
        {"no authority",
         "servers",
         "without authority",
         [](world& w) {
             w.override = at_server(second, [](auto const& q) { return with_code(q, noerror); });
         }},
        {"all of them refuse",
         "servers",
         first,
         [](world& w) {
             w.override = [](received_query const& q) {
                 auto const is_theirs = q.address == first || q.address == second;
                 return is_theirs ? replies(with_code(q, refused)) : replies();
             };
         }},
        {"an old version of the zone",
         "servers",
         "serial 1",
         [](world& w) {
             w.override = [](received_query const& q) {
                 auto const is_soa = q.query.asked.type == dns::record_type::soa;
                 auto const is_newer = is_soa && is_for(q, first, "example.test");
                 return is_newer ? replies({{with_serial(q, "9")}}) : replies();
             };
         }},
        {"another CAA record",
         "servers",
         "pki.goog",
         [](world& w) {
             world other;
             other.zone("example.test")
                 .records.emplace_back("www.example.test CAA 0 issue \"pki.goog\"");
             w.override = at_server(second, serving(other.public_dns));
         }},
    });
}

BOOST_AUTO_TEST_CASE(defects_of_challenge_names_are_found) {
    check_all({
        {"aliases in a circle",
         "challenge",
         "b.example.test",
         [](world& w) {
             w.add("example.test", "_acme-challenge.www.example.test CNAME a.example.test");
             w.add("example.test", "a.example.test CNAME b.example.test");
             w.add("example.test", "b.example.test CNAME a.example.test");
         }},
        {"an alias into a foreign zone",
         "challenge",
         "x.away.test",
         [](world& w) {
             w.add("example.test", "_acme-challenge.www.example.test CNAME x.away.test");
         }},
        {"a wildcard alias",
         "challenge",
         "*.www.example.test",
         [](world& w) { w.add("example.test", "*.www.example.test CNAME x.away.test"); }},
        {"a value left behind",
         "challenge",
         "cleanup --id example.test/",
         [](world& w) {
             w.add("example.test", "_acme-challenge.www.example.test TXT " + value_b);
             w.at_last = [](local_digitalocean& s, user&) {
                 s.add_record("example.test", txt("_acme-challenge.www", value_b));
             };
         }},
        {"a doubled name",
         "challenge",
         "_acme-challenge.www.example.test.example.test",
         [](world& w) {
             w.add("example.test", "_acme-challenge.www.example.test.example.test TXT " + value_b);
         }},
        {"a name that all servers fail for",
         "challenge",
         "_acme-challenge.www.example.test",
         [](world& w) {
             w.override = [](received_query const& q) {
                 auto const is_it = is_for(q, "", "_acme-challenge.www.example.test");
                 return is_it ? replies(with_code(q, dns::response_code::servfail)) : replies();
             };
         }},
    });
}

BOOST_AUTO_TEST_CASE(defects_of_caa_are_found) {
    auto const with_record = [](std::string const& record, texts options) {
        return [=](world& w) {
            w.add("example.test", "example.test CAA " + record);
            w.options = options;
        };
    };
    texts const letsencrypt{"--issuer", "letsencrypt.org"};
    check_all({
        {"another CA", "caa", "sectigo.com", with_record("0 issue \"sectigo.com\"", letsencrypt)},
        {"an unknown critical property",
         "caa",
         "128 what",
         with_record("128 what \"x\"", letsencrypt)},
        {"no dns-01",
         "caa",
         "validationmethods=http-01",
         with_record("0 issue \"letsencrypt.org;validationmethods=http-01\"", letsencrypt)},
        {"no dns-01 for anyone",
         "caa",
         "by dns-01",
         with_record("0 issue \"letsencrypt.org;validationmethods=http-01\"", {})},
        {"nobody", "caa", "no CA", with_record("0 issue \";\"", {})},
        {"not from 2027-03-15 on",
         "caa",
         "2027-03-15",
         with_record("0 issue \"pki.goog;validationmethods=http-01\"", {"--issuer", "pki.goog"})},
        {"SERVFAIL",
         "caa",
         "SERVFAIL",
         [letsencrypt](world& w) {
             w.options = letsencrypt;
             w.override = [](received_query const& q) {
                 auto const is_caa = q.query.asked.type == dns::record_type::caa;
                 return is_caa ? replies(with_code(q, dns::response_code::servfail)) : replies();
             };
         }},
    });
}

BOOST_AUTO_TEST_SUITE_END()
