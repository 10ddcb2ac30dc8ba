#include "caa/mistakes.hpp"

#include "base/text.hpp"
#include "caa/issuer.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace acme_dns01::caa {

namespace {

constexpr std::array<std::string_view, 7> known_tags{
    "issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"};
constexpr std::array<std::string_view, 2> known_parameters{account_parameter, method_parameter};
constexpr std::array<std::string_view, 5> known_methods{
    "dns-01", "http-01", "tls-alpn-01", "dns-account-01", "dns-persist-01"};

constexpr std::size_t edits_max = 2;
constexpr std::size_t short_word_length = 4; // in these, two letters are half of it

std::string flag_mistake(property const& p) {
    if ((p.flags & mistaken_flag) == 0) return {};
    return "sets flag 1, which has no meaning (RFC 8659 4.1): the critical flag is 128";
}

std::string tag_mistake(property const& p) {
    auto const meant = meant_word(lower(p.tag), known_tags);
    if (!meant.empty())
        return "has a tag that no CA knows: " + std::string(meant) + " was probably meant";
    if (std::ranges::all_of(p.tag, is_alphanumeric)) return {};
    return "has characters other than letters and digits in its tag (RFC 8659 4.1)";
}

std::string why_malformed(std::string_view value, std::string const& malformed) {
    auto const issuer = value.substr(0, value.find(';'));
    if (value.find('"') != std::string_view::npos) return "its value contains quotes";
    if (issuer.find("://") != std::string_view::npos)
        return "its issuer is a URL instead of a domain name";
    if (trimmed(issuer).find_first_of(", \t") != std::string_view::npos)
        return "its issuer is more than one domain name: each CA needs a record of its own";
    if (trimmed(issuer).ends_with('.')) return "its issuer ends in a dot";
    return malformed;
}

std::string value_mistake(property const& p) {
    auto const& malformed = p.issue.malformed;
    if (malformed.empty()) return {};
    return "is malformed and permits no CA: " + why_malformed(p.value, malformed);
}

std::string capitals_in(std::string const& issuer) {
    if (lower(issuer) == issuer) return {};
    return "has capitals in its issuer, which Let's Encrypt compares byte by byte: write " +
           lower(issuer);
}

std::string issuer_mistake(std::string const& text) {
    auto const meant = meant_issuer(text);
    if (!meant) return {};
    return "does not name " + meant->name + ", which is called " + meant->identities.front() +
           " in CAA records";
}

std::string parameter_mistake(parameter const& p) {
    auto const meant = meant_word(p.tag, known_parameters);
    if (meant.empty()) return {};
    return "has the unknown parameter " + in_quotes(p.tag, quoted_length_max) +
           ", which restricts nothing: " + std::string(meant) + " was probably meant";
}

// "dns" is too far from every method to be a misspelling of one.
std::string_view meant_method(std::string const& method) {
    auto const* const numbered = std::ranges::find(known_methods, lower(method) + "-01");
    return numbered != known_methods.end() ? *numbered : meant_word(method, known_methods);
}

std::string method_mistake(std::string const& method) {
    auto const begin = "has " + in_quotes(method, quoted_length_max) + " in validationmethods";
    if (!is_method_label(method))
        return begin + ", where only letters, digits and hyphens are allowed (RFC 8657 4)";
    auto const meant = meant_method(method);
    return meant.empty() ? "" : begin + ": " + std::string(meant) + " was probably meant";
}

} // namespace

std::vector<std::string> mistakes_in(property const& p) {
    auto const& v = p.issue;
    std::vector<std::string> found{
        flag_mistake(p),
        tag_mistake(p),
        value_mistake(p),
        capitals_in(v.issuer),
        issuer_mistake(v.issuer)};
    for (auto const& parameter : v.parameters)
        found.push_back(parameter_mistake(parameter));
    found.push_back(account_fault(v));
    auto const lists = values_of(v, method_parameter);
    if (lists.size() > 1)
        found.emplace_back("has validationmethods twice and so permits no method at Let's Encrypt");
    for (auto const& list : lists) {
        for (auto const& method : methods_in(list))
            found.push_back(method_mistake(method));
    }
    std::erase(found, "");
    return found;
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
    // More than edits_max where the text is too far from the word to mean it.
    auto const edits = [&](std::string_view word) {
        auto const [shorter, longer] = std::minmax({folded.size(), word.size()});
        auto const count = longer - shorter > edits_max ? longer : edits_between(folded, word);
        return count == 0 || word.size() > short_word_length ? count : edits_max + 1;
    };
    auto const best = std::ranges::min(words, {}, edits);
    return edits(best) <= edits_max ? best : std::string_view{};
}

} // namespace acme_dns01::caa
