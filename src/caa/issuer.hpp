#pragma once

#include "base/error.hpp"

#include <optional>
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

// The CA whose ways where the RFCs leave room are the ones that are known.
bool is_lets_encrypt(issuer const& by);

// By keyword ("letsencrypt"), name ("Let's Encrypt") or nickname ("zerossl.com"), or by identity
// ("letsencrypt.org"), which then comes first of all the CA's. A domain name that is not known is
// an identity too. Letter case does not matter. error_kind::usage for anything else.
result<issuer> find_issuer(std::string_view text);

// The known CA that a record surely means whose issuer is `text`: by what people call the CA
// ("zerossl.com"), by a name below an identity ("www.letsencrypt.org"), by an identity with a
// letter or two wrong. Nothing where `text` is an identity, or near none.
std::optional<issuer> meant_issuer(std::string_view text);

// The names by which a CA knows itself in CAA records, from its ACME directory's JSON:
// meta.caaIdentities (RFC 8555 7.1.1, 9.7.6), empty where the directory has none.
// error_kind::bad_answer for anything but a directory; the message does not say whose it was.
result<std::vector<std::string>> identities_in(std::string_view directory);
constexpr std::size_t identities_max = 100;

// By those identities, byte by byte: "the same sequence of ASCII code points" that the CA expects
// (RFC 8555 7.1.1). Those that are not domain names are left out. Where none is left, by the
// directory's host. error_kind::usage if neither names a CA.
result<issuer>
issuer_of_directory(std::string_view directory_host, std::vector<std::string> const& identities);

} // namespace acme_dns01::caa
