#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01 {

// ASCII only: DNS and HTTP fold case so, whatever the locale.
std::string lower(std::string_view text);

// An ASCII letter or digit.
bool is_alphanumeric(char c);

// Without blanks (space, tab, CR, LF) at both ends.
std::string_view trimmed(std::string_view text);

// The pieces between any of `separators`, trimmed, empty ones left out.
std::vector<std::string> split(std::string_view text, std::string_view separators);

std::string joined(std::vector<std::string> const& pieces, std::string_view separator);

// Safe to show on one line of a terminal: control characters and bytes above ASCII become '?',
// and what is longer than `length_max` bytes is cut and ends in "...".
std::string printable(std::string_view text, std::size_t length_max);

// The same between single quotes: what somebody gave us.
std::string in_quotes(std::string_view text, std::size_t length_max);

// As one word of a shell's command line, in single quotes where it needs any.
std::string shell_word(std::string_view text);

// "example.com" for "example.com.", and the root for itself.
std::string_view without_final_dot(std::string_view name);

// "1 record", "2 records".
std::string counted(std::size_t count, std::string_view noun);
std::string counted(std::size_t count, std::string_view one, std::string_view several);

// "1.62": seconds for people, never in exponent form.
std::string decimal(double value, int digits);

// "2026-11-23 14:05:09 UTC".
std::string utc_time(std::chrono::system_clock::time_point moment);

} // namespace acme_dns01
