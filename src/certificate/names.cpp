#include "certificate/names.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace acme_dns01::certificate {

namespace {

constexpr std::size_t size_max = std::numeric_limits<int>::max();

using memory = std::unique_ptr<BIO, decltype(&::BIO_free)>;
using x509 = std::unique_ptr<X509, decltype(&::X509_free)>;
using general_names = std::unique_ptr<GENERAL_NAMES, decltype(&::GENERAL_NAMES_free)>;

x509 first_certificate(std::string_view pem) {
    auto const size = static_cast<int>(std::min(pem.size(), size_max));
    memory const text(::BIO_new_mem_buf(pem.data(), size), ::BIO_free);
    x509 found(::PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), ::X509_free);
    ::ERR_clear_error();
    return found;
}

} // namespace

result<std::vector<std::string>> dns_names_in(std::string_view pem) {
    auto const found = first_certificate(pem);
    if (!found) {
        return error{.kind = error_kind::configuration, .message = "it holds no certificate"};
    }
    general_names const all(
        static_cast<GENERAL_NAMES*>(
            ::X509_get_ext_d2i(found.get(), NID_subject_alt_name, nullptr, nullptr)
        ),
        ::GENERAL_NAMES_free
    );
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
