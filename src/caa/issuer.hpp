#pragma once

#include "base/error.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::caa {

// A CA, as CAA records name it.
struct issuer {
    std::string name;                    // "Let's Encrypt"
    std::vector<std::string> identities; // any of them permits; the first is to be written
    bool honours_parameters = false;     // documented to act upon RFC 8657 parameters
    friend bool operator==(issuer const&, issuer const&) = default;
};

// By its identity: whose readings of the RFCs are the ones that are known.
bool is_lets_encrypt(issuer const& by);

struct known_issuer {
    std::string_view keyword;     // "letsencrypt", as users may call it
    std::string_view name;        // "Let's Encrypt"
    std::string_view identities;  // separated by spaces
    std::string_view directories; // the hosts of its ACME directories, separated by spaces
    bool honours_parameters;
    // What else people call it, separated by spaces. No CAA record that says so names the CA.
    std::string_view nicknames = {};
};

// Sorted by keyword.
std::span<known_issuer const> known_issuers();

// By keyword ("letsencrypt"), name ("Let's Encrypt") or nickname ("zerossl.com"), or by identity
// ("letsencrypt.org"), which then stands first of all the CA's; an identity that is not known
// stands for itself. Letter case does not matter. error_kind::usage for what is none of these.
result<issuer> find_issuer(std::string_view text);

// As a directory's meta.caaIdentities say (RFC 8555 7.1.1), byte by byte; what is no domain name
// among them is left out. Where none is left, by the directory's host. error_kind::usage where
// neither tells.
result<issuer>
issuer_of_directory(std::string_view directory_host, std::vector<std::string> const& identities);

// The known CA that a record surely means whose issuer is `text`, and none where `text` is an
// identity or not near one: what the CA is called ("zerossl.com"), a name below an identity
// ("www.letsencrypt.org"), one with a letter or two wrong.
known_issuer const* meant_issuer(std::string_view text);

// The first of its identities.
std::string_view own_identity(known_issuer const& k);

} // namespace acme_dns01::caa
