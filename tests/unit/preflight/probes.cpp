#include "preflight/account.hpp"
#include "preflight/delegation.hpp"
#include "preflight/dnssec.hpp"
#include "preflight/name.hpp"
#include "preflight/persist.hpp"
#include "preflight/servers.hpp"

#include <boost/test/unit_test.hpp>

#include <ctime>
#include <functional>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(preflight_probes)

using namespace acme_dns01;
using namespace acme_dns01::preflight;
using boost::asio::ip::make_address;
using std::chrono::system_clock;

namespace {

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

// "warning dnssec: <message> | <evidence>".
std::string text_of(finding const& f) {
    return std::string(to_string(f.is)) + " " + std::string(to_string(f.check)) + ": " + f.message +
           " | " + f.evidence;
}

std::string first_of(findings const& all) { return all.empty() ? "" : text_of(all.front()); }

// A zone that all is well with: two servers, as the zone above has them.
zone_facts healthy() {
    zone_facts f{.zone = parsed("example.com")};
    f.above.status = dns::delegation_status::delegated;
    f.above.parent = parsed("com");
    dns::message const empty;
    f.own_ns = empty;
    for (auto const* host : {"ns1.example.com", "ns2.example.com"}) {
        auto const address = make_address(host[2] == '1' ? "203.1.1.1" : "203.1.1.2");
        f.above.hosts.push_back(parsed(host));
        f.above.glue.push_back({parsed(host), address});
        f.own_hosts.push_back(parsed(host));
        f.hosts.push_back({.host = parsed(host), .addresses = {address}});
    }
    return f;
}

std::string utc(system_clock::time_point at, char const* format) {
    auto const time = system_clock::to_time_t(at);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    char text[32];
    std::strftime(text, sizeof text, format, &parts);
    return text;
}

// A DS record for it, and a key and signatures that end then.
zone_facts signed_until(system_clock::time_point end) {
    auto f = healthy();
    f.ds.data = {{0x12, 0x34, 13, 2, 1, 2, 3}};
    f.ds.status = dns::dnssec::secure;
    f.soa.status = dns::dnssec::secure;
    dns::message keys;
    auto const zone = f.zone;
    keys.answer.push_back({zone, dns::record_type::dnskey, 60, "257 3 13 abcd="});
    auto const signature =
        "DNSKEY 13 2 60 " + utc(end, "%Y%m%d%H%M%S") + " 20260101000000 4660 example.com. abcd=";
    keys.answer.push_back({zone, dns::record_type::rrsig, 60, signature});
    f.keys = keys;
    return f;
}

auto const now = system_clock::now();
constexpr std::uint16_t real_port = 53;

} // namespace

BOOST_AUTO_TEST_CASE(addresses_that_nobody_reaches_are_told_from_public_ones) {
    for (auto const* address : {"192.0.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1", "11.0.0.1"})
        BOOST_TEST(is_public(make_address(address)), address);
    for (auto const* address :
         {"127.0.0.1",
          "10.1.2.3",
          "172.31.255.255",
          "192.168.0.1",
          "169.254.0.1",
          "100.64.0.1",
          "192.0.2.1",
          "224.0.0.1",
          "255.255.255.255",
          "::1",
          "fe80::1",
          "fd00::1",
          "2001:db8::1",
          "::ffff:8.8.8.8"})
        BOOST_TEST(!is_public(make_address(address)), address);
}

BOOST_AUTO_TEST_CASE(public_suffixes_are_those_of_the_icann_part) {
    struct {
        char const* name;
        char const* suffix; // empty: none
    } const cases[] = {
        {"com", "com"},
        {"co.uk", "co.uk"},
        {"kawasaki.jp", "kawasaki.jp"}, // above *.kawasaki.jp
        {"x.kawasaki.jp", "x.kawasaki.jp"},
        {"city.kawasaki.jp", ""}, // an exception of the list
        {"example.co.uk", ""},
        {"example.com", ""},
        {"github.io", ""}, // of a private company
        {"example.test", ""},
        {"xn--55qx5d.cn", "xn--55qx5d.cn"},
    };
    for (auto const& c : cases) {
        auto const found = public_suffix_at(parsed(c.name));
        BOOST_TEST((found ? found->text() : "") == c.suffix, c.name);
    }
}

