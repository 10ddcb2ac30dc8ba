#include "caa/issue_value.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::caa {

namespace {

constexpr std::size_t quoted_length_max = 60;

bool is_value_character(char c) { return c > 0x20 && c < 0x7f; } // ';' has split it before

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t"; // WSP (RFC 5234 B.1)
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_label(std::string_view text) {
    return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
           std::ranges::all_of(text, [](char c) { return c == '-' || is_alphanumeric(c); });
}

std::string complaint_about_tag(std::string_view tag, issue_grammar grammar) {
    if (tag.empty()) return grammar.has_nameless ? "" : "a parameter has no name";
    if (grammar.has_hyphens && is_label(tag)) return {};
    if (std::ranges::all_of(tag, is_alphanumeric)) return {};
    return in_quotes(tag, quoted_length_max) + " cannot name a parameter";
}

std::string complaint_about(parameter const& p, issue_grammar grammar) {
    auto const complaint = complaint_about_tag(p.tag, grammar);
    if (!complaint.empty()) return complaint;
    if (std::ranges::all_of(p.value, is_value_character)) return {};
    return in_quotes(p.value, quoted_length_max) + " cannot be a parameter's value";
}

void read_parameter(issue_value& v, std::string_view text, issue_grammar grammar) {
    auto const equals = text.find('=');
    if (equals == std::string_view::npos) {
        auto const blank = without_blanks(text).empty();
        v.malformed = blank ? "an empty parameter"
                            : in_quotes(without_blanks(text), quoted_length_max) + " has no '='";
        return;
    }
    parameter p{
        std::string(without_blanks(text.substr(0, equals))),
        std::string(without_blanks(text.substr(equals + 1))),
    };
    v.malformed = complaint_about(p, grammar);
    v.parameters.push_back(std::move(p));
}

// What follows the first semicolon; a lone one may end the value.
void read_parameters(issue_value& v, std::string_view text, issue_grammar grammar) {
    if (without_blanks(text).empty()) return;
    while (v.malformed.empty()) {
        auto const end = std::min(text.find(';'), text.size());
        read_parameter(v, text.substr(0, end), grammar);
        if (end == text.size()) return;
        text.remove_prefix(end + 1);
    }
}

} // namespace

bool is_issuer_domain_name(std::string_view text) {
    while (true) {
        auto const end = std::min(text.find('.'), text.size());
        if (!is_label(text.substr(0, end))) return false;
        if (end == text.size()) return true;
        text.remove_prefix(end + 1);
    }
}

issue_value parse_issue_value(std::string_view text, issue_grammar grammar) {
    issue_value v;
    auto const end = std::min(text.find(';'), text.size());
    v.issuer = without_blanks(text.substr(0, end));
    if (!v.issuer.empty() && !is_issuer_domain_name(v.issuer)) {
        v.malformed = in_quotes(v.issuer, quoted_length_max) + " is no domain name";
    } else if (end != text.size()) {
        read_parameters(v, text.substr(end + 1), grammar);
    }
    if (!v.malformed.empty()) return {.issuer = {}, .parameters = {}, .malformed = v.malformed};
    return v;
}

std::string to_string(issue_value const& v) {
    auto text = v.issuer;
    for (auto const& p : v.parameters)
        text += "; " + p.tag + "=" + p.value;
    return text;
}

} // namespace acme_dns01::caa
