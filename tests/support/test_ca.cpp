#include "support/test_ca.hpp"

#include "base/c_handle.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <stdexcept>

namespace acme_dns01::test {

namespace {

using key_ptr = c_handle<EVP_PKEY, EVP_PKEY_free>;
using certificate_ptr = c_handle<X509, X509_free>;

void require(bool good) {
    if (!good) throw std::runtime_error("OpenSSL cannot make a certificate");
}

key_ptr new_key(std::string const& type) {
    key_ptr key(type == "RSA" ? EVP_RSA_gen(2048) : EVP_EC_gen(type.c_str()));
    require(key != nullptr);
    return key;
}

template <class Write>
std::string pem_by(Write const& write) {
    c_handle<BIO, BIO_free> const memory(::BIO_new(::BIO_s_mem()));
    require(write(memory.get()) == 1);
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    return pem_by([&](BIO* to) { return ::PEM_write_bio_X509(to, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
    return pem_by([&](BIO* to) {
        return ::PEM_write_bio_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

void extend(X509* certificate, X509* issuer, int kind, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    ::X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    c_handle<X509_EXTENSION, X509_EXTENSION_free> const extension(
        ::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())
    );
    require(extension && ::X509_add_ext(certificate, extension.get(), -1) == 1);
}

void set_name(X509_NAME* name, std::string const& text) {
    auto const* const bytes = reinterpret_cast<unsigned char const*>(text.c_str());
    require(::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1);
}

certificate_ptr new_certificate(
    EVP_PKEY* key,
    std::string const& serial,
    certificate::moment not_before,
    certificate::moment not_after
) {
    certificate_ptr made(::X509_new());
    ::X509_set_version(made.get(), X509_VERSION_3);
    BIGNUM* number = nullptr;
    require(::BN_hex2bn(&number, serial.c_str()) > 0);
    ::BN_to_ASN1_INTEGER(number, ::X509_get_serialNumber(made.get()));
    ::BN_free(number);
    auto const set = [](ASN1_TIME* time, certificate::moment m) {
        require(::ASN1_TIME_adj(time, m.time_since_epoch().count(), 0, 0) != nullptr);
    };
    set(::X509_getm_notBefore(made.get()), not_before);
    set(::X509_getm_notAfter(made.get()), not_after);
    require(::X509_set_pubkey(made.get(), key) == 1);
    return made;
}

} // namespace

struct test_ca::identity {
    key_ptr key = new_key("P-256");
    certificate_ptr certificate;
};

test_ca::test_ca(std::string const& name) : self_(std::make_unique<identity>()) {
    using namespace std::chrono;
    auto& [key, made] = *self_;
    made = new_certificate(key.get(), "01", noon - days(3650), noon + days(3650));
    set_name(::X509_get_subject_name(made.get()), name);
    ::X509_set_issuer_name(made.get(), ::X509_get_subject_name(made.get()));
    extend(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(made.get(), made.get(), NID_subject_key_identifier, "hash");
    require(::X509_sign(made.get(), key.get(), ::EVP_sha256()) > 0);
    pem_ = pem_of(made.get());
}

test_ca::~test_ca() = default;

certified test_ca::issue(
    std::vector<std::string> const& domains,
    certificate::moment not_before,
    certificate::moment not_after,
    std::string const& key,
    std::string const& serial
) const {
    auto const own = new_key(key);
    auto const made = new_certificate(own.get(), serial, not_before, not_after);
    auto* const issuer = self_->certificate.get();
    ::X509_set_issuer_name(made.get(), ::X509_get_subject_name(issuer));
    std::string names;
    for (auto const& domain : domains)
        names += (names.empty() ? "DNS:" : ",DNS:") + domain;
    if (!names.empty()) extend(made.get(), issuer, NID_subject_alt_name, names);
    extend(made.get(), issuer, NID_authority_key_identifier, "keyid");
    require(::X509_sign(made.get(), self_->key.get(), ::EVP_sha256()) > 0);
    return {pem_of(made.get()), pem_of(own.get())};
}

void write_file(std::filesystem::path const& file, std::string_view text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

} // namespace acme_dns01::test
