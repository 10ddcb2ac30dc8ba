#include "cli/options/values.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "caa/record.hpp"
#include "cli/options/options.hpp"
#include "persist/directory.hpp"
#include "persist/time.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <stdexcept>
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
    auto found = parse_date(given.front());
    if (!found) found = parse_rfc3339(given.front());
    if (!found) return is_not(given, "a date (RFC 3339)", hint);
    into = *found;
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

} // namespace

result<void> read_values(option_texts const& from, settings& into) {
    for (auto const& [option, given] : from) {
        auto const* const found = std::ranges::find(targets, option, &target::option);
        if (found == std::end(targets)) throw std::logic_error("--" + option + " is not read");
        if (given.empty()) continue;
        auto const done = found->read_into(given, into);
        if (!done) return in_context("--" + option, done.error());
    }
    return {};
}

} // namespace acme_dns01::cli
