#pragma once

#include "base/error.hpp"
#include "base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::net {

// The address of an API. Only https: a token is never sent in the clear, not even to localhost.
struct base_url {
    std::string host;   // a name or an address; IPv6 without brackets
    std::string port;   // decimal
    std::string prefix; // the path without a final '/', or ""

    // "https://host" or "https://host:port", for messages.
    std::string origin() const;
    // "host:port", whatever the port.
    std::string authority() const;
};

// A host as URLs write it: IPv6 in brackets.
std::string in_url(std::string const& host);

struct url_parts {
    std::string host; // as in base_url
    std::string port;
    std::string path;                  // empty, or percent-encoded and beginning with '/'
    bool has_more = false;             // a query or a fragment
    std::optional<secret> credentials; // "user:password", decoded; "" for a bare '@'
};

// error_kind::usage for a URL of another scheme, without a host, or with one that may not stand in
// a header. Its message is only the reason, "the host is missing", and shows no part of the text.
result<url_parts>
parse_url(std::string_view text, std::string_view scheme, std::string_view default_port);

// error_kind::usage for anything but https://<host>[:<port>][/<path>].
result<base_url> parse_base_url(std::string_view text);

// One path segment or query value, percent-encoded (RFC 3986 2.1).
std::string percent_encoded(std::string_view text);

} // namespace acme_dns01::net
