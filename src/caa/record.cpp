#include "caa/record.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace acme_dns01::caa {

namespace {

constexpr std::size_t head_size = 2; // flags and the tag's length

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t"; // WSP (RFC 5234 B.1)
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Takes the text before the separator, and the separator with it; all of it if there is none.
std::string_view take(std::string_view& text, char separator) {
    auto const end = std::min(text.find(separator), text.size());
    auto const piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return piece;
}

bool is_label(std::string_view text) {
    return is_method_label(text) && text.front() != '-' && text.back() != '-';
}

bool is_value_character(char c) { return c > 0x20 && c < 0x7f && c != ';'; }

bool is_parameter_name(std::string_view tag, bool accepts_hyphens) {
    return std::ranges::all_of(tag, is_alphanumeric) || (accepts_hyphens && is_label(tag));
}

void read_parameter(issue_value& v, std::string_view text, bool accepts_hyphens) {
    auto value = without_blanks(text);
    if (value.empty()) {
        v.malformed = "it has an empty parameter";
    } else if (value.find('=') == std::string_view::npos) {
        v.malformed = "its parameter " + in_quotes(value, quoted_length_max) + " has no '='";
    }
    if (!v.malformed.empty()) return;
    auto const tag = without_blanks(take(value, '='));
    value = without_blanks(value);
    if (!is_parameter_name(tag, accepts_hyphens)) {
        v.malformed = in_quotes(tag, quoted_length_max) + " is not a parameter name";
    } else if (!std::ranges::all_of(value, is_value_character)) {
        v.malformed = in_quotes(value, quoted_length_max) + " is not a parameter value";
    }
    v.parameters.push_back({std::string(tag), std::string(value)});
}

error malformed(std::string_view why) {
    return {
        .kind = error_kind::dns_failure,
        .message = "a CAA record is malformed: " + std::string(why),
    };
}

std::string escaped(std::string_view text) {
    std::string result;
    for (auto const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        auto const is_printable = byte >= 0x20 && byte < 0x7f;
        if (c == '"' || c == '\\' || !is_printable) result += '\\';
        if (is_printable)
            result += c;
        else
            result += std::to_string(1000 + byte).substr(1); // three digits
    }
    return result;
}

} // namespace

issue_value parse_issue_value(std::string_view text, bool accepts_hyphens) {
    issue_value v;
    v.issuer = without_blanks(take(text, ';'));
    if (!v.issuer.empty() && !is_issuer_domain_name(v.issuer))
        v.malformed = in_quotes(v.issuer, quoted_length_max) + " is not a domain name";
    // A lone semicolon may end the issuer, but not a parameter.
    auto is_last = without_blanks(text).empty();
    while (v.malformed.empty() && !is_last) {
        is_last = text.find(';') == std::string_view::npos;
        read_parameter(v, take(text, ';'), accepts_hyphens);
    }
    if (!v.malformed.empty()) return {.issuer = {}, .parameters = {}, .malformed = v.malformed};
    return v;
}

std::vector<std::string> values_of(issue_value const& v, std::string_view name) {
    std::vector<std::string> values;
    for (auto const& p : v.parameters) {
        if (p.tag == name) values.push_back(p.value);
    }
    return values;
}

std::vector<std::string> methods_in(std::string_view list) {
    std::vector<std::string> methods;
    auto const commas = std::ranges::count(list, ',');
    for (auto i = 0; i <= commas; ++i)
        methods.emplace_back(take(list, ','));
    return methods;
}

bool is_issuer_domain_name(std::string_view text) {
    if (text.ends_with('.')) return false;
    while (is_label(take(text, '.'))) {
        if (text.empty()) return true;
    }
    return false;
}

bool is_account_uri(std::string_view text) {
    if (!std::ranges::all_of(text, is_value_character)) return false;
    auto const scheme = take(text, ':');
    auto const is_scheme_character = [](char c) {
        return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
    };
    return !text.empty() && !scheme.empty() && is_alphanumeric(scheme.front()) &&
           !(scheme.front() >= '0' && scheme.front() <= '9') &&
           std::ranges::all_of(scheme, is_scheme_character);
}

std::string account_fault(issue_value const& v) {
    auto const uris = values_of(v, account_parameter);
    if (uris.empty() || (uris.size() == 1 && is_account_uri(uris.front()))) return {};
    std::string fault = "has an accounturi that is not a URI";
    if (uris.size() > 1) fault = "has accounturi twice";
    if (uris.size() == 1 && uris.front().empty()) fault = "has an empty accounturi";
    return fault + " and so permits no account (RFC 8657 3)";
}

bool is_method_label(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return c == '-' || is_alphanumeric(c); });
}

property::property(std::uint8_t flag_bits, std::string name, std::string bytes)
    : flags(flag_bits), tag(std::move(name)), value(std::move(bytes)) {
    if (has_tag(*this, "issue") || has_tag(*this, "issuewild")) issue = parse_issue_value(value);
}

result<property> parse_property(std::span<std::uint8_t const> rdata) {
    if (rdata.size() < head_size) return malformed("it is cut short");
    auto const tag_length = std::size_t{rdata[1]};
    if (tag_length == 0) return malformed("its tag is empty");
    if (rdata.size() < head_size + tag_length) return malformed("it is cut short");
    auto const tag = rdata.subspan(head_size, tag_length);
    auto const value = rdata.subspan(head_size + tag_length);
    return property(rdata[0], {tag.begin(), tag.end()}, {value.begin(), value.end()});
}

std::string to_string(property const& p) {
    return std::to_string(p.flags) + " " + escaped(p.tag) + " \"" + escaped(p.value) + "\"";
}

std::string shown(property const& p) { return printable("CAA " + to_string(p), shown_length_max); }

bool has_tag(property const& p, std::string_view tag) { return lower(p.tag) == tag; }

bool has_parameter(property const& p, std::string_view name) {
    return !values_of(p.issue, name).empty();
}

bool is_critical(property const& p) { return (p.flags & (critical_flag | mistaken_flag)) != 0; }

} // namespace acme_dns01::caa
