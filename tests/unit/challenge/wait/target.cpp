#include "challenge/wait/target.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_wait_target)

using namespace acme_dns01;
using namespace acme_dns01::challenge;

BOOST_AUTO_TEST_CASE(a_target_is_a_record_that_has_to_be_served) {
    journal::entry row;
    row.zone = dns::name::parse("example.com").value();
    row.fqdn = dns::name::parse("_acme-challenge.www.example.com").value();
    row.value = "value";
    auto const all = targets_of({row});
    BOOST_REQUIRE(all.size() == 1);
    BOOST_TEST((all[0] == target{row.zone, row.fqdn, "value", dns::record_type::txt}));
}

BOOST_AUTO_TEST_CASE(only_records_that_are_known_to_exist_are_outstanding_targets) {
    auto journal = journal::store::in_memory();
    journal::intent wanted;
    wanted.domain = "example.com";
    wanted.zone = dns::name::parse("example.com").value();
    wanted.fqdn = dns::name::parse("_acme-challenge.example.com").value();
    wanted.value = "value";
    auto const key = journal.intend(wanted).value();
    BOOST_TEST(outstanding_targets(journal).value().empty());
    BOOST_REQUIRE(journal.created(key, 7));
    BOOST_TEST((outstanding_targets(journal).value() == targets_of({journal.outstanding().value()}))
    );
    BOOST_TEST(outstanding_targets(journal).value().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
