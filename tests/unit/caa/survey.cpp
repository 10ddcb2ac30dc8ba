#include "caa/survey.hpp"

#include "support/caa_levels.hpp"
#include "support/challenge_services.hpp"
#include "support/scripted_name_server.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_survey)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using namespace acme_dns01::test;

namespace {

// A resolver behind which the domains are named after what their CAA records permit Let's Encrypt.
std::vector<reply> records_named_by(received_query const& q) {
    auto const& name = q.query.asked.asked;
    if (name == name_of("broken.test"))
        return {{answer_with_code(q, dns::response_code::servfail)}};
    auto m = answer_to(q);
    m.recursion_available = true;
    auto const add = [&](std::string_view domain, std::string const& data) {
        if (name == name_of(domain) && q.query.asked.type == dns::record_type::caa)
            m.answer.push_back({name, dns::record_type::caa, 60, data});
    };
    add("all.test", R"(0 issue "letsencrypt.org")");
    add("nothing.test", R"(0 issue "ca.example")");
    add("wildcard.test", R"(0 issue "ca.example")");
    add("wildcard.test", R"(0 issuewild "letsencrypt.org")");
    if (m.answer.empty()) {
        m.authority.push_back(
            {name_of("test"), dns::record_type::soa, 60, "ns.example. host.example. 1 2 3 4 5"}
        );
    }
    return {{encoded(m)}};
}

// Surveys by way of one resolver: the scripted one, unless another is given.
struct surveyor {
    explicit surveyor(std::optional<dns::endpoint> resolver = {})
        : all({.resolver = resolver.value_or(server.endpoint())}) {
        notes = all.notes_and_warnings;
        notes.progress = [this](std::string const& step) { steps.push_back(step); };
    }

    result<std::vector<checked>> decide(texts const& domains) {
        std::vector<request> requests;
        for (auto const& domain : domains)
            requests.push_back(make_request(domain, letsencrypt()).value());
        return all.run(decide_all(all.dns, requests, notes));
    }

    // The first failure.
    result<void> check(texts const& domains) {
        auto const permitted = all.run(check_permission(all.dns, letsencrypt(), domains, notes));
        BOOST_TEST(permitted.size() == domains.size());
        auto const refused = std::ranges::find_if_not(permitted, &result<void>::has_value);
        return refused == permitted.end() ? result<void>() : *refused;
    }

    std::ptrdiff_t questions_about(std::string_view domain) const {
        dns::question const asked{name_of(domain), dns::record_type::caa};
        return std::ranges::count(server.received(), asked, [](received_query const& q) {
            return q.query.asked;
        });
    }

    scripted_name_server server{records_named_by};
    challenge_services all;
    acme_dns01::log notes;
    texts steps;
};

std::string const broken_warning =
    "broken.test: cannot determine whether CAA permits Let's Encrypt to issue: the CAA look-up for "
    "broken.test got no usable answer, so nothing permits issuance (BR 3.2.2.8): SERVFAIL: no name "
    "server gave a usable answer";

} // namespace

BOOST_AUTO_TEST_CASE(decisions_come_in_the_order_of_the_requests) {
    surveyor s;
    auto const found = s.decide({"wildcard.test", "all.test", "*.wildcard.test", "nothing.test"});
    BOOST_REQUIRE(found);
    texts verdicts;
    for (auto const& c : *found)
        verdicts.push_back(domain_of(c.asked) + " " + std::string(to_string(c.decided.is)));
    texts const expected{
        "wildcard.test forbidden",
        "all.test permitted",
        "*.wildcard.test permitted",
        "nothing.test forbidden",
    };
    BOOST_TEST(verdicts == expected, boost::test_tools::per_element());
    for (auto const& c : *found) {
        BOOST_REQUIRE(c.climb.size() == 2U);
        BOOST_TEST(c.climb.front().node.text() == c.asked.domain.text());
    }
}

