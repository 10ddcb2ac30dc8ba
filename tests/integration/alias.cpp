#include "dns/alias.hpp"

#include "base/text.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_zones.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_alias)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

using texts = std::vector<std::string>;

constexpr auto home_address = "127.53.9.1";
constexpr auto second_home_address = "127.53.9.2";
constexpr auto away_address = "127.53.9.3";
constexpr auto below_address = "127.53.9.4";

// What is the same in all tests, and these records.
std::vector<scripted_zone> zones_with(texts const& at_home, texts const& away) {
    scripted_zone home{
        "home.test",
        {home_address, second_home_address},
        {"home.test NS ns1.home.test",
         "home.test NS ns2.home.test",
         "ns1.home.test A 127.53.9.1",
         "ns2.home.test A 127.53.9.2",
         "www.home.test A 192.0.2.1"}};
    scripted_zone other{
        "away.test", {away_address}, {"away.test NS ns.away.test", "ns.away.test A 127.53.9.3"}};
    scripted_zone below{
        "below.home.test",
        {below_address},
        {"below.home.test NS ns.below.home.test",
         "ns.below.home.test A 127.53.9.4",
         "_acme-challenge.below.home.test CNAME low.away.test"}};
    home.records.insert(home.records.end(), at_home.begin(), at_home.end());
    other.records.insert(other.records.end(), away.begin(), away.end());
    return {home, other, below};
}

struct world {
    explicit world(std::vector<scripted_zone> const& all, script override = {})
        : server(override ? override : serving(all), addresses_for(all)) {}

    std::size_t asked_at(std::string_view address) const {
        auto const all = server.received();
        return static_cast<std::size_t>(std::ranges::count(all, address, &received_query::address));
    }

    // "<name> <name>", with " (wildcard)" behind it; or the error, the port left out.
    std::string aliases_of(std::string_view text) const {
        dns::resolver const r({server.endpoint()});
        auto const asked = dns::name::parse(text).value();
        auto const chain = run(dns::follow_aliases(r, asked, server.port()));
        if (!chain) {
            auto message = chain.error().message;
            auto const port = ":" + std::to_string(server.port());
            auto const at = message.find(port);
            return at == std::string::npos ? message : message.erase(at, port.size());
        }
        texts names;
        std::ranges::transform(chain->names, std::back_inserter(names), &dns::name::text);
        return joined(names, " ") + (chain->ends_at_wildcard ? " (wildcard)" : "");
    }

    // Names that the resolver was asked about.
    texts asked_of_resolver() const {
        texts names;
        for (auto const& q : server.received())
            if (q.address == "127.0.0.1") names.push_back(q.query.asked.asked.text());
        return names;
    }

    scripted_name_server server;
};

} // namespace

