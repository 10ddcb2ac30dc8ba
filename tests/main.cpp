#define BOOST_TEST_MODULE acme_dns01
#include <boost/test/unit_test.hpp>
