#include "cli/output/table.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <numeric>

namespace acme_dns01::cli {

namespace {

constexpr std::size_t cell_max = 4000;
constexpr std::size_t gap = 2;
constexpr std::string_view ellipsis = "...";

std::vector<std::size_t> widths_of(std::size_t columns, rows const& all) {
    std::vector<std::size_t> widths(columns);
    for (auto const& row : all) {
        for (std::size_t i = 0; i < columns; ++i)
            widths[i] = std::max(widths[i], row.at(i).size());
    }
    return widths;
}

// The column keeps at least one letter and the dots, or its title.
void narrow(
    std::vector<std::size_t>& widths, std::vector<column> const& columns, std::size_t width
) {
    auto const found = std::ranges::find(columns, cells::long_text, &column::has);
    if (found == columns.end()) return;
    auto& wide = widths[static_cast<std::size_t>(found - columns.begin())];
    auto const gaps = gap * (columns.size() - 1);
    auto const total = std::accumulate(widths.begin(), widths.end(), gaps);
    if (total <= width) return;
    auto const least = std::max(found->title.size(), ellipsis.size() + 1);
    auto const others = total - wide;
    wide = std::min(wide, std::max(least, width - std::min(width, others)));
}

std::string line_of(
    std::vector<column> const& columns,
    std::vector<std::size_t> const& widths,
    std::vector<std::string>& row
) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        auto const cell = shortened(std::move(row[i]), widths[i]);
        std::string const padding(widths[i] - cell.size(), ' ');
        if (i > 0) line.append(gap, ' ');
        line += columns[i].has == cells::numbers ? padding + cell : cell + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

} // namespace

std::vector<std::string> aligned(std::vector<column> const& columns, rows all, std::size_t width) {
    for (auto& row : all) {
        for (auto& cell : row)
            cell = printable(cell, cell_max);
    }
    auto const is_titled = [](column const& c) { return !c.title.empty(); };
    if (std::ranges::any_of(columns, is_titled)) {
        std::vector<std::string> titles;
        for (auto const& c : columns)
            titles.emplace_back(c.title);
        all.insert(all.begin(), std::move(titles));
    }
    auto widths = widths_of(columns.size(), all);
    narrow(widths, columns, width);
    std::vector<std::string> lines;
    lines.reserve(all.size());
    for (auto& row : all)
        lines.push_back(line_of(columns, widths, row));
    return lines;
}

std::string shortened(std::string text, std::size_t width) {
    if (text.size() <= width) return text;
    auto const kept = width - std::min(width, ellipsis.size());
    return text.substr(0, kept) + std::string(ellipsis.substr(0, width - kept));
}

} // namespace acme_dns01::cli
