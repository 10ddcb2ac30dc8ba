#include "sandbox/answers.hpp"

#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::sandbox;

namespace {

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

std::string shown(std::vector<dns::record> const& records) {
    std::vector<std::string> lines;
    for (auto const& r : records)
        lines.push_back(r.owner.text() + " " + dns::to_string(r.type) + " " + r.data);
    return joined(lines, ", ");
}

// All of an answer that a question can make a difference to, on one line.
std::string shown(dns::message const& m) {
    auto text = dns::to_string(m.code) + (m.authoritative ? " aa" : "") +
                (m.recursion_available ? " ra" : "") + (m.truncated ? " tc" : "");
    if (!m.answer.empty()) text += " | " + shown(m.answer);
    if (!m.authority.empty()) text += " / " + shown(m.authority);
    return text;
}

struct fixture {
    account held{{"ns1.digitalocean.com"}, 7};
    std::vector<name_server> servers = {
        {"ns1.digitalocean.com", {"127.53.0.1", "127.53.0.4"}, seconds(0)},
    };
    std::string const soa =
        "SOA ns1.digitalocean.com. hostmaster.example.com. 26 10800 3600 604800 1800";

    fixture() {
        for (auto const* zone : {"example.com", "sub.example.com", "other.example"})
            held.create(parsed(zone), std::nullopt, from_the_start);
        add("www", "A", "192.0.2.1");
        add("www", "A", "192.0.2.2");
        add("a.b", "TXT", "deep");
        add("alias", "CNAME", "www.example.com");
        add("chain", "CNAME", "alias.example.com");
        add("across", "CNAME", "here.other.example");
        add("away", "CNAME", "www.example.net");
        add("dangling", "CNAME", "nothing.example.com");
        add("loop", "CNAME", "loop.example.com");
        add("*.wild", "TXT", "any");
        add("*.cwild", "CNAME", "www.example.com");
        add("exact.wild", "A", "192.0.2.3");
        add("below.empty.wild", "A", "192.0.2.4");
        add("given", "NS", "ns.example.net");
        add("given", "NS", "ns.example.org");
        add("hidden.sub", "TXT", "hidden");
        add("@", "CAA", "letsencrypt.org", 0);
        add("@", "MX", "mx.example.com", 10);
        add("_s._tcp", "SRV", "www.example.com", 1);
        add_to("sub.example.com", "_acme-challenge", "TXT", "nested");
        add_to("other.example", "here", "TXT", "found");
    }
    void add_to(
        std::string const& zone,
        std::string name,
        std::string type,
        std::string data,
        std::int64_t number = 0
    ) {
        digitalocean::record r;
        r.name = std::move(name);
        r.type = std::move(type);
        r.data = std::move(data);
        r.ttl = 60;
        r.priority = r.flags = r.weight = r.port = number;
        r.tag = "issue";
        held.add(parsed(zone), std::move(r), from_the_start);
    }
    void add(std::string name, std::string type, std::string data, std::int64_t number = 0) {
        add_to("example.com", std::move(name), std::move(type), std::move(data), number);
    }
    zone_snapshot published() const { return {held, clock::now()}; }
    dns::message query(std::string_view name, dns::record_type type) const {
        return dns::make_query({parsed(name), type}, 1, false);
    }
    std::string authoritative(std::string_view name, dns::record_type type) const {
        return shown(authoritative_answer(published(), query(name, type)));
    }
    std::string recursive(std::string_view name, dns::record_type type) const {
        return shown(recursive_answer(published(), servers, query(name, type)));
    }
};

using enum dns::record_type;

} // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_answers, fixture)

