#include "certificate/config_obj.hpp"
#include "certificate/shell.hpp"
#include "certificate/x509.hpp"
#include "dns/name.hpp"
#include "fuzz/file_in_folder.hpp"
#include "fuzz/fuzz.hpp"
#include "journal/store.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace acme_dns01::fuzz {

namespace {

// The header lines apart, nothing of DER is left to chance.
std::string as_pem(std::string_view der) {
    std::string text((der.size() + 2) / 3 * 4 + 1, '\0');
    auto const size = ::EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()),
        bytes_of(der).data(),
        static_cast<int>(der.size())
    );
    text.resize(static_cast<std::size_t>(size));
    std::string lines = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < text.size(); at += 64)
        lines += text.substr(at, 64) + "\n";
    return lines + "-----END CERTIFICATE-----\n";
}

void require_names(std::string const& pem) {
    auto const all = certificate::certificates_in(pem);
    if (!all) return require_failure(all.error(), error_kind::configuration);
    auto const leaf = certificate::read_leaf(all->front());
    if (!leaf) return require_failure(leaf.error(), error_kind::configuration);
    std::size_t size = 0;
    for (auto const& text : leaf->domains) {
        size += text.size();
        require_one_line(text);
        auto const name = dns::name::parse(text);
        if (!name) require_failure(name.error(), error_kind::usage);
    }
    require(size <= pem.size(), "the names are those in the file");
    require_one_line(leaf->issuer + leaf->common_name + leaf->serial + leaf->key);
    certificate::is_issued_by(all->front(), all->back());
    auto const key = certificate::has_key(all->front(), pem);
    if (!key) require_failure(key.error(), error_kind::configuration);
}

void require_settings(std::string_view text) {
    auto const settings = certificate::config::parse(text);
    if (!settings) require_failure(settings.error(), error_kind::configuration);
    certificate::variables known{{"BASEDIR", "/var/lib/dehydrated"}};
    certificate::read_assignments(text, known);
    std::size_t size = 0;
    for (auto const& [name, value] : known)
        size = std::max(size, value.size());
    require(size <= 8192, "a value of a shell's variable has a bound");
}

journal::intent an_intent() {
    auto const zone = dns::name::parse("example.com").value();
    return {"example.com", zone, zone.child("_acme-challenge").value(), "the value", {}};
}

// A journal that can be read takes another row.
void require_usable(journal::store& journal) {
    auto const before = journal.outstanding();
    if (!before) return require_failure(before.error(), error_kind::configuration);
    auto const key = journal.intend(an_intent());
    if (!key) return require_failure(key.error(), error_kind::configuration);
    auto const after = journal.outstanding();
    if (!after) return require_failure(after.error(), error_kind::configuration);
    require(after->size() == before->size() + 1, "one row is added");
    auto const zones = journal.zones_of("account");
    if (!zones) require_failure(zones.error(), error_kind::configuration);
}

// Once: that none is opened for another reason must not go unnoticed.
bool is_opened(file_in_folder const& file) {
    file.write("");
    return journal::store::open(file.folder()).has_value();
}

} // namespace

void certbot_files(std::string_view input) {
    require_settings(input);
    require_names(std::string(input));
    require_names(as_pem(input));
}

void journal_file(std::string_view input) {
    static file_in_folder const file("journal.sqlite");
    static auto const is_new_one_opened = is_opened(file);
    require(is_new_one_opened, "a new journal is opened");
    file.write(input);
    auto journal = journal::store::open(file.folder());
    if (journal) return require_usable(*journal);
    require_failure(journal.error(), error_kind::configuration);
    require(file.content() == input, "a journal that cannot be used stays as it is");
}

} // namespace acme_dns01::fuzz