BOOST_AUTO_TEST_CASE(a_wildcard_shares_the_look_ups_of_its_domain) {
    surveyor s;
    auto const found = s.decide({"*.all.test", "nothing.test", "all.test"});
    BOOST_REQUIRE(found);
    BOOST_TEST((found->front().climb == found->back().climb));
    texts const steps{"1 of 2 domains looked up", "2 of 2 domains looked up"};
    BOOST_TEST(s.steps == steps, boost::test_tools::per_element());
    BOOST_TEST(s.questions_about("all.test") == 1);
}

BOOST_AUTO_TEST_CASE(levels_come_in_the_order_of_the_domains) {
    surveyor s;
    std::vector const domains{name_of("wildcard.test"), name_of("all.test")};
    auto const climbs = s.all.run(look_up_all(s.all.dns, domains, s.notes));
    BOOST_REQUIRE(climbs);
    BOOST_REQUIRE(climbs->size() == 2U);
    BOOST_TEST(climbs->front().front().node.text() == "wildcard.test");
    BOOST_TEST(climbs->front().front().records.size() == 2U);
    BOOST_TEST(climbs->back().front().node.text() == "all.test");
    BOOST_TEST(climbs->back().front().records.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_first_forbidden_domain_is_an_error) {
    surveyor s;
    auto const permission = s.check({"all.test", "nothing.test", "nothing.below.nothing.test"});
    BOOST_REQUIRE(!permission);
    BOOST_TEST(
        whole_text(permission.error()) ==
        "caa_forbidden: nothing.test: CAA forbids Let's Encrypt to issue: nothing.test has CAA 0 "
        "issue \"ca.example\", and no issue record names letsencrypt.org (RFC 8659 4.2): add CAA 0 "
        "issue \"letsencrypt.org\" at nothing.test, or run: acme-dns01 caa allow nothing.test "
        "--issuer letsencrypt.org"
    );
    BOOST_TEST(s.all.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_domain_that_is_permitted_for_the_wildcard_only_passes) {
    for (auto const* domain : {"wildcard.test", "*.wildcard.test", "*.all.test"}) {
        BOOST_TEST_CONTEXT(domain) {
            surveyor s;
            BOOST_TEST(bool(s.check({domain})));
            BOOST_TEST(s.all.warnings.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_verdict_that_cannot_be_determined_is_a_warning) {
    surveyor s;
    BOOST_TEST(bool(s.check({"broken.test", "all.test"})));
    BOOST_TEST(s.all.warnings == texts{broken_warning}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_domain_after_an_undetermined_one_can_still_be_forbidden) {
    surveyor s;
    auto const permission = s.check({"broken.test", "nothing.test"});
    BOOST_REQUIRE(!permission);
    BOOST_TEST(to_string(permission.error().kind) == "caa_forbidden");
    BOOST_TEST(permission.error().message.starts_with("nothing.test: "));
    BOOST_TEST(s.all.warnings == texts{broken_warning}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_resolver_there_is_no_decision_but_a_warning) {
    surveyor s(dns::parse_endpoint("127.0.0.1:1", 53).value()); // no server listens there
    auto const found = s.decide({"all.test"});
    BOOST_REQUIRE(!found);
    BOOST_TEST(to_string(found.error().kind) == "dns_failure");
    BOOST_TEST(bool(s.check({"nothing.test"})));
    texts const expected{"cannot determine whether CAA permits Let's Encrypt to issue: the "
                         "resolver 127.0.0.1:1 cannot be reached: Connection refused"};
    BOOST_TEST(s.all.warnings == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_not_a_domain_is_an_error_before_anything_is_asked) {
    surveyor s;
    auto const permission = s.check({"all.test", "192.0.2.1"});
    BOOST_REQUIRE(!permission);
    BOOST_TEST(to_string(permission.error().kind) == "usage");
    BOOST_TEST(s.server.received().empty());
}

BOOST_AUTO_TEST_SUITE_END()
