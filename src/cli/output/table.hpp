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
    // Gives way where the table is wider than the terminal. At most one column of a table.
    bool may_be_cut = false;
};

using rows = std::vector<std::vector<std::string>>;

// Rows of cells under each other, two blanks between columns, titles above them if there are any.
// What stands in a cell may be somebody else's words: it is shown as printable text. With a width,
// the column that may be cut is made as narrow as that takes, its cells then ending in "...".
std::vector<std::string> aligned(
    std::vector<column> const& columns, rows cells, std::optional<std::size_t> width = std::nullopt
);

// A text of at most `width` bytes; one that was longer ends in "...".
std::string shortened(std::string text, std::size_t width);

} // namespace acme_dns01::cli
