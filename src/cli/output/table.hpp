#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

enum class alignment { left, right };

struct column {
    std::string_view title{};
    alignment side = alignment::left;
    // Is cut if the table is wider than the terminal. At most one column of a table.
    bool may_be_cut = false;
};

using rows = std::vector<std::vector<std::string>>;

// Aligns the rows in columns two blanks apart, with the titles above them if there are any. Cells
// are made printable, since their text may come from others. With a width, the column that may be
// cut is narrowed until the table fits; cut cells end in "...".
std::vector<std::string> aligned(
    std::vector<column> const& columns, rows cells, std::optional<std::size_t> width = std::nullopt
);

// Cuts the text to `width` bytes; a text that was longer ends in "...".
std::string shortened(std::string text, std::size_t width);

} // namespace acme_dns01::cli
