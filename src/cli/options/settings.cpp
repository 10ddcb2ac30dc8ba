#include "cli/options/settings.hpp"

#include "base/text.hpp"
#include "cli/options/options.hpp"
#include "cli/options/sources.hpp"
#include "cli/options/values.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace acme_dns01::cli {

namespace {

std::string first_text(option_texts const& from, std::string_view option) {
    auto const found = from.find(option);
    return found == from.end() ? std::string() : found->second.front();
}

// For `persist` a directory says more than who the CA is.
result<void> check_pairs(option_texts const& line, bool is_persist) {
    constexpr std::pair<std::string_view, std::string_view> exclusive[] = {
        {"issuer", "directory"},
        {"all", "page"},
        {"all", "per-page"},
        {"account-uri", "account-file"}};
    for (auto const& [one, other] : exclusive) {
        if (!line.contains(one) || !line.contains(other)) continue;
        if (is_persist && one == "issuer") continue;
        return usage_error(
            "--" + std::string(one) + " and --" + std::string(other) + " cannot be used together"
        );
    }
    return {};
}

std::string default_state_dir(environment const& env) {
    if (::geteuid() == 0) return "/var/lib/acme-dns01";
    if (auto const state = env.get("XDG_STATE_HOME")) return *state + "/acme-dns01";
    if (auto const home = env.get("HOME")) return *home + "/.local/state/acme-dns01";
    return {};
}

settings defaults(environment const& env) {
    settings s;
    s.accounts.api = net::parse_base_url("https://api.digitalocean.com").value();
    s.state_dir = default_state_dir(env);
    s.output.colours = env.get("NO_COLOR").value_or("").empty();
    s.accounts.trust.cert_file = env.get("SSL_CERT_FILE").value_or("");
    s.accounts.trust.cert_dir = env.get("SSL_CERT_DIR").value_or("");
    return s;
}

// The file named with --config has to be there, the default one need not.
result<void> read_file(option_texts const& said, settings& into) {
    auto const is_named = said.contains("config");
    auto const file = is_named ? first_text(said, "config") : "/etc/acme-dns01/acme-dns01.conf";
    if (!is_named) {
        auto const is_there = configuration_exists(file);
        if (!is_there) into.warning = is_there.error().message;
        if (!is_there || !*is_there) return {};
    }
    auto read = read_configuration(file);
    if (!read) return read.error();
    auto const done = read_values(read->options, into);
    if (!done) return in_file(file, done.error());
    into.accounts.configured_token_file = first_text(read->options, "token-file");
    into.accounts.sections = std::move(read->accounts);
    return {};
}

std::string same_place(option_texts const& said) {
    std::string line;
    for (auto const* option :
         {"config", "state-dir", "token-file", "account", "api-url", "ca-file"}) {
        if (said.contains(option))
            line += " --" + std::string(option) + " " + shell_word(first_text(said, option));
    }
    return line;
}

result<void> check_account(services::account_settings const& s, bool is_in_file) {
    using section = digitalocean::configured_account;
    auto const is_there = std::ranges::count(s.sections, s.account, &section::name) > 0;
    if (s.account.empty() || is_there) return {};
    auto unknown = usage_error(
        "--account: the configuration has no section [account " + printable(s.account, 80) + "]"
    );
    if (is_in_file) unknown.kind = error_kind::configuration;
    return unknown;
}

} // namespace

output_options output_options_in(std::vector<std::string> arguments) {
    end_options_at_hook(arguments);
    auto const end = std::ranges::find(arguments, "--");
    auto const has = [&](auto const& option) {
        return std::count(arguments.begin(), end, option) > 0;
    };
    return {has("--json"), has("--quiet"), has("--verbose")};
}

result<settings> read_settings(std::vector<std::string> const& arguments, environment const& env) {
    auto line = read_command_line(arguments);
    if (!line) return line.error();
    auto s = defaults(env);
    s.words = std::move(line->words);
    s.words_behind = line->words_behind;
    s.version = line->options.contains("version");
    if (s.version) return s;
    for (auto const& o : command_options()) {
        if (line->options.contains(o.name)) s.command_options.emplace_back(o.name);
    }
    auto const is_persist = !s.words.empty() && s.words.front() == "persist";
    auto const pairs = check_pairs(line->options, is_persist);
    if (!pairs) return pairs.error();
    auto const has_ttl = line->options.contains("ttl");
    // Later sources win: the file, then the environment, then the line.
    auto& said = line->options;
    said.merge(read_environment(env));
    auto const from_file = read_file(said, s);
    if (!from_file) return from_file.error();
    auto const from_user = read_values(said, s);
    if (!from_user) return from_user.error();
    s.accounts.token_file = first_text(said, "token-file");
    s.same_place = same_place(said);
    if (has_ttl) s.record.ttl = s.ttl;
    auto const account = check_account(s.accounts, !said.contains("account"));
    if (!account) return account.error();
    return s;
}

} // namespace acme_dns01::cli
