#include "support/real_name_servers.hpp"

#include "base/text.hpp"
#include "dns/alias.hpp"
#include "dns/delegation.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_zones.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_real_name_servers)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

using texts = std::vector<std::string>;

constexpr auto upper_address = "127.53.10.1";
constexpr auto home_address = "127.53.10.2";

// home.test at one program, test and away.test at the other. What a resolver tells of them comes
// from a script.
struct world {
    explicit world(name_server_program home_program)
        : upper(
              other(home_program), upper_address, port, {{"test", in_test}, {"away.test", in_away}}
          )
        , home(home_program, home_address, port, {{"home.test", in_home()}}) {}

    static name_server_program other(name_server_program p) {
        using enum name_server_program;
        return p == knot ? nsd : knot;
    }

    static std::string in_home() {
        std::string lines = "@ NS ns\nns A 127.53.10.2\nwww A 192.0.2.1\n"
                            "_acme-challenge.www CNAME x.away.test.\n"
                            "sites DNAME sites.away.test.\n"
                            "wild A 192.0.2.1\n*.wild CNAME x.away.test.\n"
                            "_acme-challenge.circle CNAME circle.away.test.\n"
                            "circle A 192.0.2.1\n"
                            "deep NS ns.away.test.\n"
                            "few TXT \"one\" \"and more\"\n";
        for (int i = 0; i < 200; ++i)
            lines += "many TXT stale-value-number-" + std::to_string(i) + "\n";
        return lines + "many TXT " + value_a + "\n";
    }

    dns::resolver resolver() const { return dns::resolver({names.endpoint()}); }

    std::string aliases_of(std::string_view text) const {
        auto const r = resolver();
        auto const asked = dns::name::parse(text).value();
        auto const chain = run(dns::follow_aliases(r, asked, port));
        if (!chain) return chain.error().message;
        texts leads_to;
        std::ranges::transform(chain->names, std::back_inserter(leads_to), &dns::name::text);
        return joined(leads_to, " ") + (chain->ends_at_wildcard ? " (wildcard)" : "");
    }

    static constexpr auto in_test = "@ NS ns\nns A 127.53.10.1\n"
                                    "home NS ns.home\nns.home A 127.53.10.2\n"
                                    "away NS ns.away\nns.away A 127.53.10.1\n";
    static constexpr auto in_away = "@ NS ns\nns A 127.53.10.1\n"
                                    "circle CNAME _acme-challenge.circle.home.test.\n"
                                    "_acme-challenge.a.sites CNAME end\n";

    std::uint16_t port = free_port();
    real_name_server upper;
    real_name_server home;
    scripted_name_server names{serving(
        {{"test", {}, {"test NS ns.test", "ns.test A 127.53.10.1"}},
         {"home.test", {}, {"home.test NS ns.home.test", "ns.home.test A 127.53.10.2"}},
         {"away.test", {}, {"away.test NS ns.away.test", "ns.away.test A 127.53.10.1"}}}
    )};
};

auto const programs = {name_server_program::knot, name_server_program::nsd};

std::string to_string(name_server_program p) {
    return p == name_server_program::knot ? "home.test at Knot" : "home.test at NSD";
}

} // namespace

BOOST_AUTO_TEST_CASE(any_number_of_values_arrives_complete) {
    for (auto const program : programs) {
        BOOST_TEST_CONTEXT(to_string(program)) {
            world const w(program);
            auto const values = [&](std::string_view text) {
                auto const name = dns::name::parse(text).value();
                dns::question const asked{name, dns::record_type::txt};
                dns::ask_options const options;
                auto const m = run(dns::ask(w.home.endpoint(), asked, options));
                BOOST_REQUIRE(m);
                BOOST_TEST(m->authoritative);
                return dns::data_of(m->answer, dns::record_type::txt, name);
            };
            BOOST_TEST(
                values("few.home.test") == texts{"oneand more"}, boost::test_tools::per_element()
            );
            auto const many = values("many.home.test");
            BOOST_TEST(many.size() == 201U);
            BOOST_TEST(std::ranges::count(many, value_a) == 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(aliases_are_followed) {
    struct {
        std::string name;
        std::string expected;
    } const cases[] = {
        {"_acme-challenge.home.test", "_acme-challenge.home.test"},
        {"_acme-challenge.www.home.test", "_acme-challenge.www.home.test x.away.test"},
        {"_acme-challenge.a.sites.home.test",
         "_acme-challenge.a.sites.home.test _acme-challenge.a.sites.away.test end.away.test"},
        {"_acme-challenge.wild.home.test", "_acme-challenge.wild.home.test (wildcard)"},
        {"_acme-challenge.circle.home.test",
         "the aliases of _acme-challenge.circle.home.test lead in a circle: "
         "_acme-challenge.circle.home.test -> circle.away.test -> "
         "_acme-challenge.circle.home.test"},
    };
    for (auto const program : programs) {
        BOOST_TEST_CONTEXT(to_string(program)) {
            world const w(program);
            for (auto const& c : cases)
                BOOST_TEST(w.aliases_of(c.name) == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_delegation_is_found) {
    for (auto const program : programs) {
        BOOST_TEST_CONTEXT(to_string(program)) {
            world const w(program);
            auto const r = w.resolver();
            struct {
                std::string zone;
                dns::delegation_status expected;
            } const cases[] = {
                {"home.test", dns::delegation_status::delegated},
                // At the same server as the zone above.
                {"away.test", dns::delegation_status::delegated},
                {"deep.home.test", dns::delegation_status::delegated},
                {"www.home.test", dns::delegation_status::not_delegated},
                {"nowhere.home.test", dns::delegation_status::not_delegated},
                {"nowhere.test", dns::delegation_status::not_delegated},
            };
            for (auto const& c : cases) {
                auto const zone = dns::name::parse(c.zone).value();
                auto const found = run(dns::delegation_of(r, zone, w.port));
                BOOST_TEST((found.status == c.expected), c.zone);
            }
            auto const zone = dns::name::parse("home.test").value();
            auto const servers = run(dns::authoritative_servers(r, zone, w.port));
            BOOST_REQUIRE(servers);
            BOOST_REQUIRE(servers->servers.size() == 1U);
            BOOST_TEST(servers->servers.front().address == w.home.endpoint().address());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
