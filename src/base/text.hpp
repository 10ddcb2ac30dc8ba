#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace acme_dns01 {

// ASCII only, whatever the locale: that is how DNS and HTTP fold case.
std::string lower(std::string_view text);

// True for an ASCII letter or digit.
bool is_alphanumeric(char c);

// The text without blanks (space, tab, CR, LF) at both ends.
std::string_view trimmed(std::string_view text);

// The pieces between any of the characters in `separators`, trimmed, without empty ones.
std::vector<std::string> split(std::string_view text, std::string_view separators);

std::string joined(std::vector<std::string> const& pieces, std::string_view separator);

// Safe to show on one line of a terminal: control characters and bytes above ASCII become '?', and
// a text longer than `length_max` bytes is cut and ends in "...".
std::string printable(std::string_view text, std::size_t length_max);

// The same between single quotes: for text that we were given.
std::string in_quotes(std::string_view text, std::size_t length_max);

// One word of a shell's command line, in single quotes if it needs them.
std::string shell_word(std::string_view text);

// "example.com" for "example.com."; the root "." stays.
std::string_view without_final_dot(std::string_view name);

// "1 record", "2 records".
std::string counted(std::size_t count, std::string_view noun);
std::string counted(std::size_t count, std::string_view one, std::string_view several);

// "1.62": never in exponent form.
std::string decimal(double value, int digits);

// The whole text as a number. Nothing if it is not one or does not fit T. No sign '+', no blanks.
template <class T>
std::optional<T> number_in(std::string_view text) {
    T number{};
    auto const* const end = text.data() + text.size();
    auto const [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stop != end) return std::nullopt;
    return number;
}

// "2026-11-23 14:05:09 UTC".
std::string utc_time(std::chrono::system_clock::time_point moment);

} // namespace acme_dns01