BOOST_AUTO_TEST_CASE(answers_from_a_zone_are_authoritative) {
    BOOST_TEST(
        authoritative("www.example.com", a) ==
        "NOERROR aa | www.example.com A 192.0.2.1, www.example.com A 192.0.2.2"
    );
    BOOST_TEST(authoritative("a.b.example.com", txt) == "NOERROR aa | a.b.example.com TXT deep");
    BOOST_TEST(
        authoritative("example.com", ns) == "NOERROR aa | example.com NS ns1.digitalocean.com"
    );
    BOOST_TEST(
        authoritative("example.com", dns::record_type::soa) == "NOERROR aa | example.com " + soa
    );
    BOOST_TEST(
        authoritative("example.com", caa) ==
        "NOERROR aa | example.com CAA 0 issue \"letsencrypt.org\""
    );
    BOOST_TEST(
        authoritative("example.com", mx) == "NOERROR aa | example.com MX 10 mx.example.com."
    );
    BOOST_TEST(
        authoritative("_s._tcp.example.com", srv) ==
        "NOERROR aa | _s._tcp.example.com SRV 1 1 1 www.example.com."
    );
}

BOOST_AUTO_TEST_CASE(a_negative_answer_has_the_soa) {
    auto const negative = " aa / example.com " + soa;
    BOOST_TEST(authoritative("none.example.com", txt) == "NXDOMAIN" + negative);
    BOOST_TEST(authoritative("x.www.example.com", txt) == "NXDOMAIN" + negative);
    BOOST_TEST(authoritative("www.example.com", txt) == "NOERROR" + negative);
    BOOST_TEST(authoritative("example.com", txt) == "NOERROR" + negative);
    // An empty non-terminal exists.
    BOOST_TEST(authoritative("b.example.com", txt) == "NOERROR" + negative);
    BOOST_TEST(authoritative("_tcp.example.com", txt) == "NOERROR" + negative);
}

BOOST_AUTO_TEST_CASE(names_outside_the_zones_are_refused) {
    for (auto const* name : {"example.net", "com", "badexample.com", "ns1.digitalocean.com"})
        BOOST_TEST(authoritative(name, txt) == "REFUSED");
}

BOOST_AUTO_TEST_CASE(cname_chains_are_followed_through_the_zones) {
    BOOST_TEST(
        authoritative("chain.example.com", a) ==
        "NOERROR aa | chain.example.com CNAME alias.example.com, alias.example.com CNAME "
        "www.example.com, www.example.com A 192.0.2.1, www.example.com A 192.0.2.2"
    );
    BOOST_TEST(
        authoritative("across.example.com", txt) ==
        "NOERROR aa | across.example.com CNAME here.other.example, here.other.example TXT found"
    );
    BOOST_TEST(
        authoritative("away.example.com", a) ==
        "NOERROR aa | away.example.com CNAME www.example.net"
    );
    BOOST_TEST(
        authoritative("chain.example.com", cname) ==
        "NOERROR aa | chain.example.com CNAME alias.example.com"
    );
    BOOST_TEST(
        authoritative("dangling.example.com", a) ==
        "NXDOMAIN aa | dangling.example.com CNAME nothing.example.com / example.com " + soa
    );
}

BOOST_AUTO_TEST_CASE(a_cname_to_itself_is_followed_sixteen_times) {
    auto const m = authoritative_answer(published(), query("loop.example.com", a));
    BOOST_TEST(m.answer.size() == 17U);
}

BOOST_AUTO_TEST_CASE(wildcards_answer_for_names_that_do_not_exist) {
    auto const negative = " aa / example.com " + soa;
    BOOST_TEST(
        authoritative("x.wild.example.com", txt) == "NOERROR aa | x.wild.example.com TXT any"
    );
    BOOST_TEST(
        authoritative("y.x.wild.example.com", txt) == "NOERROR aa | y.x.wild.example.com TXT any"
    );
    BOOST_TEST(authoritative("x.wild.example.com", a) == "NOERROR" + negative);
    // RFC 4592 2.2.1: not for what exists, nor for what lies below it.
    BOOST_TEST(authoritative("exact.wild.example.com", txt) == "NOERROR" + negative);
    BOOST_TEST(authoritative("x.exact.wild.example.com", txt) == "NXDOMAIN" + negative);
    BOOST_TEST(authoritative("empty.wild.example.com", txt) == "NOERROR" + negative);
    BOOST_TEST(authoritative("wild.example.com", txt) == "NOERROR" + negative);
    BOOST_TEST(
        authoritative("x.cwild.example.com", a) ==
        "NOERROR aa | x.cwild.example.com CNAME www.example.com, www.example.com A 192.0.2.1, "
        "www.example.com A 192.0.2.2"
    );
}