BOOST_AUTO_TEST_CASE(the_clock_is_judged_by_the_date_of_an_answer) {
    struct {
        std::chrono::seconds ahead;
        std::string expected;
    } const cases[] = {
        {std::chrono::seconds(0), "ok clock: this host's clock agrees with the API's"},
        {std::chrono::seconds(59), "ok clock: this host's clock agrees with the API's"},
        {std::chrono::seconds(-61), "warning clock: this host's clock is 61 s behind the API's"},
        {std::chrono::hours(1), "error clock: this host's clock is 3600 s ahead of the API's"},
    };
    for (auto const& c : cases) {
        digitalocean::sighting seen;
        seen.server_time = system_clock::time_point(std::chrono::hours(100));
        seen.own_time = *seen.server_time + c.ahead;
        BOOST_TEST(text_of(check_clock("", seen)).starts_with(c.expected + " | here 1970-"));
    }
    BOOST_TEST(check_clock("", std::nullopt).is_skipped);
}

BOOST_AUTO_TEST_CASE(the_rate_limit_is_judged_by_what_is_needed) {
    struct {
        std::int64_t remaining;
        std::size_t needed;
        std::string expected;
    } const cases[] = {
        {4000, 100, "ok rate: 4000 of 5000 requests are left to the token of account a this hour"},
        {499,
         100,
         "warning rate: 499 of 5000 requests are left to the token of account a this hour"},
        {99,
         100,
         "error rate: 99 of 5000 requests are left to the token of account a this hour, and "
         "these "
         "domains take 100"},
    };
    for (auto const& c : cases) {
        digitalocean::sighting seen;
        seen.rate.remaining = c.remaining;
        seen.rate.limit = 5000;
        BOOST_TEST(text_of(check_rate("a", seen, c.needed)) == c.expected + " | ");
    }
}

BOOST_AUTO_TEST_CASE(scopes_that_are_missing_are_named) {
    services::account::token_origin const from{"", "DIGITALOCEAN_TOKEN", ""};
    struct {
        token_scopes has;
        std::string expected;
    } const cases[] = {
        {{true, true, true},
         "ok token: the token is accepted, and has domain:read, domain:create, domain:delete"},
        {{true, true, false}, "error token: the token lacks domain:delete"},
        {{false, false, std::nullopt}, "error token: the token lacks domain:read, domain:create"},
        {{true, std::nullopt, true},
         "warning token: the token is accepted, but whether it may create and remove records is "
         "not "
         "known"},
    };
    for (auto const& c : cases) {
        BOOST_TEST(
            text_of(check_scopes(from, c.has)) ==
            c.expected + " | the token comes from DIGITALOCEAN_TOKEN"
        );
    }
}

BOOST_AUTO_TEST_CASE(a_delegation_is_judged_by_names_and_addresses) {
    struct {
        std::string what;
        std::function<void(zone_facts&)> plant;
        std::string expected;
    } const cases[] = {
        {"healthy",
         [](auto&) {},
         "ok delegation: com delegates example.com by 2 name servers | ns1.example.com, "
         "ns2.example.com"},
        {"glue",
         [](auto& f) { f.above.glue[1].address = make_address("203.1.1.9"); },
         "warning delegation: the glue records for ns2.example.com in com differ from its own "
         "addresses | com has 203.1.1.9; ns2.example.com has 203.1.1.2"},
        {"one private address",
         [](auto& f) { f.hosts[0].addresses.push_back(make_address("10.0.0.1")); },
         "warning delegation: name server ns1.example.com has an address that no CA can reach | "
         "ns1.example.com: 10.0.0.1"},
        {"only private addresses",
         [](auto& f) {
             for (auto& h : f.hosts)
                 h.addresses = {make_address("127.0.0.1")};
             f.above.glue.clear();
         },
         "error delegation: name server ns1.example.com has only addresses that no CA can reach | "
         "ns1.example.com: 127.0.0.1"},
        {"an alias",
         [](auto& f) { f.hosts[0].alias_of = parsed("a.example.net"); },
         "warning delegation: name server ns1.example.com is an alias | ns1.example.com: CNAME "
         "a.example.net"},
        {"no resolver",
         [](auto& f) {
             f.above = {};
             f.own_hosts.clear();
             f.own_ns = error{.kind = error_kind::dns_failure, .message = "nothing answers"};
         },
         "error delegation: nothing answers | "},
    };
    for (auto const& c : cases) {
        auto f = healthy();
        c.plant(f);
        BOOST_TEST(first_of(check_delegation(f, real_port)) == c.expected, c.what);
    }
}

