#include "cli/options/command_line.hpp"

#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::cli;

namespace {

using texts = std::vector<std::string>;

std::string made_of(std::string const& line) { return joined(unambiguous(split(line, " ")), " "); }

} // namespace

BOOST_AUTO_TEST_SUITE(cli_command_line)

BOOST_AUTO_TEST_CASE(options_end_where_a_client_begins) {
    struct {
        std::string line;
        std::string expected;
    } const cases[] = {
        {"--json hook lego present --json", "--json hook lego -- present --json"},
        {"hook uacme", "hook uacme --"},
        {"hook dehydrated -- a", "hook dehydrated -- -- a"},
        {"hook acmesh-add name value --no-wait", "hook acmesh-add name value --no-wait"},
        {"hook", "hook"},
        {"run -- sh hook lego --json", "run -- sh hook lego --json"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.line) { BOOST_TEST(made_of(c.line) == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(certbots_folder_is_told_from_a_command_by_its_slash) {
    struct {
        std::string line;
        std::string expected;
    } const cases[] = {
        {"run --certbot -- /bin/certbot", "run --certbot -- /bin/certbot"},
        {"--certbot run -- certbot", "--certbot run -- certbot"},
        {"run --certbot", "run --certbot"},
        {"run --certbot --ca-file=/ca -- a", "run --certbot --ca-file=/ca -- a"},
        {"run --certbot /srv/le --json -- a", "run --certbot=/srv/le --json -- a"},
        {"run --certbot ./le -- a", "run --certbot=./le -- a"},
        {"run --certbot=le -- a --certbot /b", "run --certbot=le -- a --certbot /b"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.line) { BOOST_TEST(made_of(c.line) == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(what_stands_behind_two_dashes_is_counted) {
    BOOST_TEST(words_behind_options({"run", "--", "certbot", "--", "renew"}) == 3U);
    BOOST_TEST(words_behind_options({"run", "--"}) == 0U);
    BOOST_TEST(words_behind_options({"run", "certbot"}) == 0U);
    BOOST_TEST(words_behind_options({}) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
