#include "base/environment.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

BOOST_AUTO_TEST_SUITE(base_environment)

using acme_dns01::environment;

namespace {

using variables = std::map<std::string, std::string>;

constexpr auto variable = "ACME_DNS01_TEST_OF_ENVIRONMENT";

struct with_variable {
    explicit with_variable(char const* value) { ::setenv(variable, value, 1); }
    with_variable(with_variable const&) = delete;
    with_variable& operator=(with_variable const&) = delete;
    ~with_variable() { ::unsetenv(variable); }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_set_variable_is_found) {
    environment const env(variables{{"A", "1"}, {"B", " two "}});
    BOOST_TEST(env.get("A").value() == "1");
    BOOST_TEST(env.get("B").value() == " two ");
}

BOOST_AUTO_TEST_CASE(empty_and_unset_variables_are_both_not_given) {
    environment const env(variables{{"A", ""}});
    BOOST_TEST(!env.get("A"));
    BOOST_TEST(!env.get("B"));
    BOOST_TEST(!env.get(""));
    BOOST_TEST(!environment().get("A"));
}

BOOST_AUTO_TEST_CASE(names_are_compared_whole_and_case_sensitively) {
    environment const env(variables{{"DO_AUTH_TOKEN_FILE", "file"}});
    BOOST_TEST(!env.get("DO_AUTH_TOKEN"));
    BOOST_TEST(!env.get("do_auth_token_file"));
}

BOOST_AUTO_TEST_CASE(the_environment_is_the_one_of_this_process) {
    {
        with_variable const set("a=b=c");
        BOOST_TEST(environment::of_this_process().get(variable).value() == "a=b=c");
    }
    BOOST_TEST(!environment::of_this_process().get(variable));
}

BOOST_AUTO_TEST_SUITE_END()
