#include "dns/trust_anchor.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <system_error>

namespace acme_dns01::dns {

namespace {

// That of the root is 1 KB.
constexpr std::size_t file_size_max = 1024UL * 1024UL;

result<std::string> content_of(std::string const& file) {
    std::error_code ec;
    auto content = text_of_file(file, file_size_max, ec);
    if (ec == std::errc::file_too_large)
        return unusable_trust_anchor(file, "it is larger than 1 MiB");
    if (ec) return unusable_trust_anchor(file, ec.message());
    return content;
}

} // namespace

std::vector<std::string> const& root_trust_anchors() {
    static std::vector<std::string> const anchors{
        ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
        ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16"};
    return anchors;
}

bool holds_trust_anchor(std::string_view text) {
    for (auto const& line : split(text, "\n")) {
        auto const words = split(line.substr(0, line.find(';')), " \t");
        auto const is_type = [](std::string const& word) {
            auto const type = lower(word);
            return type == "ds" || type == "dnskey";
        };
        if (std::ranges::any_of(words, is_type)) return true;
    }
    return false;
}

result<void> check_trust_anchor_file(std::string const& file) {
    auto const content = content_of(file);
    if (!content) return content.error();
    if (holds_trust_anchor(*content)) return {};
    return unusable_trust_anchor(file, "it holds no DS or DNSKEY record");
}

error unusable_trust_anchor(std::string const& file, std::string_view why) {
    return {
        .kind = error_kind::configuration,
        .message =
            "trust anchor file " + printable(file, 200) + " cannot be used: " + std::string(why),
        .hint = "name a file with DS or DNSKEY records as zone files have them, or none for the "
                "root's, which are built in",
    };
}

} // namespace acme_dns01::dns
