#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace acme_dns01::caa {

// The word that was probably meant, in another letter case or with up to two letters wrong, missing
// or too many; empty where none is near, or where the text is one of the words already. Texts much
// longer than a word are near none, so that it takes no time.
std::string_view meant_word(std::string_view text, std::span<std::string_view const> words);

// Letters to insert, leave out or change (Levenshtein 1965).
std::size_t edits_between(std::string_view a, std::string_view b);

} // namespace acme_dns01::caa
