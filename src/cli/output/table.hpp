#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

// Of a width or height: results to a file are as wide as they like.
inline constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

enum class cells {
    text,
    numbers,   // on the right
    long_text, // are cut if the table is too wide; at most one column of a table
};

struct column {
    std::string_view title{};
    cells has = cells::text;
};

using rows = std::vector<std::vector<std::string>>;

// Aligns the rows in columns two blanks apart, with the titles above them if there are any. Cells
// are made printable, since their text may come from others. If the table is wider than
// `width`, the column that may be cut is narrowed; cut cells end in "...".
std::vector<std::string>
aligned(std::vector<column> const& columns, rows all, std::size_t width = unlimited);

// Cuts the text to `width` bytes; a text that was longer ends in "...".
std::string shortened(std::string text, std::size_t width);

} // namespace acme_dns01::cli
