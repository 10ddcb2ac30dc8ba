#include "base/text.hpp"

#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace acme_dns01 {

namespace {

constexpr std::string_view blanks = " \t\r\n";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

char shown(char c) { return c >= 0x20 && c < 0x7f ? c : '?'; }

} // namespace

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) { return lower(c); });
    return result;
}

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
    std::vector<std::string> pieces;
    while (!text.empty()) {
        auto const end = std::min(text.find_first_of(separators), text.size());
        auto const piece = trimmed(text.substr(0, end));
        if (!piece.empty()) pieces.emplace_back(piece);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pieces;
}

std::string joined(std::vector<std::string> const& pieces, std::string_view separator) {
    return boost::algorithm::join(pieces, separator);
}

std::string printable(std::string_view text, std::size_t length_max) {
    auto const cut = text.size() > length_max;
    std::string result(cut ? text.substr(0, length_max) : text);
    std::ranges::transform(result, result.begin(), shown);
    if (cut) result += "...";
    return result;
}

std::string in_quotes(std::string_view text, std::size_t length_max) {
    return "'" + printable(text, length_max) + "'";
}

std::string shell_word(std::string_view text) {
    auto const is_plain = [](char c) {
        return is_alphanumeric(c) ||
               std::string_view("-_./:=,@%+").find(c) != std::string_view::npos;
    };
    if (!text.empty() && std::ranges::all_of(text, is_plain)) return std::string(text);
    auto const escaped = boost::algorithm::replace_all_copy(std::string(text), "'", "'\\''");
    return "'" + escaped + "'";
}

std::string_view without_final_dot(std::string_view name) {
    return name.size() > 1 && name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

std::string counted(std::size_t count, std::string_view noun) {
    return counted(count, noun, std::string(noun) + "s");
}

std::string counted(std::size_t count, std::string_view one, std::string_view several) {
    return std::to_string(count) + " " + std::string(count == 1 ? one : several);
}

std::string decimal(double value, int digits) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, value);
    return buffer.data();
}

std::string utc_time(std::chrono::system_clock::time_point moment) {
    auto const time = std::chrono::system_clock::to_time_t(moment);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 32> text{};
    auto const size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
    return {text.data(), size};
}

} // namespace acme_dns01
