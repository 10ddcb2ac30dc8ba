#pragma once

#include "base/error.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct x509_st; // OpenSSL's X509

namespace acme_dns01::certificate {

// In UTC. X.509 has no leap seconds, and years up to 9999.
using moment = std::chrono::sys_seconds;
using handle = std::shared_ptr<x509_st>;

// The part of a certificate that matters for its renewal.
struct leaf {
    // Of its subjectAltName (RFC 5280 4.2.1.6), in its order.
    std::vector<std::string> domains;
    std::vector<std::string> addresses;
    std::string common_name;          // of its subject; may be empty
    std::string issuer;               // its common name, else its organisation, else all of it
    std::string issuing_organisation; // may be empty
    std::string serial;               // lower-case hex, two digits a byte
    moment not_before;
    moment not_after;        // 9999-12-31T23:59:59Z if there is no end (RFC 5280 4.1.2.5)
    std::string key;         // "EC P-256", "RSA 2048", "ED25519"
    std::string renewal_id;  // RFC 9773 4.1; empty without an authority key identifier
    std::string fingerprint; // SHA-256 of the whole, in hex
    bool is_issuer = false;  // it is a CA's, and names no host

    bool operator==(leaf const&) const = default;
};

// The certificates of a PEM file in their order, at most 100. Anything else in it is skipped. The
// file has less than 2 GiB. error_kind::configuration with the reason, "it contains no certificate"
// if that is so.
result<std::vector<handle>> certificates_in(std::string_view pem);

// error_kind::configuration for dates that are none.
result<leaf> read_leaf(handle const& certificate);

// Whether the second is named as the issuer of the first and has signed it. Where its signatures
// are slow to verify, the identifiers of its key are enough.
bool is_issued_by(handle const& certificate, handle const& issuer);

// Whether the first private key of a PEM file belongs to the certificate. error_kind::configuration
// where the file has no key that can be read without a password.
result<bool> has_key(handle const& certificate, std::string_view pem);

} // namespace acme_dns01::certificate
