#include "base/environment.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

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

BOOST_AUTO_TEST_SUITE(base_environment)

BOOST_AUTO_TEST_CASE(gives_what_is_set) {
    environment const env(variables{{"A", "1"}, {"B", " two "}});
    BOOST_TEST(env.get("A").value() == "1");
    BOOST_TEST(env.get("B").value() == " two ");
}

BOOST_AUTO_TEST_CASE(empty_and_absent_are_both_not_given) {
    environment const env(variables{{"A", ""}});
    BOOST_TEST(!env.get("A"));
    BOOST_TEST(!env.get("B"));
    BOOST_TEST(!env.get(""));
    BOOST_TEST(!environment().get("A"));
}

BOOST_AUTO_TEST_CASE(names_are_compared_whole_and_as_they_are) {
    environment const env(variables{{"DO_AUTH_TOKEN_FILE", "file"}});
    BOOST_TEST(!env.get("DO_AUTH_TOKEN"));
    BOOST_TEST(!env.get("do_auth_token_file"));
}

BOOST_AUTO_TEST_CASE(the_process_environment_is_taken_as_it_is_now) {
    {
        with_variable const set("a=b=c");
        BOOST_TEST(environment::of_this_process().get(variable).value() == "a=b=c");
    }
    BOOST_TEST(!environment::of_this_process().get(variable));
}

BOOST_AUTO_TEST_SUITE_END()
