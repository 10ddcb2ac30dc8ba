#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace acme_dns01::persist {

// The thumbprint of an account's public key (RFC 7638): base64url of SHA-256 over its required
// members. The text is a JWK (RFC 7517), the JSON of an ACME account with one in its member `key`,
// or a key in PEM, private or public. Nothing but the public members of it is used.
// error_kind::configuration for anything else, and for keys that no ACME account has (RFC
// 8555 6.2): they are RSA, EC with P-256, P-384 or P-521, and Ed25519. The message lacks its
// subject.
result<std::string> thumbprint_in(std::string_view text);

} // namespace acme_dns01::persist