BOOST_AUTO_TEST_CASE(aliases_are_followed_to_their_target) {
    struct {
        std::string what;
        texts at_home;
        texts away;
        std::string expected;
    } const cases[] = {
        {"nothing there", {}, {}, ""},
        {"TXT there", {"_acme-challenge.www.home.test TXT value"}, {}, ""},
        {"one link", {"_acme-challenge.www.home.test CNAME x.away.test"}, {}, " x.away.test"},
        {"within the zone",
         {"_acme-challenge.www.home.test CNAME y.home.test", "y.home.test CNAME x.away.test"},
         {"x.away.test TXT value"},
         " y.home.test x.away.test"},
        {"there and back",
         {"_acme-challenge.www.home.test CNAME x.away.test"},
         {"x.away.test CNAME z.home.test"},
         " x.away.test z.home.test"},
        {"deep below a zone",
         {"_acme-challenge.www.home.test CNAME _acme-challenge.a.b.c.away.test"},
         {},
         " _acme-challenge.a.b.c.away.test"},
        {"by DNAME",
         {"www.home.test DNAME sites.away.test"},
         {},
         " _acme-challenge.sites.away.test"},
        {"by CNAME and DNAME",
         {"_acme-challenge.www.home.test CNAME a.b.home.test", "b.home.test DNAME c.away.test"},
         {"a.c.away.test CNAME d.away.test"},
         " a.b.home.test a.c.away.test d.away.test"},
        {"into a delegated zone",
         {"_acme-challenge.www.home.test CNAME _acme-challenge.below.home.test",
          "below.home.test NS ns.below.home.test"},
         {},
         " _acme-challenge.below.home.test low.away.test"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            world const w(zones_with(c.at_home, c.away));
            auto const name = std::string("_acme-challenge.www.home.test");
            BOOST_TEST(w.aliases_of(name) == name + c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_resolver_is_asked_about_a_name_of_the_chain) {
    world const w(zones_with(
        {"_acme-challenge.www.home.test CNAME _acme-challenge.a.away.test"},
        {"_acme-challenge.a.away.test CNAME z.away.test"}
    ));
    auto const chain = w.aliases_of("_acme-challenge.www.home.test");
    BOOST_TEST(std::ranges::count(chain, ' ') == 2);
    // Nor about one that need not exist, such as a.away.test.
    texts const expected{"home.test", "away.test"};
    for (auto const& name : w.asked_of_resolver()) {
        auto const is_zone = std::ranges::count(expected, name) > 0;
        BOOST_TEST((is_zone || name.starts_with("ns")), name);
    }
    BOOST_TEST(!w.asked_of_resolver().empty());
}

BOOST_AUTO_TEST_CASE(without_a_zone_the_resolver_is_asked_only_about_parent_names) {
    world const w(zones_with({}, {}), [](received_query const& q) {
        return std::vector<reply>{{answer_with_code(q, dns::response_code::noerror)}};
    });
    BOOST_TEST(
        w.aliases_of("_acme-challenge.a.b.test") ==
        "cannot find out whether _acme-challenge.a.b.test is an alias: the public DNS knows no "
        "zone for it"
    );
    texts const expected{"b.test", "a.b.test"};
    BOOST_TEST(w.asked_of_resolver() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_alias_from_a_wildcard_is_ignored) {
    texts const wildcard{"*.home.test CNAME x.away.test"};
    // The name in between exists, so that no wildcard reaches below it.
    world const w(zones_with(wildcard, {"*.away.test CNAME further.away.test"}));
    BOOST_TEST(w.aliases_of("_acme-challenge.home.test") == "_acme-challenge.home.test (wildcard)");
    BOOST_TEST(w.aliases_of("_acme-challenge.www.home.test") == "_acme-challenge.www.home.test");
    world const own(zones_with(
        {"*.home.test CNAME x.away.test", "_acme-challenge.home.test CNAME own.away.test"},
        {"*.away.test CNAME further.home.test"}
    ));
    BOOST_TEST(
        own.aliases_of("_acme-challenge.home.test") ==
        "_acme-challenge.home.test own.away.test (wildcard)"
    );
}

BOOST_AUTO_TEST_CASE(an_alias_loop_is_reported_with_its_names) {
    world const w(zones_with(
        {"_acme-challenge.home.test CNAME x.away.test", "y.home.test CNAME x.away.test"},
        {"x.away.test CNAME y.home.test"}
    ));
    BOOST_TEST(
        w.aliases_of("_acme-challenge.home.test") ==
        "the aliases of _acme-challenge.home.test lead in a circle: _acme-challenge.home.test -> "
        "x.away.test -> y.home.test -> x.away.test"
    );
    world const self(zones_with({"self.home.test CNAME self.home.test"}, {}));
    BOOST_TEST(
        self.aliases_of("self.home.test") ==
        "the aliases of self.home.test lead in a circle: self.home.test -> self.home.test"
    );
}

BOOST_AUTO_TEST_CASE(sixteen_links_are_followed_and_no_more) {
    texts links;
    for (int i = 0; i < 17; ++i) {
        links.push_back(
            "n" + std::to_string(i) + ".home.test CNAME n" + std::to_string(i + 1) + ".home.test"
        );
    }
    world const w(zones_with(links, {}));
    auto const sixteen = w.aliases_of("n1.home.test");
    BOOST_TEST(std::ranges::count(sixteen, ' ') == 16);
    BOOST_TEST(sixteen.ends_with(" n17.home.test"));
    BOOST_TEST(w.aliases_of("n0.home.test")
                   .starts_with(
                       "the aliases of n0.home.test are too many: n0.home.test -> n1.home.test -> "
                   ));
}

BOOST_AUTO_TEST_CASE(a_dname_that_points_below_itself_ends_with_an_error) {
    world const w(zones_with({"www.home.test DNAME a.www.home.test"}, {}));
    BOOST_TEST(w.aliases_of("x.www.home.test")
                   .starts_with("the aliases of x.www.home.test are "
                                "too many: x.www.home.test -> "));
}

BOOST_AUTO_TEST_CASE(a_server_without_a_useful_answer_is_skipped) {
    auto const all = zones_with({"_acme-challenge.home.test CNAME x.away.test"}, {});
    auto const honest = serving(all);
    struct {
        std::string what;
        script first;
    } const cases[] = {
        {"silence", [](auto const&) { return std::vector<reply>(); }},
        {"servfail",
         [](auto const& q) {
             return std::vector<reply>{{answer_with_code(q, dns::response_code::servfail)}};
         }},
        {"lame",
         [](auto const& q) {
             return std::vector<reply>{{answer_with_code(q, dns::response_code::noerror)}};
         }},
        {"loops", [](auto const& q) { return std::vector<reply>(40, {with_compression_loop(q)}); }},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            world const w(all, [&](received_query const& q) {
                return q.address == home_address ? c.first(q) : honest(q);
            });
            auto const found = w.aliases_of("_acme-challenge.home.test");
            BOOST_TEST(found == "_acme-challenge.home.test x.away.test");
            // About the name and about its random sibling, in the head start that it has. Until
            // patience ends, each would be asked about three times.
            BOOST_TEST(w.asked_at(home_address) <= 4U);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_is_reported_if_no_server_answers) {
    auto const all = zones_with({}, {});
    auto const honest = serving(all);
    world const w(all, [&](received_query const& q) {
        if (q.address == "127.0.0.1") return honest(q);
        return std::vector<reply>{{answer_with_code(q, dns::response_code::refused)}};
    });
    BOOST_TEST(
        w.aliases_of("_acme-challenge.home.test") ==
        "cannot find out whether _acme-challenge.home.test is an alias: name server 127.53.9.2 "
        "answered "
        "REFUSED without authority"
    );
    world const nowhere(zones_with({}, {}));
    BOOST_TEST(
        nowhere.aliases_of("_acme-challenge.nowhere.example") ==
        "looking up SOA of nowhere.example: resolver 127.0.0.1 answered REFUSED"
    );
}

BOOST_AUTO_TEST_SUITE_END()