BOOST_AUTO_TEST_CASE(a_zone_within_a_zone_answers_for_itself) {
    BOOST_TEST(
        authoritative("_acme-challenge.sub.example.com", txt) ==
        "NOERROR aa | _acme-challenge.sub.example.com TXT nested"
    );
    BOOST_TEST(
        authoritative("hidden.sub.example.com", txt).starts_with("NXDOMAIN aa / sub.example.com")
    );
}

BOOST_AUTO_TEST_CASE(a_delegation_gives_a_referral) {
    auto const referral =
        "NOERROR / given.example.com NS ns.example.net, given.example.com NS ns.example.org";
    BOOST_TEST(authoritative("given.example.com", txt) == referral);
    BOOST_TEST(authoritative("x.y.given.example.com", txt) == referral);
}

BOOST_AUTO_TEST_CASE(the_resolver_knows_only_the_zones_and_the_servers) {
    BOOST_TEST(recursive("a.b.example.com", txt) == "NOERROR ra | a.b.example.com TXT deep");
    BOOST_TEST(recursive("none.example.com", txt) == "NXDOMAIN ra / example.com " + soa);
    BOOST_TEST(
        recursive("ns1.digitalocean.com", a) ==
        "NOERROR ra | ns1.digitalocean.com A 127.53.0.1, ns1.digitalocean.com A 127.53.0.4"
    );
    BOOST_TEST(recursive("ns1.digitalocean.com", aaaa) == "NOERROR ra");
    BOOST_TEST(recursive("example.net", a) == "NXDOMAIN ra");
    // A name above an existing name exists.
    for (auto const* name : {"com", "digitalocean.com", "example", "."})
        BOOST_TEST(recursive(name, caa) == "NOERROR ra");
}

BOOST_AUTO_TEST_CASE(an_answer_repeats_the_querys_id_question_and_flags) {
    auto asked = dns::make_query({parsed("www.example.com"), a}, 4711, true);
    auto const m = authoritative_answer(published(), asked);
    BOOST_TEST(m.id == 4711);
    BOOST_TEST(m.response);
    BOOST_TEST(m.recursion_desired);
    BOOST_TEST(m.edns_size == 1232);
    BOOST_TEST((m.asked == asked.asked));
    asked.edns_size = 0;
    BOOST_TEST(authoritative_answer(published(), asked).edns_size == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_too_large_for_a_datagram_is_truncated) {
    for (int i = 0; i < 25; ++i)
        add("many", "TXT", std::string(43, 'x'));
    auto asked = query("many.example.com", txt);
    auto const sent = [&](std::uint16_t edns_size, bool over_tcp) {
        asked.edns_size = edns_size;
        auto const wire = encoded(authoritative_answer(published(), asked), asked, over_tcp);
        BOOST_TEST((over_tcp || wire.size() <= std::max<std::size_t>(512, edns_size)));
        return dns::from_wire(wire).value();
    };
    BOOST_TEST(shown(sent(0, false)) == "NOERROR aa tc");
    BOOST_TEST(shown(sent(100, false)) == "NOERROR aa tc");
    BOOST_TEST(shown(sent(1232, false)) == "NOERROR aa tc");
    BOOST_TEST(sent(4096, false).answer.size() == 25U);
    BOOST_TEST(sent(0, true).answer.size() == 25U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_cannot_be_encoded_becomes_servfail) {
    add("broken", "A", "no address");
    auto const asked = query("broken.example.com", a);
    auto const wire = encoded(authoritative_answer(published(), asked), asked, false);
    BOOST_TEST(shown(dns::from_wire(wire).value()) == "SERVFAIL");
}

BOOST_AUTO_TEST_SUITE_END()
