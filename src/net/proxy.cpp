#include "net/proxy.hpp"

#include "base/text.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <array>

namespace acme_dns01::net {

namespace ip = boost::asio::ip;
using boost::system::error_code;

namespace {

constexpr std::string_view scheme_end = "://";
// Schemes that curl takes: common enough for a message of their own.
constexpr std::array<std::string_view, 6> other_schemes{
    "https", "socks", "socks4", "socks4a", "socks5", "socks5h"};

error bad_proxy(std::string message, std::string hint) {
    return {
        .kind = error_kind::configuration, .message = std::move(message), .hint = std::move(hint)};
}

error no_proxy_url(std::string_view why) {
    return bad_proxy(
        "this is not a proxy URL: " + std::string(why),
        "it looks like http://proxy.example:3128 or http://user:password@proxy.example:3128, user "
        "and password percent-encoded"
    );
}

// The text with its scheme, if that is supported.
result<secret> completed(std::string_view text) {
    auto const end = text.find(scheme_end);
    if (end == std::string_view::npos) return secret("http://" + std::string(text));
    auto const scheme = lower(text.substr(0, end));
    if (scheme == "http") return secret(std::string(text));
    if (std::ranges::find(other_schemes, scheme) == other_schemes.end()) {
        return no_proxy_url("it is not http");
    }
    return bad_proxy(
        scheme + " proxies are not supported",
        "name one that takes CONNECT over plain HTTP, such as http://proxy.example:3128; what runs "
        "through it is TLS"
    );
}

struct pattern {
    std::string host; // without brackets
    std::string port; // empty: any
};

// Several colons without brackets are those of an IPv6 address.
pattern pattern_of(std::string const& entry) {
    auto const bracket = entry.find(']');
    if (entry.starts_with('[') && bracket != std::string::npos) {
        auto const rest = entry.substr(bracket + 1);
        return {entry.substr(1, bracket - 1), rest.starts_with(':') ? rest.substr(1) : rest};
    }
    auto const colon = entry.find(':');
    if (colon == std::string::npos || entry.find(':', colon + 1) != std::string::npos) {
        return {entry, ""};
    }
    return {entry.substr(0, colon), entry.substr(colon + 1)};
}

bool is_at_or_below(std::string_view host, std::string_view name) {
    if (name.starts_with("*.")) name.remove_prefix(1);
    if (name.starts_with('.')) name.remove_prefix(1);
    auto const domain = lower(without_final_dot(name));
    auto const asked = lower(without_final_dot(host));
    return !domain.empty() && (asked == domain || asked.ends_with("." + domain));
}

template <class Network, class Address>
bool holds(Network const& network, Address const& address) {
    return Network(address, network.prefix_length()).canonical() == network.canonical();
}

// `text` is an address or a range of them.
bool covers(std::string const& text, ip::address const& address) {
    error_code ec;
    if (text.find('/') == std::string::npos) {
        return ip::make_address(text, ec) == address && !ec;
    }
    if (address.is_v4()) {
        auto const network = ip::make_network_v4(text, ec);
        return !ec && holds(network, address.to_v4());
    }
    auto const network = ip::make_network_v6(text, ec);
    return !ec && holds(network, address.to_v6());
}

bool names(pattern const& exception, base_url const& url) {
    if (!exception.port.empty() && exception.port != url.port) return false;
    if (exception.host == "*") return true;
    error_code no_address;
    auto const address = ip::make_address(url.host, no_address);
    return no_address ? is_at_or_below(url.host, exception.host) : covers(exception.host, address);
}

bool is_excepted(base_url const& url, environment const& env) {
    auto list = env.get("NO_PROXY");
    if (!list) list = env.get("no_proxy");
    auto const entries = split(list.value_or(""), ", \t\r\n");
    return std::ranges::any_of(entries, [&](auto const& e) { return names(pattern_of(e), url); });
}

} // namespace

std::string proxy::label() const { return "the proxy " + in_url(host) + ":" + port; }

result<proxy> parse_proxy(std::string_view text) {
    auto const complete = completed(text);
    if (!complete) return complete.error();
    auto parts = parse_url(complete->reveal(), "http", "80");
    if (!parts) return no_proxy_url(parts.error().message);
    if (parts->path.size() > 1 || parts->has_more)
        return no_proxy_url("nothing may follow the host and port");
    auto& credentials = parts->credentials;
    return proxy{
        std::move(parts->host),
        std::move(parts->port),
        credentials ? std::move(*credentials) : secret()};
}

result<std::optional<proxy>> proxy_for(base_url const& url, environment const& env) {
    for (auto const* variable : {"HTTPS_PROXY", "https_proxy"}) {
        auto const text = env.get(variable);
        if (!text) continue;
        if (is_excepted(url, env)) break;
        auto parsed = parse_proxy(*text);
        if (!parsed) return in_context(variable, parsed.error());
        return std::optional<proxy>(std::move(*parsed));
    }
    return std::optional<proxy>();
}

error proxy_failure(proxy const& through, base_url const& url, std::string_view did) {
    return {
        .kind = error_kind::unreachable,
        .message = url.origin() + " cannot be reached: " + through.label() + " " + std::string(did),
        .hint = "check HTTPS_PROXY and the proxy itself, or bypass it with NO_PROXY",
    };
}

std::optional<error> refusal_of(proxy const& through, base_url const& url, unsigned status) {
    if (status / 100 == 2) return std::nullopt;
    auto const number = " (" + std::to_string(status) + ")";
    auto failure = proxy_failure(through, url, "did not connect to " + url.authority() + number);
    // Tinyproxy asks with 407 and refuses with 401.
    if (status != 407 && status != 401) return failure;
    auto const* const did =
        through.credentials.empty() ? "asks for credentials" : "does not accept the credentials";
    failure = proxy_failure(through, url, did + number);
    failure.kind = error_kind::configuration;
    failure.hint = "put user and password, percent-encoded, into HTTPS_PROXY: http://<user>:"
                   "<password>@" +
                   in_url(through.host) + ":" + through.port;
    return failure;
}

} // namespace acme_dns01::net
