#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "net/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::net {

// An HTTP proxy that is asked for connections (CONNECT). TLS runs through it, so that it sees
// neither the token nor what is asked.
struct proxy {
    std::string host;   // a name or an address; IPv6 without brackets
    std::string port;   // decimal
    secret credentials; // "user:password", empty where there are none

    // "the proxy host:port", for messages: without the credentials.
    std::string label() const;
};

// [http://][user[:password]@]host[:port][/], user and password percent-encoded. The port is 80
// where none is given, an http URL's own and what certbot, Go and wget take; curl alone takes 1080,
// which is where SOCKS lives. error_kind::configuration for anything else; the message shows
// nothing of the text, since any of what was not understood may be a password.
result<proxy> parse_proxy(std::string_view text);

// The proxy of HTTPS_PROXY or else https_proxy, unless NO_PROXY or else no_proxy names the host:
// '*', a name and all below it (with or without a leading '.' or "*."), an address or a range of
// them (10.0.0.0/8), each with or without a port, between commas or blanks. A failure names the
// variable. A proxy for plain HTTP (HTTP_PROXY) and one for everything (ALL_PROXY) are not for us.
result<std::optional<proxy>> proxy_for(base_url const& url, environment const& env);

// Why the API cannot be reached: the proxy `did` something. error_kind::unreachable.
error proxy_failure(proxy const& through, base_url const& url, std::string_view did);

// What the status of an answer to CONNECT means; nothing where there is a connection now.
// error_kind::configuration where the proxy wants (other) credentials, else
// error_kind::unreachable.
std::optional<error> refusal_of(proxy const& through, base_url const& url, unsigned status);

} // namespace acme_dns01::net
