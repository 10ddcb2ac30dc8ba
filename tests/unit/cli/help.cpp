#include "cli/help.hpp"

#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/options.hpp"
#include "cli/options/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <sstream>

BOOST_AUTO_TEST_SUITE(cli_help)

using namespace acme_dns01;
using cli::help_page;

namespace {

using texts = std::vector<std::string>;

texts lines_of(std::string const& page) {
    texts lines;
    std::istringstream text(page);
    for (std::string line; std::getline(text, line);)
        lines.push_back(line);
    return lines;
}

void check_extent(std::string const& page, std::size_t lines_max, std::size_t width) {
    auto const lines = lines_of(page);
    BOOST_TEST(lines.size() <= lines_max);
    for (auto const& line : lines)
        BOOST_TEST(line.size() <= width, line);
}

bool has(std::string const& page, std::string const& part) {
    return page.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(help_is_asked_for_in_many_ways) {
    constexpr auto value = "LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ";
    struct {
        texts line;
        texts words;
        bool is_command = false;
    } const cases[] = {
        {{"--help"}, {}},
        {{"help"}, {}, true},
        {{"help", "caa", "check"}, {"caa", "check"}, true},
        {{"--json", "help", "options"}, {"options"}, true},
        {{"caa", "-h"}, {"caa"}},
        {{"--config", "help", "status", "--help"}, {"status"}},
        {{"present", "example.com", value, "--help"}, {"present", "example.com", value}},
        {{"hook", "dehydrated", "--help"}, {"hook", "dehydrated"}},
        {{"run", "--frob", "--help", "--", "certbot"}, {"run"}},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(joined(c.line, " ")) {
            auto const asked = cli::help_asked_for(c.line);
            BOOST_REQUIRE(asked.has_value());
            BOOST_TEST(asked->words == c.words);
            BOOST_TEST(asked->is_command == c.is_command);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_clients_own_arguments_ask_for_no_help) {
    texts const lines[] = {
        {"run", "--", "certbot", "--help"},
        {"hook", "dehydrated", "request_failure", "400", "--help", "post"},
        {"present", "help"},
        {"status"},
        {},
    };
    for (auto const& line : lines)
        BOOST_TEST(!cli::help_asked_for(line).has_value(), joined(line, " "));
}

BOOST_AUTO_TEST_CASE(the_overview_names_every_command_on_one_screen) {
    auto const page = *help_page({}, 80);
    check_extent(page, 60, 80);
    for (auto const& c : cli::commands())
        BOOST_TEST(has(page, "\n  " + std::string(c.name) + " "), c.name);
    BOOST_TEST(has(page, "\n  help options "));
}

BOOST_AUTO_TEST_CASE(the_page_of_a_command_fits_24_lines) {
    for (auto const& c : cli::commands()) {
        BOOST_TEST_CONTEXT(c.name) {
            auto const page = *help_page(split(c.name, " "), 80);
            check_extent(page, 24, 80);
            check_extent(*help_page(split(c.name, " "), 79), 24, 79);
            BOOST_TEST(page.starts_with("usage: acme-dns01 " + std::string(c.name)));
            BOOST_TEST(has(page, "\nexample:\n  " + std::string(c.example) + "\n"));
            for (auto const& own : split(c.own_options, " "))
                BOOST_TEST(has(page, "\n  --" + own + " "), own);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_example_can_be_typed) {
    for (auto const& c : cli::commands()) {
        if (!c.example.starts_with("acme-dns01 ")) continue;
        BOOST_TEST_CONTEXT(c.example) {
            auto words = split(c.example, " \\\n");
            words.erase(words.begin());
            auto const line = cli::read_command_line(words);
            BOOST_REQUIRE(line.has_value());
            BOOST_REQUIRE(cli::find_command(line->words) != nullptr);
            BOOST_TEST(cli::find_command(line->words)->name == c.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_page_of_the_options_has_all_of_them) {
    auto const page = *help_page({"options"}, 80);
    check_extent(page, 60, 80);
    for (auto const& o : cli::common_options()) {
        BOOST_TEST(has(page, "\n  --" + std::string(o.name)), o.name);
        BOOST_TEST(has(page, std::string(o.variable)), o.variable);
    }
}

BOOST_AUTO_TEST_CASE(a_page_reads_well_and_folds_at_a_narrow_terminal) {
    BOOST_TEST(
        *help_page({"record", "list"}, 80) ==
        "usage: acme-dns01 record list <domain> [--name <name>] [--type <type>] [--all |\n"
        "        --page <n> --per-page <n>]\n"
        "\n"
        "Lists the zone's records. --name and --type select some.\n"
        "\n"
        "example:\n"
        "  acme-dns01 record list example.com --type TXT\n"
        "\n"
        "options:\n"
        "  --name <name>         such as www, or @ for the domain itself\n"
        "  --type <type>         A, AAAA, CAA, CNAME, MX, NS, SRV or TXT\n"
        "  --all                 all pages\n"
        "  --page <n>            this page; default 1\n"
        "  --per-page <n>        entries per page, 1 to 200; default 20\n"
        "\n"
        "`acme-dns01 help options` shows the options of every command.\n"
    );
    BOOST_TEST(
        *help_page({"caa"}, 50) == "usage: acme-dns01 caa <command> [<argument>...] [<option>...]\n"
                                   "\n"
                                   "  caa check             checks whether CAA permits\n"
                                   "                        this CA to issue\n"
                                   "  caa show              shows the CAA records that\n"
                                   "                        apply\n"
                                   "  caa allow             creates the CAA records\n"
                                   "                        that are missing\n"
                                   "\n"
                                   "`acme-dns01 help caa <command>` shows how it is\n"
                                   "used.\n"
    );
    BOOST_TEST(!help_page({"frobnicate"}, 80).has_value());
}

BOOST_AUTO_TEST_CASE(the_width_is_the_terminals_within_bounds) {
    BOOST_TEST(cli::help_width(std::nullopt) == 80);
    BOOST_TEST(cli::help_width("60") == 60);
    BOOST_TEST(cli::help_width("200") == 80);
    BOOST_TEST(cli::help_width("1") == 40);
    BOOST_TEST(cli::help_width("wide") == 80);
}

BOOST_AUTO_TEST_CASE(every_option_of_single_commands_is_some_commands) {
    std::string all;
    for (auto const& c : cli::commands())
        all += std::string(c.own_options) + " ";
    auto const named = split(all, " ");
    for (auto const& o : cli::command_options()) {
        BOOST_TEST_CONTEXT(o.name) { BOOST_TEST(std::ranges::count(named, o.name) > 0); }
    }
    for (auto const& name : named) {
        BOOST_TEST_CONTEXT(name) {
            auto const known = cli::command_options();
            BOOST_TEST(std::ranges::count(known, name, &cli::option::name) == 1);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
