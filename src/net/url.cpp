#include "net/url.hpp"

#include "base/text.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

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

} // namespace

std::string in_url(std::string const& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string base_url::origin() const {
    return "https://" + in_url(host) + (port == "443" ? "" : ":" + port);
}

std::string base_url::authority() const { return in_url(host) + ":" + port; }

result<base_url> parse_base_url(std::string_view text) {
    auto const parsed = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
    if (!parsed) return bad_url(text, "it does not parse");
    if (lower(std::string_view(parsed->scheme().data(), parsed->scheme().size())) != "https")
        return bad_url(text, "it is not https");
    if (parsed->has_userinfo()) return bad_url(text, "it may not contain credentials");
    if (parsed->has_query() || parsed->has_fragment())
        return bad_url(text, "it has a query or a fragment");
    auto const has_port = parsed->has_port() && !parsed->port().empty();
    if (has_port && parsed->port_number() == 0) return bad_url(text, "the port is not valid");
    base_url url;
    url.host = parsed->host_address();
    url.port = has_port ? std::string(parsed->port()) : "443";
    url.prefix = std::string(parsed->encoded_path());
    if (url.host.empty()) return bad_url(text, "the host is missing");
    // Boost.URL 1.81 takes what follows the digits of a port for a path.
    if (!url.prefix.empty() && !url.prefix.starts_with('/'))
        return bad_url(text, "it does not parse");
    if (url.prefix.ends_with('/')) url.prefix.pop_back();
    if (printable(url.host, url.host.size()) != url.host)
        return bad_url(text, "the host name is not valid");
    return url;
}

std::string percent_encoded(std::string_view text) {
    return boost::urls::encode(
        boost::urls::string_view(text.data(), text.size()), boost::urls::unreserved_chars
    );
}

} // namespace acme_dns01::net
