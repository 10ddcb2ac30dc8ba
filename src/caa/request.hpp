#pragma once

#include "base/error.hpp"
#include "caa/issuer.hpp"
#include "dns/name.hpp"

#include <string>
#include <string_view>

namespace acme_dns01::caa {

// What is to be issued, and by whom.
struct request {
    dns::name domain; // without "*."
    bool wildcard = false;
    issuer by;
    std::string account_uri{};     // empty: not known
    std::string method = "dns-01"; // RFC 8657 4
};

// `*.example.com` is the wildcard of example.com. error_kind::usage for what is no domain name, and
// for an IP address, of which CAA says nothing.
result<request> make_request(std::string_view domain, issuer by);

// "*.example.com".
std::string domain_of(request const& r);

} // namespace acme_dns01::caa
