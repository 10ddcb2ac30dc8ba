#include "support/outcome_check.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace acme_dns01::test {

void check_outcome(
    test::outcome const& got, int status, std::string const& out, std::string const& err
) {
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.out == out);
    BOOST_TEST(got.err == err);
}

test::outcome without_request(test::outcome got) {
    auto const begin = got.err.find(" (request ");
    if (begin != std::string::npos) got.err.erase(begin, got.err.find(')', begin) - begin + 1);
    return got;
}

std::size_t lines_in(std::string const& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

} // namespace acme_dns01::test