BOOST_AUTO_TEST_CASE(signatures_are_judged_by_what_validators_take) {
    using namespace std::chrono_literals;
    struct {
        std::string what;
        zone_facts facts;
        std::function<void(zone_facts&)> plant;
        std::string expected;
    } const cases[] = {
        {"unsigned",
         healthy(),
         [](auto&) {},
         "ok dnssec: example.com is not signed | there are no DS records for it"},
        {"signed",
         signed_until(now + 240h),
         [](auto&) {},
         "ok dnssec: the signatures of example.com are valid, for three days at least | DS 4660 "
         "with algorithm 13 and digest 2"},
        {"signed for two days",
         signed_until(now + 48h),
         [](auto&) {},
         "warning dnssec: signatures of example.com end within three days | the first ends on " +
             utc(now + 48h, "%Y-%m-%d %H:%M:%S UTC")},
        {"an unknown digest",
         signed_until(now + 240h),
         [](auto& f) { f.ds.data.front()[3] = 3; },
         "warning dnssec: the DS records of example.com have algorithms or digests that validators "
         "do not take: it counts as unsigned | DS 4660 with algorithm 13 and digest 3"},
        {"an algorithm of old",
         signed_until(now + 240h),
         [](auto& f) { f.ds.data.front()[2] = 1; },
         "warning dnssec: the DS records of example.com have algorithms or digests that validators "
         "do not take: it counts as unsigned | DS 4660 with algorithm 1 and digest 2"},
        {"many iterations",
         signed_until(now + 240h),
         [](auto& f) {
             dns::message m;
             m.answer.push_back({f.zone, dns::record_type::nsec3param, 0, "1 0 100 -"});
             f.nsec3 = m;
         },
         "warning dnssec: example.com has too many NSEC3 iterations: many validators count it as "
         "unsigned | NSEC3PARAM 1 0 100 -"},
        {"no proofs of absence",
         signed_until(now + 240h),
         [](auto& f) {
             auto& denial = f.denial.emplace();
             denial.status = dns::dnssec::bogus;
             denial.failure = "no NSEC";
         },
         "warning dnssec: validators refuse the answer that a name of example.com does not exist | "
         "no NSEC"},
        {"signers above an unsigned zone",
         signed_until(now + 240h),
         [](auto& f) {
             f.soa.status = dns::dnssec::bogus;
             f.soa.failure = "no keys";
             f.keys->answer.clear();
         },
         "error dnssec: validators refuse all answers of example.com: there are DS records for it, "
         "and it is not signed | DS 4660 with algorithm 13 and digest 2; no keys"},
    };
    for (auto const& c : cases) {
        auto f = c.facts;
        c.plant(f);
        BOOST_TEST(first_of(check_dnssec(f, true, now)) == c.expected, c.what);
    }
}

BOOST_AUTO_TEST_CASE(serial_numbers_wrap_around) {
    BOOST_TEST(is_behind(1, 2));
    BOOST_TEST(!is_behind(2, 2));
    BOOST_TEST(!is_behind(3, 2));
    BOOST_TEST(is_behind(4294967295U, 1));
    BOOST_TEST(!is_behind(1, 4294967295U));
}

BOOST_AUTO_TEST_CASE(a_standing_record_matters_as_much_as_the_method_needs_it) {
    using enum persist::verdict;
    struct {
        persist::verdict is;
        bool has_record;
        std::string of_dns_01;
        std::string of_persist;
    } const cases[] = {
        {valid, true, "ok", "ok"},
        {missing, false, "", "error"},
        {missing, true, "ok", "error"},
        {expired, true, "warning", "error"},
        {malformed, true, "warning", "error"},
        {forbidden, true, "warning", "error"},
        {persist::verdict::error, false, "warning", "error"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(to_string(c.is)) {
            persist::judgement j{.is = c.is, .reason = "the reason"};
            if (c.has_record) j.records.push_back({"letsencrypt.org; accounturi=x", c.is});
            auto const seen = [&](std::string const& method) {
                issuance how;
                how.method = method;
                auto const found = check_persist(j, how);
                return found.empty() ? std::string() : std::string(to_string(found.front().is));
            };
            BOOST_TEST(seen("dns-01") == c.of_dns_01);
            BOOST_TEST(seen("dns-persist-01") == c.of_persist);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_standing_record_that_ends_soon_is_a_warning) {
    auto const today = system_clock::to_time_t(system_clock::now());
    auto const seen = [&](std::int64_t until) {
        persist::judgement const j{
            .is = persist::verdict::valid,
            .reason = "which is good",
            .records = {{"letsencrypt.org; accounturi=x", persist::verdict::valid}},
            .valid_until = until};
        auto const found = check_persist(j, {});
        BOOST_TEST((found.front().standing_until == until));
        return text_of(found.front());
    };
    auto const told = std::string(" persist: which is good | \"letsencrypt.org; accounturi=x\"");
    BOOST_TEST(seen(today + 13 * 86400) == "warning" + told);
    BOOST_TEST(seen(today + 15 * 86400) == "ok" + told);
}

BOOST_AUTO_TEST_SUITE_END()
