#include "cli/options/settings.hpp"

#include "base/text.hpp"
#include "caa/record.hpp"
#include "cli/options/options.hpp"
#include "cli/options/sources.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace acme_dns01::cli {

using digitalocean::per_page_max;

namespace {

constexpr auto default_file = "/etc/acme-dns01/acme-dns01.conf";
constexpr auto default_api = "https://api.digitalocean.com";
constexpr std::int64_t int32_max = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t port_max = std::numeric_limits<std::uint16_t>::max();

// One option and its texts: several only if it can be repeated.
struct given {
    std::string name; // "--ttl"
    std::vector<std::string> const& texts;

    std::string const& text() const { return texts.front(); }
    error is_not(std::string const& what) const {
        return usage_error(name + ": " + in_quotes(text(), 40) + " is not " + what);
    }
};

result<void> read(given const& g, std::string& into) {
    into = g.text();
    return {};
}

result<void> read(given const& g, std::optional<std::string>& into) {
    into = g.text();
    return {};
}

// In the configuration file a flag has a value.
result<void> read(given const& g, bool& into) {
    auto const text = lower(g.text());
    auto const is_one_of = [&](auto const& words) { return std::ranges::count(words, text) > 0; };
    into = is_one_of(std::array{"", "true", "yes", "on", "1"});
    if (into || is_one_of(std::array{"false", "no", "off", "0"})) return {};
    return g.is_not("true or false");
}

template <class T>
result<void> read_number(given const& g, T& into) {
    auto const number = number_in<T>(g.text());
    if (!number) return g.is_not("a number");
    into = *number;
    return {};
}

result<void> read(given const& g, std::optional<std::int64_t>& into) {
    return read_number(g, into.emplace());
}

template <class T>
result<void> read(given const& g, T& into, std::int64_t least, std::int64_t most) {
    std::int64_t number = 0;
    auto const is_number = read_number(g, number).has_value();
    if (!is_number || number < least || number > most) {
        return g.is_not("a number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    into = static_cast<T>(number);
    return {};
}

result<void> read(given const& g, std::optional<unsigned>& into, std::int64_t most) {
    return read(g, into.emplace(), 1, most);
}

// Times are bounded so that no sum of them can overflow a clock.
result<void> read(given const& g, seconds& into) {
    constexpr double most = 1'000'000;
    double number = 0;
    auto const is_number = read_number(g, number).has_value();
    if (!is_number || !(number >= 0 && number <= most)) return g.is_not("a number of seconds");
    into = seconds(number);
    return {};
}

result<void> read(given const& g, std::optional<seconds>& into) { return read(g, into.emplace()); }

result<void> read_settle(given const& g, std::optional<seconds>& into) {
    if (g.text() != "auto") return read(g, into);
    into.reset();
    return {};
}

// Sets whether the second of two words was given.
result<void> read(given const& g, bool& into, std::string const& first, std::string const& second) {
    into = g.text() == second;
    if (into || g.text() == first) return {};
    return g.is_not(first + " or " + second);
}

result<void> read(given const& g, challenge::asked_servers& into) {
    auto by_resolvers = false;
    auto const done = read(g, by_resolvers, "authoritative", "resolver");
    using enum challenge::asked_servers;
    into = by_resolvers ? resolvers : authoritative;
    return done;
}

// An empty list is a mistake, such as an unset variable of a script.
result<void> read_list(given const& g, std::vector<std::string>& into) {
    std::vector<std::string> all;
    for (auto const& text : g.texts) {
        auto const some = split(text, ", ");
        if (some.empty()) return usage_error(g.name + " is empty");
        std::ranges::copy(some, std::back_inserter(all));
    }
    into = std::move(all);
    return {};
}

result<void> read(given const& g, challenge::allow_list& into) {
    std::vector<std::string> patterns;
    auto const listed = read_list(g, patterns);
    if (!listed) return listed;
    auto allow = challenge::allow_list::parse(patterns);
    if (!allow) return allow.error();
    into = std::move(*allow);
    return {};
}

result<void> read(given const& g, std::vector<dns::endpoint>& into) {
    into.clear();
    for (auto const& text : g.texts) {
        auto const server = dns::parse_endpoint(text, 53);
        if (!server) return in_context(g.name, server.error());
        into.push_back(*server);
    }
    return {};
}

result<void> read(given const& g, net::base_url& into) {
    auto url = net::parse_base_url(g.text());
    if (!url) return url.error();
    into = std::move(*url);
    return {};
}

result<void> read_directory(given const& g, std::optional<net::base_url>& into) {
    auto done = read(g, into.emplace());
    if (done) return done;
    auto cause = in_context(g.name, done.error());
    cause.hint = directory_hint;
    return cause;
}

result<void> read(given const& g, std::optional<caa::issuer>& into) {
    auto known = caa::find_issuer(g.text());
    if (!known) return known.error();
    into = std::move(*known);
    return {};
}

result<void> read_default_issuer(given const& g, std::optional<caa::issuer>& into) {
    into.reset();
    if (g.text().empty()) return {};
    auto const done = read(g, into);
    return done ? done : in_context(g.name, done.error());
}

result<void> read_account_uri(given const& g, std::optional<std::string>& into) {
    if (caa::is_account_uri(g.text())) return read(g, into);
    auto refused = g.is_not("a URI");
    refused.hint = "give the URI that the CA returned when the account was created, such as "
                   "https://acme-v02.api.letsencrypt.org/acme/acct/1";
    return refused;
}

// RFC 8657 4 allows capitals, but no CA has a method with any.
result<void> read_method(given const& g, std::optional<std::string>& into) {
    if (caa::is_method_label(g.text()) && lower(g.text()) == g.text()) return read(g, into);
    auto refused = g.is_not("a validation method");
    refused.hint = "methods are dns-01, http-01, tls-alpn-01, dns-account-01 and dns-persist-01";
    return refused;
}

result<void> read_certbot_dir(given const& g, run_options& into) {
    if (g.text().empty()) return usage_error(g.name + " is empty");
    into.certbot = true;
    return read(g, into.certbot_dir);
}

result<void> read_address(given const& g, std::string& into) {
    boost::system::error_code ec;
    boost::asio::ip::make_address(g.text(), ec);
    auto const has_scope = g.text().find('%') != std::string::npos;
    return ec || has_scope ? g.is_not("an IPv4 or IPv6 address") : read(g, into);
}

result<void> read_elsewhere(given const&, settings&) { return {}; }

// Where the texts of each option go; --help and --version end before.
struct target {
    std::string_view option;
    result<void> (*read_into)(given const& g, settings& s);
};

constexpr target targets[]{
    {"config", read_elsewhere},
    {"token-file", read_elsewhere},
    {"account", [](auto& g, auto& s) { return read(g, s.account); }},
    {"allow", [](auto& g, auto& s) { return read(g, s.allow); }},
    {"api-url", [](auto& g, auto& s) { return read(g, s.api); }},
    {"ca-file", [](auto& g, auto& s) { return read(g, s.trust.ca_file); }},
    {"resolver", [](auto& g, auto& s) { return read(g, s.resolvers); }},
    {"dns-port", [](auto& g, auto& s) { return read(g, s.dns_port, 1, port_max); }},
    {"trust-anchor", [](auto& g, auto& s) { return read(g, s.trust_anchor); }},
    {"state-dir", [](auto& g, auto& s) { return read(g, s.state_dir); }},
    {"ttl", [](auto& g, auto& s) { return read(g, s.ttl, 30, int32_max); }},
    {"propagation-timeout", [](auto& g, auto& s) { return read(g, s.propagation_timeout); }},
    {"settle", [](auto& g, auto& s) { return read_settle(g, s.settle); }},
    {"grace", [](auto& g, auto& s) { return read(g, s.grace); }},
    {"require", [](auto& g, auto& s) { return read(g, s.require_all, "answering", "all"); }},
    {"propagation", [](auto& g, auto& s) { return read(g, s.propagation); }},
    {"caa-issuer", [](auto& g, auto& s) { return read_default_issuer(g, s.caa.issuer); }},
    {"deadline", [](auto& g, auto& s) { return read(g, s.deadline); }},
    {"json", [](auto& g, auto& s) { return read(g, s.output.json); }},
    {"quiet", [](auto& g, auto& s) { return read(g, s.output.quiet); }},
    {"verbose", [](auto& g, auto& s) { return read(g, s.output.verbose); }},
    {"no-wait", [](auto& g, auto& s) { return read(g, s.no_wait); }},
    {"issuer", [](auto& g, auto& s) { return read(g, s.caa.issuer); }},
    {"directory", [](auto& g, auto& s) { return read_directory(g, s.caa.directory); }},
    {"account-uri", [](auto& g, auto& s) { return read_account_uri(g, s.caa.account_uri); }},
    {"method", [](auto& g, auto& s) { return read_method(g, s.caa.method); }},
    {"wildcard-only", [](auto& g, auto& s) { return read(g, s.caa.wildcard_only); }},
    {"id", [](auto& g, auto& s) -> result<void> { return s.ids = g.texts, result<void>(); }},
    {"domain", [](auto& g, auto& s) { return read_list(g, s.run.domains); }},
    {"certbot", [](auto& g, auto& s) { return read(g, s.run.certbot); }},
    {"certbot-dir", [](auto& g, auto& s) { return read_certbot_dir(g, s.run); }},
    {"older-than", [](auto& g, auto& s) { return read(g, s.older_than); }},
    {"dry-run", [](auto& g, auto& s) { return read(g, s.dry_run); }},
    {"type", [](auto& g, auto& s) { return read(g, s.record.type); }},
    {"name", [](auto& g, auto& s) { return read(g, s.record.name); }},
    {"data", [](auto& g, auto& s) { return read(g, s.record.data); }},
    {"priority", [](auto& g, auto& s) { return read(g, s.record.priority); }},
    {"port", [](auto& g, auto& s) { return read(g, s.record.port); }},
    {"weight", [](auto& g, auto& s) { return read(g, s.record.weight); }},
    {"flags", [](auto& g, auto& s) { return read(g, s.record.flags); }},
    {"tag", [](auto& g, auto& s) { return read(g, s.record.tag); }},
    {"all", [](auto& g, auto& s) { return read(g, s.list.all); }},
    {"page", [](auto& g, auto& s) { return read(g, s.list.page.number, int32_max); }},
    {"per-page", [](auto& g, auto& s) { return read(g, s.list.page.per_page, per_page_max); }},
    {"ip-address", [](auto& g, auto& s) { return read_address(g, s.ip_address); }},
    {"yes", [](auto& g, auto& s) { return read(g, s.yes); }},
};

// In alphabetical order, in which issuer comes after caa-issuer and beats it.
result<void> read_all(option_texts const& from, settings& into) {
    for (auto const& [option, texts] : from) {
        auto const* const found = std::ranges::find(targets, option, &target::option);
        if (found == std::end(targets)) throw std::logic_error("--" + option + " is not read");
        if (texts.empty()) continue;
        auto const done = found->read_into({"--" + option, texts}, into);
        if (!done) return done.error();
    }
    return {};
}

std::string first_text(option_texts const& from, std::string_view option) {
    auto const found = from.find(option);
    return found == from.end() ? std::string() : found->second.front();
}

result<void> check_pairs(option_texts const& line) {
    constexpr std::pair<std::string_view, std::string_view> exclusive[] = {
        {"issuer", "directory"}, {"all", "page"}, {"all", "per-page"}};
    for (auto const& [one, other] : exclusive) {
        if (!line.contains(one) || !line.contains(other)) continue;
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
    s.api = net::parse_base_url(default_api).value();
    s.state_dir = default_state_dir(env);
    s.trust.cert_file = env.get("SSL_CERT_FILE").value_or("");
    s.trust.cert_dir = env.get("SSL_CERT_DIR").value_or("");
    return s;
}

// The file named with --config has to be there, the default one need not.
result<void> read_file(option_texts const& said, settings& into) {
    auto const is_named = said.contains("config");
    auto const file = is_named ? first_text(said, "config") : default_file;
    if (!is_named) {
        auto looked = look_for_configuration(file);
        into.warning = std::move(looked.warning);
        if (!looked.is_there) return {};
    }
    auto read = read_configuration(file);
    if (!read) return read.error();
    auto const done = read_all(read->options, into);
    if (!done) return in_file(file, done.error());
    into.configured_token_file = first_text(read->options, "token-file");
    into.accounts = std::move(read->accounts);
    return {};
}

result<void> check_account(settings const& s) {
    auto const is_there =
        std::ranges::count(s.accounts, s.account, &digitalocean::configured_account::name) > 0;
    if (s.account.empty() || is_there) return {};
    return usage_error(
        "--account: the configuration has no section [account " + printable(s.account, 80) + "]"
    );
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
    s.help = line->options.contains("help");
    s.version = line->options.contains("version");
    if (s.help || s.version) return s;
    for (auto const& o : command_options()) {
        if (line->options.contains(o.name)) s.command_options.emplace_back(o.name);
    }
    auto const pairs = check_pairs(line->options);
    if (!pairs) return pairs.error();
    auto const has_ttl = line->options.contains("ttl");
    // Later sources win: the file, then the environment, then the line.
    auto& said = line->options;
    said.merge(read_environment(env));
    auto const from_file = read_file(said, s);
    if (!from_file) return from_file.error();
    auto const from_user = read_all(said, s);
    if (!from_user) return from_user.error();
    s.token_file = first_text(said, "token-file");
    if (has_ttl) s.record.ttl = s.ttl;
    auto const account = check_account(s);
    if (!account) return account.error();
    return s;
}

} // namespace acme_dns01::cli
