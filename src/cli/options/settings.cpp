#include "cli/options/settings.hpp"

#include "base/text.hpp"
#include "caa/record.hpp"
#include "cli/options/options.hpp"
#include "cli/options/sources.hpp"
#include "persist/directory.hpp"
#include "persist/time.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace acme_dns01::cli {

using digitalocean::per_page_max;

namespace {

constexpr std::int64_t int32_max = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t port_max = std::numeric_limits<std::uint16_t>::max();

// Of one option: several only if it can be repeated.
using texts = std::vector<std::string>;

error is_not(texts const& given, std::string const& what, std::string hint = see_help) {
    return usage_error(in_quotes(given.front(), 40) + " is not " + what, std::move(hint));
}

result<void> read(texts const& given, std::string& into) {
    into = given.front();
    return {};
}

// In the configuration file a flag has a value.
result<void> read(texts const& given, bool& into) {
    auto const text = lower(given.front());
    auto const is_one_of = [&](auto const& words) { return std::ranges::count(words, text) > 0; };
    into = is_one_of(std::array{"", "true", "yes", "on", "1"});
    if (into || is_one_of(std::array{"false", "no", "off", "0"})) return {};
    return is_not(given, "true or false");
}

result<void> read(texts const& given, std::int64_t& into) {
    auto const number = number_in<std::int64_t>(given.front());
    into = number.value_or(0);
    return number ? result<void>() : is_not(given, "a number");
}

template <class T>
result<void> read(texts const& given, T& into, std::int64_t least, std::int64_t most) {
    auto const number = number_in<std::int64_t>(given.front());
    if (!number || *number < least || *number > most) {
        auto const range = std::to_string(least) + " to " + std::to_string(most);
        return is_not(given, "a number from " + range);
    }
    into = static_cast<T>(*number);
    return {};
}

// Times are bounded so that no sum of them can overflow a clock.
template <class Rep, class Period>
result<void> read(texts const& given, std::chrono::duration<Rep, Period>& into) {
    constexpr double most = 1'000'000;
    auto const number = number_in<double>(given.front());
    if (!number || !(*number >= 0 && *number <= most)) return is_not(given, "a number of seconds");
    into = std::chrono::duration_cast<std::chrono::duration<Rep, Period>>(seconds(*number));
    return {};
}

// Sets whether the second of two words was given.
result<void>
read(texts const& given, bool& into, std::string const& first, std::string const& second) {
    into = given.front() == second;
    if (into || given.front() == first) return {};
    return is_not(given, first + " or " + second);
}

// An empty list is a mistake, such as an unset variable of a script.
result<void> read_list(texts const& given, std::vector<std::string>& into) {
    into.clear();
    for (auto const& text : given) {
        auto const some = split(text, ", ");
        if (some.empty()) return usage_error("the value is empty");
        std::ranges::copy(some, std::back_inserter(into));
    }
    return {};
}

template <class T>
result<void> keep(result<T> read, T& into) {
    if (!read) return read.error();
    into = std::move(*read);
    return {};
}

result<void> read(texts const& given, challenge::allow_list& into) {
    std::vector<std::string> patterns;
    auto const listed = read_list(given, patterns);
    return listed ? keep(challenge::allow_list::parse(patterns), into) : listed;
}

result<void> read(texts const& given, std::vector<dns::endpoint>& into) {
    into.clear();
    for (auto const& text : given) {
        auto const done = keep(dns::parse_endpoint(text, 53), into.emplace_back());
        if (!done) return done;
    }
    return {};
}

result<void> read(texts const& given, net::base_url& into) {
    return keep(net::parse_base_url(given.front()), into);
}

result<void> read(texts const& given, caa::issuer& into) {
    return keep(caa::find_issuer(given.front()), into);
}

template <class T>
result<void> read(texts const& given, std::optional<T>& into) {
    return read(given, into.emplace());
}

// Nothing stands for `none`.
template <class T>
result<void> read_unless(std::string_view none, texts const& given, std::optional<T>& into) {
    into.reset();
    return given.front() == none ? result<void>() : read(given, into);
}

result<void> read_directory(texts const& given, std::optional<net::base_url>& into) {
    auto const done = read(given, into);
    if (done) return done;
    auto cause = done.error();
    cause.hint = directory_hint;
    return cause;
}

result<void> read_account_uri(texts const& given, std::optional<std::string>& into) {
    constexpr auto hint = "give the URI that the CA returned when the account was created, such as "
                          "https://acme-v02.api.letsencrypt.org/acme/acct/1";
    return caa::is_account_uri(given.front()) ? read(given, into) : is_not(given, "a URI", hint);
}

// RFC 8657 4 allows capitals, but no CA has a method with any.
result<void> read_method(texts const& given, std::optional<std::string>& into) {
    auto const& method = given.front();
    if (caa::is_method_label(method) && lower(method) == method) return read(given, into);
    constexpr auto hint = "use dns-01, http-01, tls-alpn-01, dns-account-01 or dns-persist-01";
    return is_not(given, "a validation method", hint);
}

result<void> read_until(texts const& given, std::optional<std::int64_t>& into) {
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    auto const since_1970 = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    return keep(persist::parse_until(given.front(), since_1970), into.emplace());
}

result<void> read_form(texts const& given, std::optional<persist::form>& into) {
    auto is_hash = false;
    auto const done = read(given, is_hash, "uri", "hash");
    if (done) into = is_hash ? persist::form::hash : persist::form::uri;
    return done;
}

result<void> read_thumbprint(texts const& given, std::string& into) {
    constexpr auto hint = "give the 43 base64url characters of the account key's thumbprint, such "
                          "as acme.sh prints as ACCOUNT_THUMBPRINT";
    if (persist::is_thumbprint(given.front())) return read(given, into);
    return is_not(given, "the thumbprint of a key", hint);
}

result<void> read_hash_prefix(texts const& given, std::string& into) {
    constexpr auto hint = "give the CA's meta.accountHashPrefix, or its --directory";
    if (persist::is_hash_prefix(given.front())) return read(given, into);
    return is_not(given, "the beginning of a URI", hint);
}

// "2027-03-15", its first moment in UTC, or "2027-03-15T12:00:00Z".
result<void>
read_moment(texts const& given, std::optional<std::chrono::system_clock::time_point>& into) {
    constexpr auto hint = "write 2027-03-15, or 2027-03-15T12:00:00Z";
    auto const text =
        given.front().find('T') == std::string::npos ? given.front() + "T00:00:00Z" : given.front();
    std::tm parts{};
    auto const* const rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    if (rest == nullptr || *rest != '\0') return is_not(given, "a date (RFC 3339)", hint);
    into = std::chrono::system_clock::from_time_t(::timegm(&parts));
    return {};
}

result<void> read_certbot_dir(texts const& given, run_options& into) {
    if (given.front().empty()) return usage_error("the value is empty");
    into.certbot = true;
    return read(given, into.certbot_dir);
}

result<void> read_days(texts const& given, std::optional<double>& into) {
    constexpr double most = 36'500;
    into = number_in<double>(given.front());
    return into && *into >= 0 && *into <= most ? result<void>() : is_not(given, "a number of days");
}

result<void> read_file_name(texts const& given, std::string& into) {
    return given.front().empty() ? usage_error("the value is empty") : read(given, into);
}

result<void> read_address(texts const& given, std::string& into) {
    boost::system::error_code ec;
    boost::asio::ip::make_address(given.front(), ec);
    auto const has_scope = given.front().find('%') != std::string::npos;
    return ec || has_scope ? is_not(given, "an IPv4 or IPv6 address") : read(given, into);
}

// Where the texts of each option go; --version ends before.
struct target {
    std::string_view option;
    result<void> (*read_into)(texts const& given, settings& s);
};

constexpr target targets[]{
    {"config", [](auto&, auto&) { return result<void>(); }},     // read before
    {"help", [](auto&, auto&) { return result<void>(); }},       // answered before
    {"token-file", [](auto&, auto&) { return result<void>(); }}, // each source has its own
    {"account", [](auto& t, auto& s) { return read(t, s.accounts.account); }},
    {"allow", [](auto& t, auto& s) { return read(t, s.allow); }},
    {"api-url", [](auto& t, auto& s) { return read(t, s.accounts.api); }},
    {"ca-file", [](auto& t, auto& s) { return read(t, s.accounts.trust.ca_file); }},
    {"resolver", [](auto& t, auto& s) { return read(t, s.resolvers.configured); }},
    {"dns-port", [](auto& t, auto& s) { return read(t, s.resolvers.dns_port, 1, port_max); }},
    {"trust-anchor", [](auto& t, auto& s) { return read(t, s.resolvers.trust_anchor); }},
    {"state-dir", [](auto& t, auto& s) { return read(t, s.state_dir); }},
    {"ttl", [](auto& t, auto& s) { return read(t, s.ttl, 30, int32_max); }},
    {"propagation-timeout", [](auto& t, auto& s) { return read(t, s.patience.timeout); }},
    {"settle", [](auto& t, auto& s) { return read_unless("auto", t, s.patience.settle); }},
    {"grace", [](auto& t, auto& s) { return read(t, s.patience.grace); }},
    {"require",
     [](auto& t, auto& s) { return read(t, s.patience.require_all, "answering", "all"); }},
    {"propagation",
     [](auto& t, auto& s) {
         return read(t, s.resolvers.asks_authoritative, "resolver", "authoritative");
     }},
    {"caa-issuer", [](auto& t, auto& s) { return read_unless("", t, s.caa.issuer); }},
    {"deadline", [](auto& t, auto& s) { return read(t, s.accounts.deadline); }},
    {"json", [](auto& t, auto& s) { return read(t, s.output.json); }},
    {"quiet", [](auto& t, auto& s) { return read(t, s.output.quiet); }},
    {"verbose", [](auto& t, auto& s) { return read(t, s.output.verbose); }},
    {"no-wait", [](auto& t, auto& s) { return read(t, s.no_wait); }},
    {"issuer", [](auto& t, auto& s) { return read(t, s.caa.issuer); }},
    {"directory", [](auto& t, auto& s) { return read_directory(t, s.caa.directory); }},
    {"account-uri", [](auto& t, auto& s) { return read_account_uri(t, s.caa.account_uri); }},
    {"method", [](auto& t, auto& s) { return read_method(t, s.caa.method); }},
    {"account-file", [](auto& t, auto& s) { return read_file_name(t, s.persist.account_file); }},
    {"wildcard", [](auto& t, auto& s) { return read(t, s.persist.wildcard); }},
    {"until", [](auto& t, auto& s) { return read_until(t, s.persist.until); }},
    {"form", [](auto& t, auto& s) { return read_form(t, s.persist.form); }},
    {"thumbprint", [](auto& t, auto& s) { return read_thumbprint(t, s.persist.thumbprint); }},
    {"hash-prefix", [](auto& t, auto& s) { return read_hash_prefix(t, s.persist.hash_prefix); }},
    {"reusable", [](auto& t, auto& s) { return read(t, s.persist.reusable); }},
    {"at", [](auto& t, auto& s) { return read_moment(t, s.caa.at); }},
    {"write-test", [](auto& t, auto& s) { return read(t, s.write_test); }},
    {"wildcard-only", [](auto& t, auto& s) { return read(t, s.caa.wildcard_only); }},
    {"id", [](auto& t, auto& s) -> result<void> { return s.ids = t, result<void>(); }},
    {"domain", [](auto& t, auto& s) { return read_list(t, s.run.domains); }},
    {"certbot", [](auto& t, auto& s) { return read(t, s.run.certbot); }},
    {"certbot-dir", [](auto& t, auto& s) { return read_certbot_dir(t, s.run); }},
    {"renew-within", [](auto& t, auto& s) { return read_days(t, s.cert.renew_within); }},
    {"check", [](auto& t, auto& s) { return read(t, s.cert.check); }},
    {"ari", [](auto& t, auto& s) { return read(t, s.cert.ari); }},
    {"metrics", [](auto& t, auto& s) { return read_file_name(t, s.cert.metrics); }},
    {"older-than", [](auto& t, auto& s) { return read(t, s.older_than); }},
    {"dry-run", [](auto& t, auto& s) { return read(t, s.dry_run); }},
    {"type", [](auto& t, auto& s) { return read(t, s.record.type); }},
    {"name", [](auto& t, auto& s) { return read(t, s.record.name); }},
    {"data", [](auto& t, auto& s) { return read(t, s.record.data); }},
    {"priority", [](auto& t, auto& s) { return read(t, s.record.priority); }},
    {"port", [](auto& t, auto& s) { return read(t, s.record.port); }},
    {"weight", [](auto& t, auto& s) { return read(t, s.record.weight); }},
    {"flags", [](auto& t, auto& s) { return read(t, s.record.flags); }},
    {"tag", [](auto& t, auto& s) { return read(t, s.record.tag); }},
    {"all", [](auto& t, auto& s) { return read(t, s.list.all); }},
    {"page", [](auto& t, auto& s) { return read(t, s.list.page.number.emplace(), 1, int32_max); }},
    {"per-page",
     [](auto& t, auto& s) { return read(t, s.list.page.per_page.emplace(), 1, per_page_max); }},
    {"ip-address", [](auto& t, auto& s) { return read_address(t, s.ip_address); }},
    {"yes", [](auto& t, auto& s) { return read(t, s.yes); }},
};

// In alphabetical order, in which issuer comes after caa-issuer and beats it.
result<void> read_all(option_texts const& from, settings& into) {
    for (auto const& [option, given] : from) {
        auto const* const found = std::ranges::find(targets, option, &target::option);
        if (found == std::end(targets)) throw std::logic_error("--" + option + " is not read");
        if (given.empty()) continue;
        auto const done = found->read_into(given, into);
        if (!done) return in_context("--" + option, done.error());
    }
    return {};
}

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
    auto const done = read_all(read->options, into);
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
    auto const from_user = read_all(said, s);
    if (!from_user) return from_user.error();
    s.accounts.token_file = first_text(said, "token-file");
    s.same_place = same_place(said);
    if (has_ttl) s.record.ttl = s.ttl;
    auto const account = check_account(s.accounts, !said.contains("account"));
    if (!account) return account.error();
    return s;
}

} // namespace acme_dns01::cli
