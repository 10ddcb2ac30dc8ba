#include "process/program.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using boost::test_tools::per_element;

BOOST_AUTO_TEST_SUITE(base_program)

BOOST_AUTO_TEST_CASE(a_program_is_looked_up_in_the_path) {
    BOOST_TEST(program_file("sh", "/nonexistent:/bin") == "/bin/sh");
    BOOST_TEST(program_file("./sh", "/bin") == "./sh");
    BOOST_TEST(program_file("sh", "") == "sh");
    BOOST_TEST(program_file("no-such-program", "/bin") == "no-such-program");
}

BOOST_AUTO_TEST_CASE(an_environment_is_a_list_of_entries) {
    std::vector<std::string> const expected{"A=", "B=c=d"};
    BOOST_TEST(entries_of({{"B", "c=d"}, {"A", ""}}) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(pointers_end_with_a_null) {
    std::vector<std::string> texts{"one", "two"};
    auto const pointers = pointers_to(texts);
    BOOST_REQUIRE(pointers.size() == 3U);
    BOOST_TEST(pointers[1] == "two");
    BOOST_TEST((pointers[2] == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
