#include "cli/output/exit_status.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using cli::exit_status_of;

BOOST_AUTO_TEST_SUITE(cli_exit_status)

BOOST_AUTO_TEST_CASE(every_kind_ends_in_the_status_that_was_promised) {
    struct {
        error_kind kind;
        int expected;
    } const cases[] = {
        {error_kind::unexpected, 1},      {error_kind::usage, 2},
        {error_kind::configuration, 3},   {error_kind::unauthorized, 4},
        {error_kind::zone_not_found, 5},  {error_kind::not_found, 5},
        {error_kind::caa_forbidden, 6},   {error_kind::not_propagated, 7},
        {error_kind::unreachable, 8},     {error_kind::untrusted, 8},
        {error_kind::no_answer, 8},       {error_kind::too_slow, 8},
        {error_kind::dns_failure, 8},     {error_kind::rate_limited, 8},
        {error_kind::server_error, 8},    {error_kind::rejected, 9},
        {error_kind::bad_answer, 9},      {error_kind::too_large, 9},
        {error_kind::problems_found, 10},
    };
    BOOST_TEST(std::size(cases) == static_cast<std::size_t>(error_kind::problems_found) + 1);
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(to_string(c.kind)) {
            BOOST_TEST(static_cast<int>(exit_status_of(c.kind)) == c.expected);
        }
    }
    BOOST_TEST(static_cast<int>(cli::exit_status::done) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
