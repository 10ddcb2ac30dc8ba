#include "certificate/names.hpp"

#include "base/c_handle.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace acme_dns01::certificate {

namespace {

c_handle<X509, X509_free> first_certificate(std::string_view pem) {
    c_handle<BIO, BIO_free> const text(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    c_handle<X509, X509_free> found(::PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    ::ERR_clear_error();
    return found;
}

} // namespace

result<std::vector<std::string>> dns_names_in(std::string_view pem) {
    auto const found = first_certificate(pem);
    if (!found) {
        return error{.kind = error_kind::configuration, .message = "it contains no certificate"};
    }
    c_handle<GENERAL_NAMES, GENERAL_NAMES_free> const all(static_cast<GENERAL_NAMES*>(
        ::X509_get_ext_d2i(found.get(), NID_subject_alt_name, nullptr, nullptr)
    ));
    std::vector<std::string> names;
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        auto const* const name = sk_GENERAL_NAME_value(all.get(), i);
        if (name->type != GEN_DNS) continue;
        auto const* const bytes = ::ASN1_STRING_get0_data(name->d.dNSName);
        auto const length = static_cast<std::size_t>(::ASN1_STRING_length(name->d.dNSName));
        names.emplace_back(reinterpret_cast<char const*>(bytes), length);
    }
    return names;
}

} // namespace acme_dns01::certificate
