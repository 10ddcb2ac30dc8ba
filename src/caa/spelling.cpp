#include "caa/spelling.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace acme_dns01::caa {

namespace {

constexpr std::size_t edits_max = 2;
constexpr std::size_t short_word_length = 4; // in these, two letters are half of it

bool is_near(std::string_view text, std::string_view word) {
    if (text.size() > word.size() + edits_max || word.size() > text.size() + edits_max)
        return false;
    return edits_between(text, word) <= (word.size() > short_word_length ? edits_max : 0);
}

} // namespace

std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            auto const changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

std::string_view meant_word(std::string_view text, std::span<std::string_view const> words) {
    if (std::ranges::find(words, text) != words.end()) return {};
    auto const folded = lower(text);
    auto const near = [&](std::string_view word) { return is_near(folded, word); };
    auto const distance = [&](std::string_view word) {
        return near(word) ? edits_between(folded, word) : edits_max + 1;
    };
    auto const best = std::ranges::min_element(words, {}, distance);
    return best != words.end() && near(*best) ? *best : std::string_view{};
}

} // namespace acme_dns01::caa
