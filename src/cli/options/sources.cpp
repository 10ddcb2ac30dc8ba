#include "cli/options/sources.hpp"

#include "base/file.hpp"
#include "base/shortage.hpp"
#include "base/text.hpp"
#include "challenge/challenge.hpp"
#include "cli/options/options.hpp"

#include <boost/program_options/parsers.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace acme_dns01::cli {

namespace po = boost::program_options;

namespace {

constexpr std::size_t shown_max = 200;
constexpr std::size_t file_max = 1024UL * 1024UL;

// The parsers' own messages are never used: what() of Boost 1.81 replaces placeholders until none
// is left, and never ends where the user's text contains one, such as %original_token%.
error unknown_option(std::string const& given, std::vector<std::string> const& arguments) {
    auto const name = given.substr(0, given.find('='));
    std::vector<std::string_view> names;
    for (auto const& options : {common_options(), command_options()})
        std::ranges::transform(options, std::back_inserter(names), &option::name);
    auto const near =
        nearest(name.substr(std::min(name.find_first_not_of('-'), name.size())), names);
    auto const hook = std::ranges::find(arguments, "hook");
    auto const is_hook = hook != arguments.end() && std::next(hook) != arguments.end();
    auto const whose = is_hook ? "'hook " + printable(*std::next(hook), 40) + "' has" : "there is";
    return usage_error(
        whose + " no option " + in_quotes(name, shown_max),
        near.empty() ? see_help : "did you mean --" + std::string(near) + "?"
    );
}

error misused_option(po::invalid_syntax const& e) {
    auto const name = in_quotes(e.get_option_name(), shown_max);
    auto const is_missing = e.kind() == po::invalid_syntax::missing_parameter ||
                            e.kind() == po::invalid_syntax::empty_adjacent_parameter;
    return usage_error(
        is_missing ? "the required argument for option " + name + " is missing"
                   : "option " + name + " does not take any arguments"
    );
}

// One challenge value in 64 begins with '-'. No option is 43 base64url characters long, so such a
// word is always a value.
std::vector<po::option> challenge_value_first(std::vector<std::string>& arguments) {
    if (!challenge::is_challenge_value(arguments.front())) return {};
    po::option value;
    value.value.push_back(arguments.front());
    value.original_tokens.push_back(arguments.front());
    arguments.erase(arguments.begin());
    return {value};
}

result<std::vector<po::option>> parsed(std::vector<std::string> const& arguments) {
    auto options = describe("", common_options());
    options.add(describe("", command_options()));
    auto const style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    try {
        return po::command_line_parser(arguments)
            .options(options)
            .style(style)
            .extra_style_parser(challenge_value_first)
            .run()
            .options;
    } catch (po::invalid_syntax const& e) {
        return misused_option(e);
    } catch (po::error_with_option_name const& e) {
        return unknown_option(e.get_option_name(), arguments);
    }
}

// False for an option that was there and cannot be repeated.
bool was_added(po::option const& given, option_texts& into) {
    auto& texts = into[given.string_key];
    if (!texts.empty() && !find_option(given.string_key)->is_repeatable()) return false;
    texts.push_back(given.value.empty() ? std::string() : given.value.front());
    return true;
}

// All common options but these three.
std::vector<option> settings_of_files() {
    std::vector<option> some(common_options().begin(), common_options().end());
    std::erase_if(some, [](option const& o) {
        return o.name == "config" || o.name == "help" || o.name == "version";
    });
    return some;
}

error bad_file(std::string const& file, std::string_view why, std::string hint = {}) {
    return {
        .kind = error_kind::configuration,
        .message = "the configuration file " + file + " " + std::string(why),
        .hint = std::move(hint),
    };
}

error unreadable(std::string const& file, int number) {
    std::error_code const why(number, std::generic_category());
    return unless_short(bad_file(file, "cannot be read: " + why.message()), why);
}

result<std::string> configuration_text(std::string const& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return unreadable(file, errno);
    if (S_ISDIR(status.st_mode)) return unreadable(file, EISDIR);
    auto const safe = check_owners("the configuration file", file);
    if (!safe) return safe.error();
    std::error_code ec;
    auto text = text_of_file(file, file_max, ec);
    if (ec == std::errc::file_too_large) return bad_file(file, "is larger than 1 MiB");
    if (ec) return unreadable(file, ec.value());
    return text;
}

result<configuration> sorted_settings(std::vector<po::option> const& all) {
    configuration read;
    for (auto const& o : all) {
        if (!o.unregistered) {
            if (was_added(o, read.options)) continue;
            return usage_error("'" + o.string_key + "' is set more than once");
        }
        auto const value = o.value.empty() ? std::string() : o.value.front();
        auto const added = digitalocean::add_setting(read.accounts, o.string_key, value);
        if (!added) return added.error();
    }
    for (auto const& account : read.accounts) {
        if (!account.token_file.empty()) continue;
        return usage_error("[account " + printable(account.name, 80) + "] has no token-file");
    }
    return read;
}

} // namespace

void end_options_at_hook(std::vector<std::string>& arguments) {
    constexpr std::array<std::string_view, 3> protocols{"dehydrated", "lego", "uacme"};
    auto const end = std::ranges::find(arguments, "--");
    auto const hook = std::find(arguments.begin(), end, "hook");
    if (hook == end || std::next(hook) == end) return;
    auto const name = std::next(hook);
    if (std::ranges::count(protocols, *name) > 0) arguments.insert(std::next(name), "--");
}

result<command_line> read_command_line(std::vector<std::string> arguments) {
    end_options_at_hook(arguments);
    auto const all = parsed(arguments);
    if (!all) return all.error();
    command_line line;
    auto const behind = arguments.end() - std::ranges::find(arguments, "--");
    line.words_behind = static_cast<std::size_t>(std::max(behind, 1L) - 1);
    for (auto const& o : *all) {
        if (o.original_tokens.size() > 1 && o.original_tokens[1] == "--") {
            return usage_error(
                "the required argument for option '--" + o.string_key + "' is missing"
            );
        } else if (o.string_key.empty()) {
            line.words.push_back(o.value.front());
        } else if (!was_added(o, line.options)) {
            return usage_error("option '--" + o.string_key + "' is given more than once");
        }
    }
    return line;
}

option_texts read_environment(environment const& env) {
    option_texts options;
    for (auto const& o : common_options()) {
        auto const text = o.variable.empty() ? std::nullopt : env.get(o.variable);
        if (!text) continue;
        options[std::string(o.name)] = o.is_repeatable() ? split(*text, ", ") : std::vector{*text};
    }
    return options;
}

error in_file(std::string const& file, error cause) {
    cause.kind = error_kind::configuration;
    return in_context("the configuration file " + file, std::move(cause));
}

result<configuration> read_configuration(std::string const& file) {
    auto const content = configuration_text(file);
    if (!content) return content.error();
    std::istringstream text(*content);
    try {
        auto const known = describe("", settings_of_files());
        auto read = sorted_settings(po::parse_config_file(text, known, true).options);
        if (!read) return in_file(file, read.error());
        return read;
    } catch (po::invalid_config_file_syntax const&) {
        // The line is not shown: it may be a token.
        return bad_file(file, "has a line that is not `name = value`");
    }
}

result<bool> configuration_exists(std::string const& file) {
    std::error_code ec;
    auto const is_there = std::filesystem::exists(file, ec);
    if (!ec) return is_there;
    return bad_file(
        file,
        "cannot be reached: " + ec.message() +
            "; if it exists, none of its settings apply, `allow` and `caa-issuer` included"
    );
}

} // namespace acme_dns01::cli
