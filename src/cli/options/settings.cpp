#include "cli/options/settings.hpp"

#include "base/text.hpp"
#include "caa/issuer.hpp"
#include "challenge/challenge.hpp"
#include "cli/options/command_line.hpp"
#include "cli/options/options.hpp"
#include "cli/options/settings_file.hpp"

#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace acme_dns01::cli {

namespace po = boost::program_options;
using values = po::variables_map;

namespace {

constexpr auto default_config = "/etc/acme-dns01/acme-dns01.conf";
constexpr auto words = "the words";
constexpr auto default_api = "https://api.digitalocean.com";

error usage(std::string message) {
    return {
        .kind = error_kind::usage,
        .message = std::move(message),
        .hint = "acme-dns01 --help lists commands and options",
    };
}

po::options_description line_options() {
    auto options = describe("", common_options());
    options.add(describe("", command_options()));
    // No option by itself: nobody can write a name with a blank.
    options.add_options()(words, po::value<std::vector<std::string>>());
    return options;
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

result<void> store_arguments(std::vector<std::string> const& arguments, values& into) {
    auto const options = line_options();
    po::positional_options_description positional;
    positional.add(words, -1);
    auto const style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    try {
        po::store(
            po::command_line_parser(arguments)
                .options(options)
                .positional(positional)
                .style(style)
                .extra_style_parser(challenge_value_first)
                .run(),
            into
        );
    } catch (po::error const& e) {
        return usage(printable(e.what(), 200));
    }
    return {};
}

void store_environment(environment const& env, values& into) {
    po::parsed_options parsed(nullptr);
    auto const options = describe("", common_options());
    parsed.description = &options;
    for (auto const& o : common_options()) {
        auto const text = o.variable.empty() ? std::nullopt : env.get(o.variable);
        if (!text) continue;
        auto const several = o.argument == takes::several;
        auto const texts = several ? split(*text, ", ") : std::vector<std::string>{*text};
        parsed.options.emplace_back(std::string(o.name), texts);
    }
    po::store(parsed, into);
}

std::string text_of(values const& from, char const* option, std::string otherwise = {}) {
    return from.count(option) == 0 ? std::move(otherwise) : from[option].as<std::string>();
}

std::map<std::string, std::string> own_options_in(values const& line) {
    std::map<std::string, std::string> own;
    auto const take = [&](option const& o) {
        std::string const name(o.name);
        if (line.count(name) == 0 || line[name].defaulted()) return;
        auto const is_text = o.argument == takes::one || o.argument == takes::perhaps_one;
        own[name] = is_text ? line[name].as<std::string>() : "";
    };
    std::ranges::for_each(command_options(), take);
    take({.name = "ttl", .argument = takes::one});
    return own;
}

bool is_set(values const& from, char const* option) {
    return from.count(option) != 0 && from[option].as<bool>();
}

// Times are bounded so that no sum of them can overflow a clock.
result<seconds> seconds_of(values const& from, char const* option, seconds otherwise) {
    if (from.count(option) == 0) return otherwise;
    auto const text = from[option].as<std::string>();
    constexpr double most = 1'000'000;
    auto const number = number_in<double>(text);
    if (number && *number >= 0 && *number <= most) return seconds(*number);
    return usage(
        "--" + std::string(option) + ": '" + printable(text, 40) + "' is no number of seconds"
    );
}

result<std::int64_t> integer_of(
    values const& from,
    char const* option,
    std::int64_t otherwise,
    std::int64_t least,
    std::int64_t most
) {
    if (from.count(option) == 0) return otherwise;
    auto const text = from[option].as<std::string>();
    auto const number = number_in<std::int64_t>(text);
    if (number && *number >= least && *number <= most) return *number;
    return usage(
        "--" + std::string(option) + ": '" + printable(text, 40) + "' is no number from " +
        std::to_string(least) + " to " + std::to_string(most)
    );
}

// Which of two words was said.
result<bool>
is_second(values const& from, char const* option, std::string_view first, std::string_view second) {
    auto const text = text_of(from, option, std::string(first));
    if (text == first || text == second) return text == second;
    return usage(
        "--" + std::string(option) + ": '" + printable(text, 40) + "' is neither " +
        std::string(first) + " nor " + std::string(second)
    );
}

result<void> read_witnesses(values const& from, settings& into) {
    auto const all = is_second(from, "require", "answering", "all");
    if (!all) return all.error();
    into.require_all = *all;
    auto const by_resolver = is_second(from, "propagation", "authoritative", "resolver");
    if (!by_resolver) return by_resolver.error();
    if (*by_resolver) into.propagation = challenge::witnesses::resolvers;
    return {};
}

result<void> read_times(values const& from, settings& into) {
    auto const timeout = seconds_of(from, "propagation-timeout", into.propagation_timeout);
    if (!timeout) return timeout.error();
    auto const grace = seconds_of(from, "grace", into.grace);
    if (!grace) return grace.error();
    auto const deadline = seconds_of(from, "deadline", into.deadline);
    if (!deadline) return deadline.error();
    into.propagation_timeout = *timeout;
    into.grace = *grace;
    into.deadline = *deadline;
    if (from.count("older-than") != 0) {
        auto const age = seconds_of(from, "older-than", seconds(0));
        if (!age) return age.error();
        into.older_than = *age;
    }
    if (text_of(from, "settle", "auto") == "auto") return {};
    auto const settle = seconds_of(from, "settle", seconds(0));
    if (!settle) return settle.error();
    into.settle = *settle;
    return {};
}

result<void> read_addresses(values const& from, settings& into) {
    auto api = net::parse_base_url(text_of(from, "api-url", default_api));
    if (!api) return api.error();
    into.api = std::move(*api);
    auto const port =
        integer_of(from, "dns-port", 53, 1, std::numeric_limits<std::uint16_t>::max());
    if (!port) return port.error();
    into.dns_port = static_cast<std::uint16_t>(*port);
    if (from.count("resolver") == 0) return {};
    for (auto const& text : from["resolver"].as<std::vector<std::string>>()) {
        auto const server = dns::parse_endpoint(text, 53);
        if (!server) return in_context("--resolver", server.error());
        into.resolvers.push_back(*server);
    }
    return {};
}

// An empty list was meant to name something.
result<std::vector<std::string>> list_of(values const& from, char const* option) {
    std::vector<std::string> all;
    if (from.count(option) == 0) return all;
    for (auto const& text : from[option].as<std::vector<std::string>>()) {
        auto const some = split(text, ", ");
        if (some.empty()) return usage("--" + std::string(option) + " names nothing");
        std::ranges::copy(some, std::back_inserter(all));
    }
    return all;
}

result<void> read_allow(values const& from, settings& into) {
    auto const patterns = list_of(from, "allow");
    if (!patterns) return patterns.error();
    if (patterns->empty()) return {};
    auto allow = challenge::allow_list::parse(*patterns);
    if (!allow) return allow.error();
    into.allow = std::move(*allow);
    return {};
}

result<void> read_issuer(values const& from, settings& into) {
    into.caa_issuer = text_of(from, "caa-issuer");
    if (into.caa_issuer.empty()) return {};
    auto const known = caa::find_issuer(into.caa_issuer);
    if (!known) return in_context("--caa-issuer", known.error());
    return {};
}

result<void> read_values(values const& from, settings& into) {
    auto const issuer = read_issuer(from, into);
    if (!issuer) return issuer.error();
    auto domains = list_of(from, "domain");
    if (!domains) return domains.error();
    into.domains = std::move(*domains);
    auto const allow = read_allow(from, into);
    if (!allow) return allow.error();
    auto const addresses = read_addresses(from, into);
    if (!addresses) return addresses.error();
    auto const times = read_times(from, into);
    if (!times) return times.error();
    auto const witnesses = read_witnesses(from, into);
    if (!witnesses) return witnesses.error();
    auto const ttl =
        integer_of(from, "ttl", into.ttl, 30, std::numeric_limits<std::int32_t>::max());
    if (!ttl) return ttl.error();
    into.ttl = *ttl;
    return {};
}

error in_file(std::string const& file, error cause) {
    cause.kind = error_kind::configuration;
    return in_context("the configuration file " + file, std::move(cause));
}

// The sections are no options: nobody can name them before they are there.
result<void> read_accounts(po::parsed_options const& parsed, settings& into) {
    for (auto const& o : parsed.options) {
        if (!o.unregistered) continue;
        auto const value = o.value.empty() ? std::string() : o.value.front();
        auto const added = digitalocean::add_setting(into.accounts, o.string_key, value);
        if (!added) return added.error();
    }
    for (auto const& account : into.accounts) {
        if (!account.token_file.empty()) continue;
        return usage("[account " + account.name + "] has no token-file");
    }
    return {};
}

result<void> store_file(std::string const& file, values& into, settings& read) {
    auto const content = config_text(file);
    if (!content) return content.error();
    std::istringstream text(*content);
    try {
        auto const options = describe("", file_options());
        auto const parsed = po::parse_config_file(text, options, true);
        auto const accounts = read_accounts(parsed, read);
        if (!accounts) return in_file(file, accounts.error());
        values alone;
        po::store(parsed, alone);
        settings unused;
        auto const checked = read_values(alone, unused);
        if (!checked) return in_file(file, checked.error());
        po::store(parsed, into);
    } catch (po::invalid_config_file_syntax const&) {
        // What the line says may be a token.
        return bad_config(file, "has a line that is no `name = value`");
    } catch (po::error const& e) {
        return bad_config(file, "does not parse: " + printable(e.what(), 200));
    }
    return {};
}

result<void> store_config(values& into, settings& read) {
    if (into.count("config") != 0) {
        return store_file(into["config"].as<std::string>(), into, read);
    }
    auto const by_default = look_for_config(default_config);
    read.warning = by_default.warning;
    if (!by_default.is_there) return {};
    return store_file(default_config, into, read);
}

std::string default_state_dir(environment const& env) {
    if (::geteuid() == 0) return "/var/lib/acme-dns01";
    if (auto const state = env.get("XDG_STATE_HOME")) return *state + "/acme-dns01";
    if (auto const home = env.get("HOME")) return *home + "/.local/state/acme-dns01";
    return {};
}

void read_plain(values const& from, environment const& env, settings& into) {
    if (from.count(words) != 0) into.words = from[words].as<std::vector<std::string>>();
    if (from.count("id") != 0) into.ids = from["id"].as<std::vector<std::string>>();
    into.no_wait = is_set(from, "no-wait");
    into.dry_run = is_set(from, "dry-run");
    into.json = is_set(from, "json");
    into.quiet = is_set(from, "quiet");
    into.verbose = is_set(from, "verbose");
    into.help = is_set(from, "help");
    into.version = is_set(from, "version");
    into.token_file = text_of(from, "token-file");
    into.account = text_of(from, "account");
    into.trust_anchor = text_of(from, "trust-anchor");
    into.state_dir = text_of(from, "state-dir", default_state_dir(env));
    into.trust.ca_file = text_of(from, "ca-file");
    into.trust.cert_file = env.get("SSL_CERT_FILE").value_or("");
    into.trust.cert_dir = env.get("SSL_CERT_DIR").value_or("");
}

} // namespace

manner manner_of(std::vector<std::string> const& arguments) {
    auto const all = unambiguous(arguments);
    auto const end = std::ranges::find(all, "--");
    auto const has = [&](auto const& option) { return std::count(all.begin(), end, option) > 0; };
    return {has("--json"), has("--quiet"), has("--verbose")};
}

result<settings> read_settings(std::vector<std::string> const& arguments, environment const& env) {
    values from;
    auto const line = unambiguous(arguments);
    auto const on_line = store_arguments(line, from);
    if (!on_line) return on_line.error();
    settings read;
    read.words_behind = words_behind_options(line);
    read.own = own_options_in(from);
    store_environment(env, from);
    read_plain(from, env, read);
    if (read.help || read.version) return read;
    auto const token_file = read.token_file;
    auto const in_file = store_config(from, read);
    if (!in_file) return in_file.error();
    read_plain(from, env, read);
    read.configured_token_file = std::exchange(read.token_file, token_file);
    auto const checked = read_values(from, read);
    if (!checked) return checked.error();
    auto const names =
        std::ranges::count(read.accounts, read.account, &digitalocean::configured_account::name);
    if (read.account.empty() || names > 0) return read;
    return usage(
        "--account: the configuration has no section [account " + printable(read.account, 80) + "]"
    );
}

} // namespace acme_dns01::cli
