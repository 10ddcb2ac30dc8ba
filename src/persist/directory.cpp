#include "persist/directory.hpp"

#include "base/text.hpp"
#include "caa/issuer.hpp"
#include "caa/record.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>

namespace acme_dns01::persist {

namespace json = boost::json;

namespace {

error bad_member(std::string const& name, std::string const& why) {
    return {
        .kind = error_kind::bad_answer,
        .message = "meta." + name + " " + why,
        .hint = "name the CA with --issuer and the form of the record with --form",
    };
}

json::value const* member(json::value const& whole, std::string_view pointer) {
    json::error_code ec;
    return whole.find_pointer({pointer.data(), pointer.size()}, ec);
}

bool is_issuer_name(std::string_view text) {
    constexpr std::size_t length_max = 253;
    return text.size() <= length_max && caa::is_issuer_domain_name(text) && lower(text) == text;
}

// "An array of one to ten issuer-domain-names", each of which is in caaIdentities as well if the
// directory has any (draft -02).
result<void> read_issuers(json::value const& whole, directory_meta& into) {
    auto const* const found = member(whole, "/meta/issuerDomainNames");
    if (found == nullptr) return {};
    auto const names = json::try_value_to<std::vector<std::string>>(*found);
    if (!names || names->empty() || names->size() > issuer_names_max)
        return bad_member("issuerDomainNames", "is not a list of one to ten names");
    for (auto const& name : *names) {
        auto const shown = "has " + in_quotes(name, 80) + ", which ";
        if (!is_issuer_name(name))
            return bad_member("issuerDomainNames", shown + "is not a domain name in lower case");
        auto const& known = into.caa_identities;
        if (!known.empty() && std::ranges::count(known, name) == 0)
            return bad_member("issuerDomainNames", shown + "is not in meta.caaIdentities");
    }
    into.issuer_names = *names;
    return {};
}

result<void> read_prefix(json::value const& whole, directory_meta& into) {
    auto const* const found = member(whole, "/meta/accountHashPrefix");
    if (found == nullptr) return {};
    if (!found->is_string() || !is_hash_prefix(std::string_view(found->get_string())))
        return bad_member("accountHashPrefix", "is not the beginning of a URI");
    into.hash_prefix = std::string_view(found->get_string());
    return {};
}

} // namespace

bool is_hash_prefix(std::string_view text) {
    return !text.empty() && text.size() <= hash_prefix_max &&
           caa::is_account_uri(std::string(text) + "sha-256/");
}

result<directory_meta> meta_in(std::string_view directory) {
    auto identities = caa::identities_in(directory);
    if (!identities) return identities.error();
    directory_meta meta{std::move(*identities), {}, {}};
    json::error_code ec;
    auto const whole = json::parse({directory.data(), directory.size()}, ec);
    auto const issuers = read_issuers(whole, meta);
    if (!issuers) return issuers.error();
    auto const prefix = read_prefix(whole, meta);
    if (!prefix) return prefix.error();
    return meta;
}

} // namespace acme_dns01::persist
