#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::sandbox {

// In PEM.
struct key_pair {
    std::string certificate; // a server's is followed by the authority's own
    std::string key;
};

// A certificate authority made for one run. Its key is in memory only, and only what is configured
// to trusts it. All keys are EC P-256; certificates are valid for a week. Failures of OpenSSL throw
// std::runtime_error.
class certificate_authority {
public:
    certificate_authority();
    certificate_authority(certificate_authority&&) noexcept;
    certificate_authority& operator=(certificate_authority&&) = delete;
    ~certificate_authority();

    std::string certificate() const; // PEM
    // For a TLS server; `hosts` are host names and IP addresses, the first one the subject.
    key_pair issue(std::vector<std::string> const& hosts) const;

private:
    struct identity;
    std::unique_ptr<identity> self_;
};

// Random bytes as hexadecimal digits.
std::string random_hex(std::size_t bytes);
// A random UUID (RFC 4122 4.4).
std::string random_uuid();

} // namespace acme_dns01::sandbox
