#include "caa/mistakes.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace acme_dns01::caa {

namespace {

using sentences = std::vector<std::string>;

constexpr std::array<std::string_view, 7> known_tags{
    "issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"};
constexpr std::array<std::string_view, 2> known_parameters{account_parameter, method_parameter};
constexpr std::array<std::string_view, 5> known_methods{
    "dns-01", "http-01", "tls-alpn-01", "dns-account-01", "dns-persist-01"};

constexpr std::size_t quoted_length_max = 60;

constexpr std::size_t edits_max = 2;
constexpr std::size_t short_word_length = 4;    // in these, two letters are half of it
constexpr std::size_t misspelt_length_min = 10; // two letters make a shorter one another CA

// Edits between them; more than edits_max where the text is too far from the word to mean it.
std::size_t distance(std::string_view text, std::string_view word) {
    auto const shorter = std::min(text.size(), word.size());
    if (std::max(text.size(), word.size()) - shorter > edits_max) return edits_max + 1;
    auto const edits = edits_between(text, word);
    return edits == 0 || word.size() > short_word_length ? edits : edits_max + 1;
}

bool is_misspelt(std::string_view text, std::string_view identity) {
    return identity.size() >= misspelt_length_min &&
           !meant_word(text, std::span(&identity, 1)).empty();
}

template <class Test>
known_issuer const* first_with_identity(Test passes) {
    for (auto const& k : known_issuers()) {
        if (std::ranges::any_of(split(k.identities, " "), passes)) return &k;
    }
    return nullptr;
}

void add_tag(sentences& to, property const& p) {
    auto const tag = lower(p.tag);
    if (auto const meant = meant_word(tag, known_tags); !meant.empty()) {
        to.push_back("has a tag that no CA knows: " + std::string(meant) + " was probably meant");
    } else if (!std::ranges::all_of(tag, [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
               })) {
        to.push_back("has characters other than letters and digits in its tag (RFC 8659 4.1)");
    }
}

std::string why_malformed(std::string_view value, std::string const& malformed) {
    auto const issuer = value.substr(0, value.find(';'));
    if (value.find('"') != std::string_view::npos) return "its value contains quotes";
    if (issuer.find("://") != std::string_view::npos)
        return "its issuer is a URL instead of a domain name";
    if (issuer.find_first_of(", \t") != std::string_view::npos &&
        trimmed(issuer).find_first_of(", \t") != std::string_view::npos)
        return "its issuer is more than one domain name: each CA needs a record of its own";
    if (trimmed(issuer).ends_with('.')) return "its issuer ends in a dot";
    return malformed;
}

void add_issuer(sentences& to, std::string const& issuer) {
    if (lower(issuer) != issuer)
        to.push_back(
            "has capitals in its issuer, which Let's Encrypt compares byte by byte: write " +
            lower(issuer)
        );
    auto const* meant = meant_issuer(issuer);
    if (meant == nullptr) return;
    to.push_back(
        "does not name " + std::string(meant->name) + ", which is called " +
        std::string(own_identity(*meant)) + " in CAA records"
    );
}

void add_parameter_name(sentences& to, std::string const& tag) {
    auto const meant = meant_word(tag, known_parameters);
    if (meant.empty()) return;
    to.push_back(
        "is not restricted by " + in_quotes(tag, quoted_length_max) +
        ", which no CA has to know: " + std::string(meant) + " was probably meant"
    );
}

void add_account(sentences& to, issue_value const& v) {
    auto const uris = values_of(v, account_parameter);
    if (uris.size() > 1)
        to.push_back("has accounturi twice and so permits no account (RFC 8657 3)");
    if (uris.size() == 1 && !is_account_uri(uris.front()))
        to.push_back("has an accounturi that is not a URI and so permits no account (RFC 8657 3)");
}

// "dns" is too far from every method to be a misspelling of one.
std::string_view meant_method(std::string const& method) {
    auto const* const numbered = std::ranges::find(known_methods, lower(method) + "-01");
    return numbered != known_methods.end() ? *numbered : meant_word(method, known_methods);
}

void add_method(sentences& to, std::string const& method) {
    if (!is_method_label(method)) {
        to.push_back(
            "has " + in_quotes(method, quoted_length_max) +
            " in validationmethods, where only letters, digits and hyphens are allowed (RFC 8657 4)"
        );
    } else if (auto const meant = meant_method(method); !meant.empty()) {
        to.push_back(
            "has " + in_quotes(method, quoted_length_max) +
            " in validationmethods: " + std::string(meant) + " was probably meant"
        );
    }
}

void add_methods(sentences& to, issue_value const& v) {
    auto const lists = values_of(v, method_parameter);
    if (lists.size() > 1)
        to.push_back("has validationmethods twice and so permits no method at Let's Encrypt");
    for (auto const& list : lists) {
        for (auto const& method : methods_in(list))
            add_method(to, method);
    }
}

void add_value(sentences& to, property const& p) {
    auto const& v = p.issue;
    if (!v.malformed.empty()) {
        to.push_back("is malformed and permits no CA: " + why_malformed(p.value, v.malformed));
        return;
    }
    add_issuer(to, v.issuer);
    for (auto const& parameter : v.parameters)
        add_parameter_name(to, parameter.tag);
    add_account(to, v);
    add_methods(to, v);
}

} // namespace

std::vector<std::string> mistakes_in(property const& p) {
    sentences found;
    if ((p.flags & mistaken_flag) != 0) {
        found.emplace_back(
            "sets flag 1, which has no meaning (RFC 8659 4.1): the critical flag is 128"
        );
    }
    add_tag(found, p);
    if (has_tag(p, "issue") || has_tag(p, "issuewild")) add_value(found, p);
    return found;
}

known_issuer const* meant_issuer(std::string_view text) {
    auto const folded = lower(text);
    if (first_with_identity([&](auto const& i) { return i == folded; }) != nullptr) return nullptr;
    auto const known = known_issuers();
    auto const called =
        std::ranges::find_if(known, [&](auto const& k) { return is_called(k, folded); });
    if (called != known.end()) return &*called;
    auto const is_above = [&](auto const& i) { return folded.ends_with("." + i); };
    if (auto const* below = first_with_identity(is_above)) return below;
    return first_with_identity([&](auto const& i) { return is_misspelt(folded, i); });
}

std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            auto const changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

std::string_view meant_word(std::string_view text, std::span<std::string_view const> words) {
    if (std::ranges::find(words, text) != words.end()) return {};
    auto const folded = lower(text);
    auto const edits = [&](std::string_view word) { return distance(folded, word); };
    auto const best = std::ranges::min_element(words, {}, edits);
    return best != words.end() && edits(*best) <= edits_max ? *best : std::string_view{};
}

} // namespace acme_dns01::caa
