#pragma once

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"

#include <string>
#include <string_view>

namespace acme_dns01::digitalocean {

struct token {
    secret text;
    std::string source;    // "DIGITALOCEAN_TOKEN", "/etc/acme-dns01/token": for messages
    std::string warning{}; // about the file; may be empty
};

// The first that exists, in this order: `token_file` (--token-file or ACME_DNS01_TOKEN_FILE), the
// systemd credential digitalocean-token, DIGITALOCEAN_TOKEN, DIGITALOCEAN_ACCESS_TOKEN (doctl),
// DO_AUTH_TOKEN and DO_AUTH_TOKEN_FILE (lego), DO_API_KEY (acme.sh), and `configured_file`, since
// the environment comes before the configuration. A credential in a directory that we may not
// search (the client runs as another user than its unit) is no error if there is another token.
// error_kind::configuration if there is none, or if the file cannot be read, is readable or
// writable by other users (but see is_mounted_secret), or contains no token.
result<token> find_token(
    std::string const& token_file, environment const& env, std::string const& configured_file = {}
);

// error_kind::configuration as above.
result<token> token_in_file(std::string const& path);

// The token in a file's text: the bare token, or certbot's `dns_digitalocean_token = ...`. Quotes
// around it are dropped.
// `source` is named in the error.
result<secret> token_in(std::string_view text, std::string_view source);

// Identifies an account without revealing its token: the first 64 bits of a SHA-256, in hex.
std::string fingerprint(secret const& text, std::string_view api);

} // namespace acme_dns01::digitalocean
