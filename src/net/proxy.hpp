#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "net/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::net {

// An HTTP proxy that makes connections (CONNECT). TLS runs through it, so it sees neither the token
// nor the requests.
struct proxy {
    std::string host;   // a name or an address; IPv6 without brackets
    std::string port;   // decimal
    secret credentials; // "user:password", or empty

    // "the proxy host:port", for messages: without the credentials.
    std::string label() const;
};

// [http://][user[:password]@]host[:port][/], user and password percent-encoded. The default port is
// 80, that of http URLs and what certbot, Go and wget take; curl alone takes 1080, the port of
// SOCKS. error_kind::configuration for anything else. The message does not show the text, since any
// part of what does not parse may be a password.
result<proxy> parse_proxy(std::string_view text);

// The proxy of HTTPS_PROXY or else https_proxy, unless NO_PROXY or else no_proxy names the host:
// '*', a name and all below it (with or without a leading '.' or "*."), an address or a range of
// them (10.0.0.0/8), each with or without a port, separated by commas or blanks. A failure names
// the variable. HTTP_PROXY and ALL_PROXY are not read.
result<std::optional<proxy>> proxy_for(base_url const& url, environment const& env);

// The API cannot be reached because the proxy `did` something. error_kind::unreachable.
error proxy_failure(proxy const& through, base_url const& url, std::string_view did);

// The failure that the status of an answer to CONNECT means; nothing if the connection is made.
// error_kind::configuration if the proxy wants (other) credentials, else error_kind::unreachable.
std::optional<error> refusal_of(proxy const& through, base_url const& url, unsigned status);

} // namespace acme_dns01::net
