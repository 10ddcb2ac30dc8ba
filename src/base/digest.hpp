#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace acme_dns01 {

using sha256_digest = std::array<unsigned char, 32>;

// Throws std::runtime_error if OpenSSL has no SHA-256.
sha256_digest sha256(std::string_view text);

// Lower-case digits, two a byte.
std::string hex(std::span<unsigned char const> bytes);

// RFC 4648 4, and 5 without padding.
std::string base64(std::span<unsigned char const> bytes);
std::string base64url(std::span<unsigned char const> bytes);

} // namespace acme_dns01
