#include "base/digest.hpp"

#include <boost/algorithm/hex.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace acme_dns01 {

sha256_digest sha256(std::string_view text) {
    sha256_digest digest{};
    auto const is_made =
        ::EVP_Digest(text.data(), text.size(), digest.data(), nullptr, ::EVP_sha256(), nullptr);
    if (is_made != 1) throw std::runtime_error("OpenSSL cannot compute a SHA-256 digest");
    return digest;
}

std::string hex(std::span<unsigned char const> bytes) {
    std::string text;
    boost::algorithm::hex_lower(bytes.begin(), bytes.end(), std::back_inserter(text));
    return text;
}

std::string base64(std::span<unsigned char const> bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(text.data());
    auto const size = ::EVP_EncodeBlock(out, bytes.data(), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string base64url(std::span<unsigned char const> bytes) {
    auto text = base64(bytes);
    text.erase(std::min(text.find('='), text.size()));
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

} // namespace acme_dns01
