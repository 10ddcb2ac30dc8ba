#include "net/url.hpp"

#include "base/text.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace acme_dns01::net {

namespace {

// A URL with credentials is refused, and not shown.
error bad_url(std::string_view text, std::string_view why) {
    auto const has_secret = text.find('@') != std::string_view::npos;
    auto const shown = has_secret ? "what was given" : "'" + printable(text, 120) + "'";
    return {
        .kind = error_kind::usage,
        .message = shown + " is not an API URL: " + std::string(why),
        .hint = "it looks like https://api.digitalocean.com",
    };
}

// In names and addresses; percent-encoded, a URL's host may have any.
bool is_host_character(char c) {
    return is_alphanumeric(c) || std::string_view("-._:").find(c) != std::string_view::npos;
}

secret credentials_in(boost::urls::url_view const& url) {
    secret const user(url.user());
    secret const password(url.password());
    if (user.empty() && password.empty()) return {};
    std::string both;
    both.reserve(user.reveal().size() + password.reveal().size() + 1); // no copy is left behind
    both.append(user.reveal()).append(":").append(password.reveal());
    return secret(std::move(both));
}

} // namespace

std::string in_url(std::string const& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string base_url::origin() const {
    return "https://" + in_url(host) + (port == "443" ? "" : ":" + port);
}

std::string base_url::authority() const { return in_url(host) + ":" + port; }

result<url_parts>
parse_url(std::string_view text, std::string_view scheme, std::string_view default_port) {
    auto const wrong = [](std::string why) { return error{error_kind::usage, std::move(why)}; };
    auto const url = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
    if (!url) return wrong("it does not parse");
    if (lower(std::string_view(url->scheme().data(), url->scheme().size())) != scheme)
        return wrong("it is not " + std::string(scheme));
    auto const has_port = url->has_port() && !url->port().empty();
    url_parts parts;
    parts.host = url->host_address();
    parts.port = has_port ? std::string(url->port()) : std::string(default_port);
    parts.path = std::string(url->encoded_path());
    parts.has_more = url->has_query() || url->has_fragment();
    if (parts.host.empty()) return wrong("the host is missing");
    // Boost.URL 1.81 takes what follows the digits of a port, or an '@' too many, for a path.
    if (!parts.path.empty() && !parts.path.starts_with('/')) return wrong("it does not parse");
    if (has_port && url->port_number() == 0) return wrong("the port is not valid");
    if (!std::ranges::all_of(parts.host, is_host_character))
        return wrong("the host name is not valid");
    if (url->has_userinfo()) parts.credentials = credentials_in(*url);
    return parts;
}

result<base_url> parse_base_url(std::string_view text) {
    auto parts = parse_url(text, "https", "443");
    if (!parts) return bad_url(text, parts.error().message);
    if (parts->credentials) return bad_url(text, "it may not contain credentials");
    if (parts->has_more) return bad_url(text, "it has a query or a fragment");
    if (parts->path.ends_with('/')) parts->path.pop_back();
    return base_url{std::move(parts->host), std::move(parts->port), std::move(parts->path)};
}

std::string percent_encoded(std::string_view text) {
    return boost::urls::encode(
        boost::urls::string_view(text.data(), text.size()), boost::urls::unreserved_chars
    );
}

} // namespace acme_dns01::net
