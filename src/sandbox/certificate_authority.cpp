#include "sandbox/certificate_authority.hpp"

#include "base/c_handle.hpp"
#include "base/digest.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <array>
#include <stdexcept>

namespace acme_dns01::sandbox {

namespace {

constexpr std::size_t common_name_max = 64; // RFC 5280 A.1
constexpr long hour = 3600;
constexpr long week = 7 * 24 * hour;

using key_ptr = c_handle<EVP_PKEY, EVP_PKEY_free>;
using certificate_ptr = c_handle<X509, X509_free>;
using extension_ptr = c_handle<X509_EXTENSION, X509_EXTENSION_free>;
using memory_ptr = c_handle<BIO, BIO_free>;
using number_ptr = c_handle<BIGNUM, BN_free>;

void check(bool good, std::string_view what) {
    if (good) return;
    std::array<char, 256> why{};
    ::ERR_error_string_n(::ERR_get_error(), why.data(), why.size());
    throw std::runtime_error("OpenSSL cannot " + std::string(what) + ": " + why.data());
}

key_ptr new_key() {
    key_ptr key(EVP_EC_gen("P-256"));
    check(key != nullptr, "make a key");
    return key;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::string pem_of(X509* certificate) {
    memory_ptr const memory(::BIO_new(::BIO_s_mem()));
    check(::PEM_write_bio_X509(memory.get(), certificate) == 1, "write a certificate");
    return text_of(memory.get());
}

std::string pem_of(EVP_PKEY* key) {
    memory_ptr const memory(::BIO_new(::BIO_s_mem()));
    auto const written =
        ::PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    check(written == 1, "write a key");
    return text_of(memory.get());
}

void set_serial(X509* certificate) {
    number_ptr const number(::BN_new());
    check(::BN_rand(number.get(), 126, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "draw a number");
    auto const set = ::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(certificate));
    check(set != nullptr, "set a serial number");
}

void set_name(X509* certificate, std::string const& common_name) {
    auto* name = ::X509_get_subject_name(certificate);
    auto const* bytes = reinterpret_cast<unsigned char const*>(common_name.c_str());
    check(::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1, "name");
}

certificate_ptr new_certificate(EVP_PKEY* key, std::string const& common_name) {
    certificate_ptr certificate(::X509_new());
    check(certificate != nullptr, "make a certificate");
    ::X509_set_version(certificate.get(), X509_VERSION_3);
    set_serial(certificate.get());
    set_name(certificate.get(), common_name);
    // Another machine's clock may be behind.
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -hour);
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), week);
    check(::X509_set_pubkey(certificate.get(), key) == 1, "set a key");
    return certificate;
}

void extend(X509* certificate, X509* issuer, int kind, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    ::X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    extension_ptr const extension(::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    check(extension != nullptr, "make the extension " + value);
    check(::X509_add_ext(certificate, extension.get(), -1) == 1, "add the extension " + value);
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* key) {
    check(
        ::X509_set_issuer_name(certificate, ::X509_get_subject_name(issuer)) == 1, "name an issuer"
    );
    check(::X509_sign(certificate, key, ::EVP_sha256()) > 0, "sign a certificate");
}

bool is_address(std::string const& host) {
    std::array<unsigned char, 16> address{};
    return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

std::string alternative_names(std::vector<std::string> const& hosts) {
    std::string names;
    for (auto const& host : hosts) {
        // A comma or a newline would begin another name.
        if (host.find_first_of(",\n") != std::string::npos)
            throw std::runtime_error("not a host name: " + host);
        names += (names.empty() ? "" : ",") + std::string(is_address(host) ? "IP:" : "DNS:") + host;
    }
    return names;
}

} // namespace

struct certificate_authority::identity {
    key_ptr key;
    certificate_ptr certificate;
};

certificate_authority::certificate_authority() : self_(std::make_unique<identity>()) {
    self_->key = new_key();
    self_->certificate =
        new_certificate(self_->key.get(), "acme-dns01 sandbox CA " + random_hex(4));
    auto* own = self_->certificate.get();
    extend(own, own, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(own, own, NID_subject_key_identifier, "hash");
    sign(own, own, self_->key.get());
}

certificate_authority::certificate_authority(certificate_authority&&) noexcept = default;
certificate_authority::~certificate_authority() = default;

std::string certificate_authority::certificate() const { return pem_of(self_->certificate.get()); }

key_pair certificate_authority::issue(std::vector<std::string> const& hosts) const {
    if (hosts.empty()) throw std::runtime_error("a certificate needs a host");
    auto const key = new_key();
    auto const certificate = new_certificate(key.get(), hosts.front().substr(0, common_name_max));
    auto* own = certificate.get();
    auto* issuer = self_->certificate.get();
    extend(own, issuer, NID_basic_constraints, "critical,CA:FALSE");
    extend(own, issuer, NID_key_usage, "critical,digitalSignature");
    extend(own, issuer, NID_ext_key_usage, "serverAuth");
    extend(own, issuer, NID_subject_key_identifier, "hash");
    extend(own, issuer, NID_authority_key_identifier, "keyid");
    extend(own, issuer, NID_subject_alt_name, alternative_names(hosts));
    sign(own, issuer, self_->key.get());
    return {pem_of(own) + pem_of(issuer), pem_of(key.get())};
}

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    check(::RAND_bytes(random.data(), static_cast<int>(bytes)) == 1, "draw random bytes");
    return hex(random);
}

std::string random_uuid() {
    auto text = random_hex(16);
    text[12] = '4';
    text[16] = "89ab"[text[16] % 4];
    for (auto const at : {8U, 13U, 18U, 23U})
        text.insert(at, "-");
    return text;
}

} // namespace acme_dns01::sandbox
