#include "caa/issuer.hpp"

#include "base/text.hpp"
#include "caa/mistakes.hpp"
#include "caa/record.hpp"
#include "dns/name.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace acme_dns01::caa {

namespace json = boost::json;

namespace {

struct known_issuer {
    std::string_view keyword;     // "letsencrypt", as users may call it
    std::string_view name;        // "Let's Encrypt"
    std::string_view identities;  // separated by spaces
    std::string_view directories; // the hosts of its ACME directories, separated by spaces
    bool honours_parameters;
    // Other names that people use, separated by spaces. In a CAA record they do not name the CA.
    std::string_view nicknames = {};
};

constexpr std::string_view sectigo_family = "sectigo.com trust-provider.com usertrust.com "
                                            "comodoca.com comodo.com entrust.net affirmtrust.com";

// Sorted by keyword.
constexpr std::array<known_issuer, 14> table{{
    {"actalis", "Actalis", "actalis.it", "acme-api.actalis.com", false, "actalis.com"},
    {"amazon", "Amazon", "amazon.com amazontrust.com awstrust.com amazonaws.com", "", false, "aws"},
    {"buypass", "Buypass", "buypass.com", "api.buypass.com", false, "buypass.no"},
    {"certum", "Certum", "certum.pl", "", false, "certum.eu"},
    {"digicert",
     "DigiCert",
     "digicert.com geotrust.com rapidssl.com thawte.com",
     "one.us.digicert.com one.nl.digicert.com one.digicert.co.jp",
     false},
    {"globalsign", "GlobalSign", "globalsign.com", "", false},
    {"godaddy", "GoDaddy", "godaddy.com starfieldtech.com", "", false},
    {"google",
     "Google Trust Services",
     "pki.goog",
     "dv.acme-v02.api.pki.goog dv.acme-v02.test-api.pki.goog",
     false,
     "gts google.com"},
    {"harica", "HARICA", "harica.gr", "", false},
    {"letsencrypt",
     "Let's Encrypt",
     "letsencrypt.org",
     "acme-v02.api.letsencrypt.org acme-staging-v02.api.letsencrypt.org",
     true,
     "lets-encrypt letsencrypt.com"},
    {"pebble", "Pebble", "pebble.letsencrypt.org", "", false},
    {"sectigo", "Sectigo", sectigo_family, "acme.sectigo.com", false},
    {"sslcom", "SSL.com", "ssl.com", "acme.ssl.com", false},
    {"zerossl", "ZeroSSL", sectigo_family, "acme.zerossl.com", false, "zerossl.com"},
}};

constexpr std::size_t misspelt_length_min = 10; // two letters make a shorter one another CA

bool has_word(std::string_view words, std::string_view word) {
    auto const list = split(words, " ");
    return std::ranges::find(list, word) != list.end();
}

issuer issuer_from(known_issuer const& k) {
    return {
        .name = std::string(k.name),
        .identities = split(k.identities, " "),
        .honours_parameters = k.honours_parameters,
    };
}

template <class Matches>
known_issuer const* first_known(Matches matches) {
    auto const found = std::ranges::find_if(table, matches);
    return found == table.end() ? nullptr : &*found;
}

template <class Test>
known_issuer const* with_identity(Test passes) {
    return first_known([&](auto const& k) {
        return std::ranges::any_of(split(k.identities, " "), passes);
    });
}

known_issuer const* by_identity(std::string_view identity) {
    return with_identity([&](auto const& known) { return known == identity; });
}

// By keyword, name or nickname, in lower case.
known_issuer const* called(std::string_view text) {
    return first_known([&](auto const& k) {
        return k.keyword == text || lower(k.name) == text || has_word(k.nicknames, text);
    });
}

error unknown_issuer(std::string_view text) {
    std::vector<std::string> keywords;
    for (auto const& k : table)
        keywords.emplace_back(k.keyword);
    return {
        .kind = error_kind::usage,
        .message = in_quotes(text, 80) + " is not a known CA",
        .hint = "give its name in CAA records, such as letsencrypt.org, or one of " +
                joined(keywords, ", "),
    };
}

bool is_identity(std::string_view text) {
    return text.find('.') != std::string_view::npos && is_issuer_domain_name(text);
}

error no_directory() {
    return {.kind = error_kind::bad_answer, .message = "the answer is not an ACME directory"};
}

} // namespace

bool is_lets_encrypt(issuer const& by) {
    return std::ranges::find(by.identities, "letsencrypt.org") != by.identities.end();
}

result<issuer> find_issuer(std::string_view text) {
    auto const folded = lower(trimmed(text));
    if (auto const* known = called(folded)) return issuer_from(*known);
    auto const name = dns::name::parse(folded);
    if (!name || !is_identity(name->text())) return unknown_issuer(text);
    if (auto const* known = by_identity(name->text())) {
        auto found = issuer_from(*known);
        auto const asked = std::ranges::find(found.identities, name->text());
        std::rotate(found.identities.begin(), asked, std::next(asked));
        return found;
    }
    return issuer{.name = name->text(), .identities = {name->text()}};
}

std::optional<issuer> meant_issuer(std::string_view text) {
    auto const folded = lower(text);
    if (by_identity(folded) != nullptr) return std::nullopt;
    auto const is_above = [&](auto const& known) { return folded.ends_with("." + known); };
    auto const is_near = [&](std::string_view known) {
        return known.size() >= misspelt_length_min && !meant_word(folded, {&known, 1}).empty();
    };
    auto const* meant = called(folded);
    if (meant == nullptr) meant = with_identity(is_above);
    if (meant == nullptr) meant = with_identity(is_near);
    return meant == nullptr ? std::nullopt : std::optional(issuer_from(*meant));
}

result<std::vector<std::string>> identities_in(std::string_view directory) {
    json::error_code ec;
    auto const whole = json::parse({directory.data(), directory.size()}, ec);
    if (ec || whole.find_pointer("/newOrder", ec) == nullptr) return no_directory();
    auto const* const named = whole.find_pointer("/meta/caaIdentities", ec);
    if (named == nullptr) return std::vector<std::string>();
    auto const list = json::try_value_to<std::vector<std::string>>(*named);
    if (!list || list->size() > identities_max) return no_directory();
    return *list;
}

result<issuer>
issuer_of_directory(std::string_view directory_host, std::vector<std::string> const& identities) {
    auto const host = lower(directory_host);
    std::vector<std::string> usable;
    std::ranges::copy_if(identities, std::back_inserter(usable), is_identity);
    auto const* known = first_known([&](auto const& k) { return has_word(k.directories, host); });
    if (known == nullptr && !usable.empty()) known = by_identity(usable.front());
    if (known == nullptr && usable.empty()) {
        return error{
            .kind = error_kind::usage,
            .message = "the directory at " + printable(directory_host, 80) +
                       " does not say which CAA records name its CA",
            .hint = "name the CA with --issuer",
        };
    }
    auto found = known != nullptr ? issuer_from(*known) : issuer{usable.front(), {}};
    if (!usable.empty()) found.identities = usable;
    return found;
}

} // namespace acme_dns01::caa
