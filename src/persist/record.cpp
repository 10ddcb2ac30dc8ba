#include "persist/record.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace acme_dns01::persist {

namespace {

constexpr std::string_view label = "_validation-persist";
constexpr std::size_t quoted_length_max = 60;

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t"; // WSP (RFC 5234 B.1)
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> parts;
    for (;;) {
        auto const end = text.find(';');
        parts.push_back(without_blanks(text.substr(0, end)));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

bool is_value_character(char c) { return c > 0x20 && c < 0x7f && c != ';'; }

// A sign '+' is a number's part for Go's ParseInt, which Let's Encrypt uses.
std::optional<std::int64_t> unix_seconds_in(std::string_view text) {
    auto const has_plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
    return number_in<std::int64_t>(has_plus ? text.substr(1) : text);
}

std::string issuer_in(std::string_view text) {
    auto const name = dns::name::parse(text);
    return name && !name->is_root() ? name->text() : std::string();
}

// The parameters that are known, each at most once.
struct parameters {
    std::optional<std::string> account_uri{};
    std::optional<std::string> policy{};
    std::optional<std::string> until{};

    std::optional<std::string>* place_of(std::string_view tag) {
        auto const folded = lower(tag);
        if (folded == "accounturi") return &account_uri;
        if (folded == "policy") return &policy;
        return folded == "persistuntil" ? &until : nullptr;
    }

    // Why the parameter is malformed; empty if it is not.
    std::string read(std::string_view text) {
        auto const equals = text.find('=');
        auto const tag = without_blanks(text.substr(0, equals));
        auto const shown = in_quotes(text, quoted_length_max);
        if (text.empty()) return "it has an empty parameter";
        if (equals == std::string_view::npos) return "its parameter " + shown + " has no '='";
        if (tag.empty()) return "its parameter " + shown + " has no name";
        auto const value = without_blanks(text.substr(equals + 1));
        if (!std::ranges::all_of(value, is_value_character))
            return in_quotes(value, quoted_length_max) + " is not a parameter value";
        auto* const place = place_of(tag);
        if (place == nullptr) return {};
        if (place->has_value()) return "it has " + printable(tag, quoted_length_max) + " twice";
        *place = value;
        return {};
    }
};

std::string fault_of(parameters const& p) {
    if (!p.account_uri) return "it has no accounturi";
    if (p.account_uri->empty()) return "its accounturi is empty";
    if (p.until && !unix_seconds_in(*p.until))
        return "its persistUntil " + in_quotes(*p.until, quoted_length_max) +
               " is not a number of seconds";
    return {};
}

} // namespace

record parse_record(std::string_view text) {
    auto const parts = parts_of(text);
    record r{.issuer = issuer_in(parts.front())};
    parameters found;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        auto const fault = found.read(parts[i]);
        if (r.malformed.empty()) r.malformed = fault;
    }
    if (r.malformed.empty()) r.malformed = fault_of(found);
    r.account_uri = found.account_uri.value_or("");
    if (!r.malformed.empty()) return r;
    r.wildcard = lower(found.policy.value_or("")) == "wildcard";
    if (found.until) r.until = unix_seconds_in(*found.until);
    return r;
}

std::string to_text(record const& r) {
    auto text = r.issuer + "; accounturi=" + r.account_uri;
    if (r.wildcard) text += "; policy=wildcard";
    if (r.until) text += "; persistUntil=" + std::to_string(*r.until);
    return text;
}

result<dns::name> record_name(dns::name const& domain) { return domain.child(label); }

std::optional<std::string> text_of_rdata(std::span<std::uint8_t const> rdata) {
    if (rdata.empty()) return std::nullopt;
    std::string text;
    while (!rdata.empty()) {
        auto const length = std::size_t{rdata[0]};
        if (rdata.size() < length + 1) return std::nullopt;
        auto const part = rdata.subspan(1, length);
        text.append(part.begin(), part.end());
        rdata = rdata.subspan(length + 1);
    }
    return text;
}

} // namespace acme_dns01::persist
