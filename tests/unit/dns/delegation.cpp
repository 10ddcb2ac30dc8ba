#include "dns/delegation.hpp"

#include "support/run_awaitable.hpp"
#include "support/scripted_name_server.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(dns_delegation)

using namespace acme_dns01;
using namespace acme_dns01::dns;

namespace {

name parsed(std::string_view text) { return name::parse(text).value(); }

record ns(std::string_view owner, std::string const& host) {
    return {parsed(owner), record_type::ns, 60, host};
}

record soa(std::string_view owner) {
    return {parsed(owner), record_type::soa, 60, "a.example. b.example. 1 2 3 4 5"};
}

constexpr auto no_error = response_code::noerror;
constexpr auto no_such_name = response_code::nxdomain;

} // namespace

BOOST_AUTO_TEST_CASE(what_a_server_above_says_about_a_zone) {
    struct {
        std::string what;
        response_code code;
        bool authoritative;
        std::vector<record> answer;
        std::vector<record> authority;
        delegation_status expected;
    } const cases[] = {
        {"referral", no_error, false, {}, {ns("a.example", "ns.b")}, delegation_status::delegated},
        {"serves both",
         no_error,
         true,
         {ns("a.example", "ns.b")},
         {},
         delegation_status::delegated},
        {"a cache", no_error, false, {ns("a.example", "ns.b")}, {}, delegation_status::unknown},
        {"NXDOMAIN", no_such_name, true, {}, {soa("example")}, delegation_status::not_delegated},
        {"no NS there", no_error, true, {}, {soa("example")}, delegation_status::not_delegated},
        {"not its word", no_such_name, false, {}, {soa("example")}, delegation_status::unknown},
        {"the zone's own word", no_error, true, {}, {soa("a.example")}, delegation_status::unknown},
        {"a negative answer without an SOA record",
         no_such_name,
         true,
         {},
         {},
         delegation_status::unknown},
        {"another's word", no_such_name, true, {}, {soa("b.example")}, delegation_status::unknown},
        {"upwards", no_error, false, {}, {ns("example", "ns.b")}, delegation_status::unknown},
        {"another zone",
         no_error,
         false,
         {},
         {ns("b.example", "ns.b")},
         delegation_status::unknown},
        {"SERVFAIL",
         response_code::servfail,
         true,
         {},
         {soa("example")},
         delegation_status::unknown},
        {"REFUSED",
         response_code::refused,
         false,
         {},
         {ns("a.example", "x")},
         delegation_status::unknown},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            message m;
            m.code = c.code;
            m.authoritative = c.authoritative;
            m.answer = c.answer;
            m.authority = c.authority;
            BOOST_TEST((delegation_status_in(m, parsed("a.example")) == c.expected));
        }
    }
}

BOOST_AUTO_TEST_CASE(hosts_are_those_of_the_zone_and_not_too_many) {
    std::vector<record> records{
        ns("b.example", "other.example"),
        soa("a.example"),
        ns("a.example", "no_name..at.all"),
        ns("a.example", "z.example"),
        ns("a.example", "y.example"),
    };
    std::vector<name> const expected{parsed("z.example"), parsed("y.example")};
    BOOST_TEST((hosts_of(records, parsed("a.example")) == expected));
    for (int i = 0; i < 100; ++i)
        records.push_back(ns("a.example", "x" + std::to_string(i) + ".example"));
    BOOST_TEST(hosts_of(records, parsed("a.example")).size() == hosts_max);
}

// As the DNS of one customer's domain may have it.
BOOST_AUTO_TEST_CASE(a_zone_with_thousands_of_addresses_has_a_bound) {
    using test::received_query;
    int count = 0;
    test::scripted_name_server const server([&](received_query const& q) {
        auto m = test::answer_to(q);
        for (int i = 0; i < 100; ++i, ++count) {
            auto const number = std::to_string(count / 250) + "." + std::to_string(count % 250);
            auto const is_v4 = q.query.asked.type == record_type::a;
            auto const address = (is_v4 ? "10.0." : "::10.0.") + number;
            m.answer.push_back({q.query.asked.asked, q.query.asked.type, 60, address});
        }
        return std::vector<test::reply>{{test::encoded(m)}};
    });
    std::vector<name> hosts;
    for (int i = 0; i < 32; ++i)
        hosts.push_back(parsed("ns" + std::to_string(i) + ".example"));
    resolver const r({server.endpoint()});
    std::vector<name> const one{hosts.front()};
    auto const of_one = test::run(addresses_of(r, one, r.limit()));
    BOOST_TEST(of_one.value().size() == 2 * addresses_of_host_max);
    auto const of_all = test::run(addresses_of(r, hosts, r.limit()));
    BOOST_TEST(of_all.value().size() == addresses_of_zone_max);
}

BOOST_AUTO_TEST_CASE(the_root_is_called_so) {
    BOOST_TEST(shown(name()) == "the root zone");
    BOOST_TEST(shown(parsed("example.com")) == "example.com");
    resolver const nobody({});
    auto const found = test::run(own_servers(nobody, name(), nobody.limit()));
    BOOST_TEST(
        found.error().message == "the name servers of the root zone cannot be found: looking up "
                                 "NS of the root zone: there is no resolver"
    );
}

BOOST_AUTO_TEST_SUITE_END()
