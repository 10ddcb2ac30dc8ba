#include "dns/name.hpp"

#include "base/c_handle.hpp"
#include "base/text.hpp"

#include <idn2.h>

#include <algorithm>
#include <iterator>

namespace acme_dns01::dns {

namespace {

constexpr std::size_t label_length_max = 63;
constexpr std::size_t name_length_max = 253;

error bad_name(std::string_view text, std::string_view why) {
    return {
        .kind = error_kind::usage,
        .message = in_quotes(text, 80) + " is not a domain name: " + std::string(why),
    };
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_label_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

result<std::string> to_a_labels(std::string_view text) {
    if (is_ascii(text)) return lower(text);
    // libidn2 would read as far as that.
    if (text.find('\0') != std::string_view::npos) return bad_name(text, "it has a zero byte");
    char* converted = nullptr;
    auto const status = ::idn2_to_ascii_8z(
        std::string(text).c_str(), &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT
    );
    c_handle<char, ::idn2_free> const owner(converted);
    if (status != IDN2_OK) return bad_name(text, ::idn2_strerror(status));
    return lower(converted);
}

std::string_view complaint_about(std::string_view label, bool first) {
    if (label.empty()) return "it has an empty label";
    if (label.size() > label_length_max) return "a label is longer than 63 bytes";
    if (first && label == "*") return {};
    if (!std::ranges::all_of(label, is_label_character)) {
        return "a label holds only letters, digits, '-' and '_'";
    }
    return {};
}

std::string_view complaint_about_labels(std::string_view text) {
    auto first = true;
    while (true) {
        auto const end = std::min(text.find('.'), text.size());
        auto const complaint = complaint_about(text.substr(0, end), first);
        if (!complaint.empty() || end == text.size()) return complaint;
        text.remove_prefix(end + 1);
        first = false;
    }
}

} // namespace

result<name> name::parse(std::string_view text) {
    if (text.empty()) return bad_name(text, "it is empty");
    if (text == ".") return name();
    // Far beyond any name, U-labels included: not worth a conversion.
    if (text.size() > 4 * name_length_max) return bad_name(text, "it is longer than 253 bytes");
    auto converted = to_a_labels(text);
    if (!converted) return converted.error();
    if (converted->ends_with('.')) converted->pop_back();
    if (auto const complaint = complaint_about_labels(*converted); !complaint.empty()) {
        return bad_name(text, complaint);
    }
    if (converted->size() > name_length_max) return bad_name(text, "it is longer than 253 bytes");
    return name(std::move(*converted));
}

bool name::ends_in_number() const {
    auto const last = std::string_view(text_).substr(text_.rfind('.') + 1);
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return !last.empty() && std::ranges::all_of(last, is_digit);
}

std::size_t name::label_count() const {
    if (text_.empty()) return 0;
    return 1 + static_cast<std::size_t>(std::ranges::count(text_, '.'));
}

name name::parent() const {
    auto const dot = text_.find('.');
    return dot == std::string::npos ? name() : name(text_.substr(dot + 1));
}

std::vector<name> name::climb() const {
    std::vector<name> levels;
    for (auto level = *this; !level.is_root(); level = level.parent())
        levels.push_back(level);
    return levels;
}

bool name::is_within(name const& zone) const {
    if (zone.is_root() || text_ == zone.text_) return true;
    return text_.ends_with(zone.text_) && text_.size() > zone.text_.size() &&
           text_[text_.size() - zone.text_.size() - 1] == '.';
}

std::string name::relative_to(name const& zone) const {
    if (text_ == zone.text_) return "@";
    if (zone.is_root()) return text_;
    return text_.substr(0, text_.size() - zone.text_.size() - 1);
}

result<name> name::child(std::string_view label) const {
    return parse(std::string(label) + "." + text_);
}

result<name> absolute_name(std::string_view relative, name const& zone) {
    if (relative == "@") return zone;
    if (relative.ends_with('.')) return name::parse(relative);
    return zone.child(relative);
}

std::string shown(name const& of_zone) {
    return of_zone.is_root() ? "the root zone" : of_zone.text();
}

std::vector<std::string> texts_of(std::vector<name> const& names) {
    std::vector<std::string> texts;
    std::ranges::transform(names, std::back_inserter(texts), &name::text);
    return texts;
}

} // namespace acme_dns01::dns
