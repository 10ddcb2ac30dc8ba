#pragma once

#include <boost/test/unit_test.hpp>

namespace acme_dns01::test {

// For tests of a host with several addresses: skips them unless `localhost` is both ::1 and
// 127.0.0.1.
boost::test_tools::assertion_result localhost_has_two_addresses(boost::unit_test::test_unit_id test
);

} // namespace acme_dns01::test
