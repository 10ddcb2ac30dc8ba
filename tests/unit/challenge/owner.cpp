#include "challenge/owner.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::challenge;
using journal::state;

namespace {

using keys = std::vector<std::int64_t>;

journal::run const ours{"certbot", {100, "boot:1"}, "example.com,www.example.com"};

journal::entry
row(std::int64_t key, std::int64_t remaining, state at = state::created, journal::run owner = ours
) {
    journal::entry e;
    e.key = key;
    e.remaining = remaining;
    e.at = at;
    e.owner = std::move(owner);
    return e;
}

keys picked(std::vector<journal::entry> const& outstanding) {
    keys found;
    for (auto const& e : records_of_order(outstanding, ours))
        found.push_back(e.key);
    return found;
}

void check(std::vector<journal::entry> const& outstanding, keys const& expected) {
    BOOST_TEST(picked(outstanding) == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(challenge_owner)

BOOST_AUTO_TEST_CASE(all_records_of_the_order_in_the_order_they_were_made) {
    check({}, {});
    check({row(1, 0)}, {1});
    check({row(1, 2), row(2, 1), row(3, 0)}, {1, 2, 3});
}

BOOST_AUTO_TEST_CASE(challenges_that_made_no_record_leave_gaps) {
    check({row(1, 7), row(2, 3), row(3, 1)}, {1, 2, 3});
}

BOOST_AUTO_TEST_CASE(an_earlier_order_of_the_run_that_failed_half_way_does_not_count) {
    check({row(1, 2), row(2, 2), row(3, 1), row(4, 0)}, {2, 3, 4});
    check({row(1, 2), row(2, 1), row(3, 2), row(4, 1), row(5, 0)}, {3, 4, 5});
    check({row(1, 2), row(2, 1), row(3, 0), row(4, 0)}, {4});
}

BOOST_AUTO_TEST_CASE(other_runs_do_not_count) {
    auto const other = [](auto change) {
        auto run = ours;
        change(run);
        return run;
    };
    journal::run const others[] = {
        other([](auto& r) { r.client = "present"; }),
        other([](auto& r) { r.process.pid = 101; }),
        other([](auto& r) { r.process.started = "boot:2"; }),
        other([](auto& r) { r.order = "example.net"; }),
    };
    for (auto const& owner : others) {
        BOOST_TEST_CONTEXT(
            owner.client << owner.process.pid << owner.process.started << owner.order
        ) {
            check(
                {row(1, 9, state::created, owner),
                 row(2, 1),
                 row(3, 1, state::created, owner),
                 row(4, 0),
                 row(5, 0, state::created, owner)},
                {2, 4}
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(rows_that_are_not_created_do_not_count) {
    check({row(1, 2, state::intended), row(2, 1), row(3, 0)}, {2, 3});
    check({row(1, 2), row(2, 1, state::removing), row(3, 0)}, {1, 3});
    check({row(1, 0, state::intended)}, {});
}

BOOST_AUTO_TEST_CASE(rows_that_are_not_created_still_part_one_order_from_the_next) {
    check({row(1, 1), row(2, 2, state::intended), row(3, 1), row(4, 0)}, {3, 4});
    check({row(1, 0), row(2, 0, state::removing)}, {});
}

BOOST_AUTO_TEST_SUITE_END()
