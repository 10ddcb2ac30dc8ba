#pragma once

#include "certificate/x509.hpp"
#include "sandbox/temporary_folder.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::test {

// Noon of a day that all tests of dates begin with.
inline constexpr certificate::moment noon{
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 28} + std::chrono::hours(12)};

struct certified {
    std::string certificate; // PEM, without its issuer
    std::string key;
};

// Issues certificates with any dates. Failures throw.
class test_ca {
public:
    explicit test_ca(std::string const& name = "Test CA");
    ~test_ca();

    std::string const& pem() const { return pem_; }

    // `key` is "P-256", "P-384" or "RSA". The serial number is in hex.
    certified issue(
        std::vector<std::string> const& domains,
        certificate::moment not_before,
        certificate::moment not_after,
        std::string const& key = "P-256",
        std::string const& serial = "0a1b2c"
    ) const;

private:
    struct identity;
    std::unique_ptr<identity> self_;
    std::string pem_;
};

void write_file(std::filesystem::path const& file, std::string_view text);

} // namespace acme_dns01::test
