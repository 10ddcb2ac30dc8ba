#include "cli/options/options.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(cli_options)

using namespace acme_dns01::cli;

BOOST_AUTO_TEST_CASE(every_option_has_a_name_of_its_own_and_a_text) {
    std::set<std::string_view> names;
    for (auto const& options : {common_options(), command_options()}) {
        for (auto const& o : options) {
            BOOST_TEST_CONTEXT(o.name) {
                BOOST_TEST(names.insert(o.name).second);
                BOOST_TEST(!o.text.empty());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_environment_says_what_was_promised) {
    std::map<std::string_view, std::string_view> const promised{
        {"config", "ACME_DNS01_CONFIG"},
        {"token-file", "ACME_DNS01_TOKEN_FILE"},
        {"api-url", "ACME_DNS01_API_URL"},
        {"resolver", "ACME_DNS01_RESOLVER"},
        {"dns-port", "ACME_DNS01_DNS_PORT"},
        {"trust-anchor", "ACME_DNS01_TRUST_ANCHOR"},
        {"state-dir", "ACME_DNS01_STATE_DIR"},
    };
    std::map<std::string_view, std::string_view> found;
    for (auto const& options : {common_options(), command_options()}) {
        for (auto const& o : options) {
            if (!o.variable.empty()) found[o.name] = o.variable;
        }
    }
    BOOST_TEST((found == promised));
}

BOOST_AUTO_TEST_CASE(there_is_no_option_for_a_secret) {
    for (auto const& o : common_options()) {
        BOOST_TEST_CONTEXT(o.name) { BOOST_TEST(o.name != "token"); }
    }
}

BOOST_AUTO_TEST_CASE(an_option_is_found_by_its_whole_name) {
    BOOST_TEST(find_option("ttl")->placeholder == "<s>");
    BOOST_TEST(find_option("id")->is_repeatable());
    BOOST_TEST(!find_option("ttl")->is_repeatable());
    for (auto const* none : {"tt", "token", "", "--ttl"}) {
        BOOST_TEST((find_option(none) == nullptr));
    }
}

BOOST_AUTO_TEST_CASE(a_description_shows_title_names_placeholders_and_texts) {
    option const some[] = {
        {"plain", "", "does it"},
        {"file", "<file>", "names it"},
        {"help", "", "this text"},
    };
    std::ostringstream text;
    text << describe("Some", some);
    BOOST_TEST(
        text.str() == "Some:\n"
                      "  --plain               does it\n"
                      "  --file <file>         names it\n"
                      "  -h [ --help ]         this text\n"
    );
}

BOOST_AUTO_TEST_SUITE_END()
