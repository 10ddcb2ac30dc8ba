#include "caa/property.hpp"

#include "base/text.hpp"

namespace acme_dns01::caa {

namespace {

constexpr std::size_t head_size = 2; // flags and the tag's length

error malformed(std::string_view why) {
    return {
        .kind = error_kind::dns_failure,
        .message = "a CAA record is malformed: " + std::string(why),
    };
}

std::string escaped(char c) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') return {'\\', c};
    if (byte >= 0x20 && byte < 0x7f) return {c};
    auto const digits = std::to_string(1000 + byte); // three of them, zeros in front
    return "\\" + digits.substr(1);
}

std::string escaped(std::string_view text) {
    std::string result;
    for (auto const c : text)
        result += escaped(c);
    return result;
}

} // namespace

result<property> parse_property(std::span<std::uint8_t const> rdata) {
    if (rdata.size() < head_size) return malformed("it is cut short");
    auto const tag_length = std::size_t{rdata[1]};
    if (tag_length == 0) return malformed("its tag is empty");
    if (rdata.size() < head_size + tag_length) return malformed("it is cut short");
    auto const tag = rdata.subspan(head_size, tag_length);
    auto const value = rdata.subspan(head_size + tag_length);
    return property{
        .flags = rdata[0],
        .tag = std::string(tag.begin(), tag.end()),
        .value = std::string(value.begin(), value.end()),
    };
}

std::string to_string(property const& p) {
    return std::to_string(p.flags) + " " + escaped(p.tag) + " \"" + escaped(p.value) + "\"";
}

std::string shown(property const& p) { return printable("CAA " + to_string(p), shown_length_max); }

bool has_tag(property const& p, std::string_view tag) { return lower(p.tag) == tag; }

bool is_critical(property const& p) { return (p.flags & (critical_flag | mistaken_flag)) != 0; }

} // namespace acme_dns01::caa
