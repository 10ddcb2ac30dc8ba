#include "net/trust.hpp"

#include "base/file.hpp"
#include "base/shortage.hpp"
#include "base/text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace acme_dns01::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// Hashed directories hold links such as 4bfab552.0, made by c_rehash.
bool is_hashed_directory(std::filesystem::path const& directory) {
    std::error_code ec;
    std::filesystem::directory_iterator const entries(directory, ec);
    auto const is_link = [](auto const& entry) { return entry.path().extension() == ".0"; };
    return !ec && std::any_of(begin(entries), end(entries), is_link);
}

std::optional<error> load_file(asio::ssl::context& context, std::string const& file) {
    constexpr std::size_t size_max = 16UL * 1024 * 1024;
    auto const safe = check_owners("the CA file", file);
    if (!safe) return safe.error();
    std::error_code unreadable;
    auto const text = text_of_file(file, size_max, unreadable);
    error_code ec = unreadable;
    if (!ec) context.add_certificate_authority(asio::buffer(text), ec);
    if (!ec) return std::nullopt;
    error const unusable{
        .kind = error_kind::configuration,
        .message = "no trusted certificates in " + file + ": " + ec.message(),
        .hint = "name a PEM file with --ca-file or SSL_CERT_FILE",
    };
    return unless_short(unusable, ec);
}

// Where the system keeps its CAs in one file. OpenSSL knows the place of the system that it was
// built for, and a static program runs on others too.
std::string system_ca_file() {
    constexpr std::array elsewhere{
        "/etc/ssl/certs/ca-certificates.crt", // Debian, Arch, and where Go programs look first
        "/etc/pki/tls/certs/ca-bundle.crt",   // Fedora
        "/etc/ssl/ca-bundle.pem",             // openSUSE
        "/etc/ssl/cert.pem",                  // Alpine, BSD
    };
    std::string const built_in = ::X509_get_default_cert_file();
    std::error_code ec;
    auto const exists = [&ec](auto const& file) { return std::filesystem::exists(file, ec); };
    if (exists(built_in)) return built_in;
    auto const found = std::ranges::find_if(elsewhere, exists);
    return found == elsewhere.end() ? built_in : *found;
}

} // namespace

std::optional<error> load_trust(asio::ssl::context& context, trust const& trusted) {
    if (!trusted.ca_file.empty()) return load_file(context, trusted.ca_file);
    if (!trusted.cert_file.empty()) {
        if (auto failure = load_file(context, trusted.cert_file)) return failure;
    }
    auto const directories =
        trusted.cert_dir.empty() ? ::X509_get_default_cert_dir() : trusted.cert_dir;
    auto usable = false;
    for (auto const& directory : split(directories, ":")) {
        if (!is_hashed_directory(directory)) continue;
        auto const safe = check_owners("the CA folder", directory);
        if (!safe) return safe.error();
        error_code ec;
        context.add_verify_path(directory, ec);
        usable = usable || !ec;
    }
    if (usable || !trusted.cert_file.empty() || !trusted.cert_dir.empty()) return std::nullopt;
    return load_file(context, system_ca_file());
}

} // namespace acme_dns01::net
