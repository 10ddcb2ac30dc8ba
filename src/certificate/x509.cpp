#include "certificate/x509.hpp"

#include "base/c_handle.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <span>

namespace acme_dns01::certificate {

namespace {

constexpr std::size_t certificates_max = 100;
constexpr std::size_t text_max = 500; // of one name or issuer

using bio = c_handle<BIO, BIO_free>;
using key_handle = c_handle<EVP_PKEY, EVP_PKEY_free>;

error unusable(std::string why) {
    return {.kind = error_kind::configuration, .message = std::move(why)};
}

bio reading(std::string_view pem) {
    return bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

std::span<unsigned char const> bytes_of(ASN1_STRING const* string) {
    return {
        ::ASN1_STRING_get0_data(string), static_cast<std::size_t>(::ASN1_STRING_length(string))};
}

std::string text_of(std::span<unsigned char const> bytes) {
    return printable({reinterpret_cast<char const*>(bytes.data()), bytes.size()}, text_max);
}

std::string address_in(std::span<unsigned char const> bytes) {
    using namespace boost::asio::ip;
    address_v4::bytes_type four{};
    address_v6::bytes_type sixteen{};
    if (bytes.size() == four.size()) {
        std::ranges::copy(bytes, four.begin());
        return address_v4(four).to_string();
    }
    if (bytes.size() != sixteen.size()) return {};
    std::ranges::copy(bytes, sixteen.begin());
    return address_v6(sixteen).to_string();
}

void read_names(X509 const* certificate, leaf& into) {
    c_handle<GENERAL_NAMES, GENERAL_NAMES_free> const all(static_cast<GENERAL_NAMES*>(
        ::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)
    ));
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        auto const* const name = sk_GENERAL_NAME_value(all.get(), i);
        if (name->type == GEN_DNS)
            into.domains.push_back(lower(text_of(bytes_of(name->d.dNSName))));
        if (name->type == GEN_IPADD)
            into.addresses.push_back(address_in(bytes_of(name->d.iPAddress)));
    }
    std::erase(into.domains, std::string());
    std::erase(into.addresses, std::string());
}

std::string entry_of(X509_NAME* name, int kind) {
    auto const at = ::X509_NAME_get_index_by_NID(name, kind, -1);
    if (at < 0) return {};
    unsigned char* utf8 = nullptr;
    auto const* const entry = ::X509_NAME_get_entry(name, at);
    auto const size = ::ASN1_STRING_to_UTF8(&utf8, ::X509_NAME_ENTRY_get_data(entry));
    if (size < 0) return {};
    auto const text = text_of({utf8, static_cast<std::size_t>(size)});
    ::OPENSSL_free(utf8);
    return text;
}

std::string whole_name(X509_NAME* name) {
    std::array<char, text_max> text{};
    ::X509_NAME_oneline(name, text.data(), static_cast<int>(text.size()));
    return printable(text.data(), text_max);
}

std::string issuer_of(X509 const* certificate) {
    auto* const name = ::X509_get_issuer_name(certificate);
    for (auto const kind : {NID_commonName, NID_organizationName}) {
        auto text = entry_of(name, kind);
        if (!text.empty()) return text;
    }
    return whole_name(name);
}

std::string serial_of(X509 const* certificate) {
    auto const* const number = ::X509_get0_serialNumber(certificate);
    auto const sign = ::ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER ? "-" : "";
    auto const text = hex(bytes_of(number));
    return sign + (text.empty() ? "00" : text);
}

std::optional<moment> moment_of(ASN1_TIME const* time) {
    std::tm parts{};
    if (time == nullptr || ::ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return moment(std::chrono::seconds(::timegm(&parts)));
}

std::string curve_of(EVP_PKEY const* key) {
    std::array<char, 80> name{};
    std::size_t size = 0;
    if (::EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return "EC";
    auto const* const as_nist = ::EC_curve_nid2nist(::OBJ_txt2nid(name.data()));
    return std::string("EC ") + (as_nist == nullptr ? name.data() : as_nist);
}

std::string key_of(X509 const* certificate) {
    auto const* const key = ::X509_get0_pubkey(certificate);
    if (key == nullptr) return "unknown";
    if (::EVP_PKEY_is_a(key, "EC") == 1) return curve_of(key);
    auto const* const name = ::EVP_PKEY_get0_type_name(key);
    std::string const type = name == nullptr ? "unknown" : name;
    if (type != "RSA" && type != "RSA-PSS" && type != "DSA") return type;
    return type + " " + std::to_string(::EVP_PKEY_get_bits(key));
}

// The octets of the serial number's DER, where the highest bit is the sign.
std::string serial_octets(X509 const* certificate) {
    auto const bytes = bytes_of(::X509_get0_serialNumber(certificate));
    std::string octets(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    if (octets.empty() || (bytes.front() & 0x80U) != 0) octets.insert(0, 1, '\0');
    return octets;
}

std::string renewal_id_of(X509* certificate) {
    auto const* const authority = ::X509_get0_authority_key_id(certificate);
    if (authority == nullptr || ::ASN1_STRING_length(authority) == 0) return {};
    auto const serial = serial_octets(certificate);
    auto const* const begin = reinterpret_cast<unsigned char const*>(serial.data());
    return base64url(bytes_of(authority)) + "." + base64url({begin, serial.size()});
}

std::string fingerprint_of(X509 const* certificate) {
    sha256_digest digest{};
    ::X509_digest(certificate, ::EVP_sha256(), digest.data(), nullptr);
    return hex(digest);
}

// A self-signed certificate of a host may be a CA's as well: tools mark it so by default.
bool is_an_issuer(X509* certificate, leaf const& of) {
    auto const names_a_host = !of.domains.empty() || !of.addresses.empty() ||
                              (of.common_name.find('.') != std::string::npos &&
                               of.common_name.find(' ') == std::string::npos);
    return !names_a_host && (::X509_get_extension_flags(certificate) & EXFLAG_CA) != 0;
}

// Both say which key it is; that they say the same is for X509_check_issued.
bool are_keys_named(X509* certificate, X509* issuer) {
    return ::X509_get0_authority_key_id(certificate) != nullptr &&
           ::X509_get0_subject_key_id(issuer) != nullptr;
}

// A signature by P-384 takes 0.7 ms, by P-256 or RSA less than a tenth of that.
bool is_slow(EVP_PKEY const* key) {
    return key != nullptr && ::EVP_PKEY_is_a(key, "EC") == 1 && ::EVP_PKEY_get_bits(key) > 256;
}

// Keys are never asked for on the terminal.
int no_password(char*, int, int, void*) { return -1; }

// A public key as it stands in its private key: the point of EC, modulus and exponent of RSA.
std::string_view public_part(X509 const* certificate) {
    auto const bytes = bytes_of(::X509_get0_pubkey_bitstr(certificate));
    auto const* content = bytes.data();
    auto const whole = static_cast<long>(bytes.size());
    long size = 0;
    int tag = 0;
    int kind = 0;
    auto const form = ::ASN1_get_object(&content, &size, &tag, &kind, whole);
    auto const is_sequence = form == V_ASN1_CONSTRUCTED && tag == V_ASN1_SEQUENCE;
    if (!is_sequence) return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
    return {reinterpret_cast<char const*>(content), static_cast<std::size_t>(size)};
}

// Whether the key holds this part as it is. A tenth of the time that it takes to decode the key.
bool holds(std::string_view pem, std::string_view part) {
    constexpr std::size_t least = 60; // so that it is found by no chance
    auto const text = reading(pem);
    auto found = false;
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    while (!found && part.size() >= least &&
           ::PEM_read_bio(text.get(), &name, &header, &data, &size) == 1) {
        std::string_view const der(reinterpret_cast<char*>(data), static_cast<std::size_t>(size));
        std::string_view const kind(name);
        found = kind.ends_with("PRIVATE KEY") && der.find(part) != std::string_view::npos;
        ::OPENSSL_free(name);
        ::OPENSSL_free(header);
        ::OPENSSL_clear_free(data, der.size());
    }
    ::ERR_clear_error();
    return found;
}

} // namespace

result<std::vector<handle>> certificates_in(std::string_view pem) {
    auto const text = reading(pem);
    std::vector<handle> found;
    while (found.size() < certificates_max) {
        auto* const next = ::PEM_read_bio_X509(text.get(), nullptr, no_password, nullptr);
        if (next == nullptr) break;
        found.emplace_back(next, ::X509_free);
    }
    auto const failure = ::ERR_peek_last_error();
    auto const is_end = ERR_GET_REASON(failure) == PEM_R_NO_START_LINE;
    ::ERR_clear_error();
    if (!found.empty()) return found;
    if (is_end || failure == 0) return unusable("it contains no certificate");
    return unusable("its certificate is damaged");
}

result<leaf> read_leaf(handle const& certificate) {
    auto* const from = certificate.get();
    auto const not_before = moment_of(::X509_get0_notBefore(from));
    auto const not_after = moment_of(::X509_get0_notAfter(from));
    leaf read;
    read_names(from, read);
    read.common_name = entry_of(::X509_get_subject_name(from), NID_commonName);
    read.issuer = issuer_of(from);
    read.issuing_organisation = entry_of(::X509_get_issuer_name(from), NID_organizationName);
    read.serial = serial_of(from);
    read.key = key_of(from);
    read.renewal_id = renewal_id_of(from);
    read.fingerprint = fingerprint_of(from);
    read.is_issuer = is_an_issuer(from, read);
    ::ERR_clear_error();
    if (!not_before || !not_after) return unusable("its certificate has dates that are none");
    read.not_before = *not_before;
    read.not_after = *not_after;
    return read;
}

bool is_issued_by(handle const& certificate, handle const& issuer) {
    auto* const key = ::X509_get0_pubkey(issuer.get());
    auto const is_named = ::X509_check_issued(issuer.get(), certificate.get()) == X509_V_OK;
    auto const is_told = are_keys_named(certificate.get(), issuer.get()) && is_slow(key);
    auto const fits =
        is_named && key != nullptr && (is_told || ::X509_verify(certificate.get(), key) == 1);
    ::ERR_clear_error();
    return fits;
}

result<bool> has_key(handle const& certificate, std::string_view pem) {
    if (holds(pem, public_part(certificate.get()))) return true;
    auto const text = reading(pem);
    key_handle const key(::PEM_read_bio_PrivateKey(text.get(), nullptr, no_password, nullptr));
    ::ERR_clear_error();
    if (!key) {
        auto const is_locked = pem.find("ENCRYPTED") != std::string_view::npos;
        return unusable(is_locked ? "its key is encrypted" : "it contains no private key");
    }
    auto const fits = ::X509_check_private_key(certificate.get(), key.get()) == 1;
    ::ERR_clear_error();
    return fits;
}

} // namespace acme_dns01::certificate
