#pragma once

#include "base/error.hpp"
#include "dns/name.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::persist {

// How a record names the account: by its URL (drafts -00 and -01), or by a hash (draft -02).
enum class form { uri, hash };

// An ACME account.
struct account {
    std::string uri;           // its URL
    std::string thumbprint{};  // of its key (RFC 7638); empty if it is not known
    std::string hash_prefix{}; // the CA's meta.accountHashPrefix; empty if it is not known
    form by = form::uri;       // the form that the CA takes
};

// 43 base64url characters.
bool is_thumbprint(std::string_view text);

// The last part of the hashed form (draft -02, 4.5): base64url of SHA-256 over the length of the
// name in one octet, the name, the thumbprint and the account's URL. `name` is the domain without
// "*.", in A-labels, or "*": good for every domain.
std::string account_hash(std::string_view name, account const& who);

// "<prefix>sha-256/<hash>".
std::string hashed_uri(std::string_view name, account const& who);

// The texts of accounturi that the CA takes for this account at this domain.
std::vector<std::string> uris_taken(account const& who, dns::name const& domain);

// The same in either form, as far as what is known allows.
std::vector<std::string> uris_of(account const& who, dns::name const& domain);

// False for what cannot be an accounturi in this account's form: a CA takes it for malformed.
bool has_form(std::string_view uri, account const& who);

} // namespace acme_dns01::persist
