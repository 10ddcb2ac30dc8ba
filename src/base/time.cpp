#include "base/time.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace acme_dns01 {

using std::chrono::sys_days;
using std::chrono::sys_seconds;
using whole_seconds = sys_seconds::duration;

namespace {

constexpr sys_seconds first_second{whole_seconds(-62'167'219'200)}; // 0000-01-01T00:00:00Z
constexpr sys_seconds last_second{whole_seconds(253'402'300'799)};  // 9999-12-31T23:59:59Z
constexpr std::size_t date_length = 10;                             // "2026-11-28"
constexpr std::size_t time_length = 19;                             // "2026-11-28T13:05:09"

// Whether the text is like the pattern, in which '0' stands for a digit.
bool is_like(std::string_view text, std::string_view pattern) {
    return std::ranges::equal(text, pattern, [](char c, char p) {
        return p == '0' ? c >= '0' && c <= '9' : c == p;
    });
}

int number_at(std::string_view text, std::size_t at, std::size_t length) {
    return number_in<int>(text.substr(at, length)).value_or(0);
}

// Seconds may be 60 (RFC 3339 5.7): the first of the next minute for a Unix clock.
std::optional<whole_seconds> clock_time_in(std::string_view text, int seconds_max) {
    if (!is_like(text, "00:00:00")) return std::nullopt;
    auto const hours = number_at(text, 0, 2);
    auto const minutes = number_at(text, 3, 2);
    auto const rest = number_at(text, 6, 2);
    if (hours > 23 || minutes > 59 || rest > seconds_max) return std::nullopt;
    return whole_seconds((hours * 60 + minutes) * 60 + rest);
}

// 'Z', or how far the clock is ahead of UTC: "+02:00".
std::optional<whole_seconds> offset_in(std::string_view text) {
    if (text == "Z" || text == "z") return whole_seconds(0);
    if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    auto const ahead = clock_time_in(std::string(text.substr(1)) + ":00", 0);
    if (!ahead) return std::nullopt;
    return text[0] == '-' ? -*ahead : *ahead;
}

std::string_view without_fraction(std::string_view rest) {
    if (!rest.starts_with('.')) return rest;
    auto const end = rest.find_first_not_of("0123456789", 1);
    return end == 1 || end == std::string_view::npos ? std::string_view("?") : rest.substr(end);
}

} // namespace

std::string rfc3339(sys_seconds of) {
    auto const moment = std::clamp(of, first_second, last_second);
    auto const midnight = std::chrono::floor<std::chrono::days>(moment);
    std::chrono::year_month_day const date(midnight);
    std::chrono::hh_mm_ss const time(moment - midnight);
    std::array<char, 64> text{};
    std::snprintf(
        text.data(),
        text.size(),
        "%04d-%02u-%02uT%02ld:%02ld:%02ldZ",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        static_cast<long>(time.hours().count()),
        static_cast<long>(time.minutes().count()),
        static_cast<long>(time.seconds().count())
    );
    return text.data();
}

std::optional<sys_seconds> parse_date(std::string_view text) {
    if (!is_like(text, "0000-00-00")) return std::nullopt;
    std::chrono::year_month_day const date{
        std::chrono::year(number_at(text, 0, 4)),
        std::chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
        std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2)))};
    if (!date.ok()) return std::nullopt;
    return sys_days(date);
}

std::optional<sys_seconds> parse_rfc3339(std::string_view text) {
    if (text.size() <= time_length) return std::nullopt;
    auto const separator = text[date_length];
    if (separator != 'T' && separator != 't' && separator != ' ') return std::nullopt;
    auto const date = parse_date(text.substr(0, date_length));
    auto const time = clock_time_in(text.substr(date_length + 1, 8), 60);
    auto const ahead = offset_in(without_fraction(text.substr(time_length)));
    if (!date || !time || !ahead) return std::nullopt;
    return *date + *time - *ahead;
}

} // namespace acme_dns01
