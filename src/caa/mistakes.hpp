#pragma once

#include "caa/record.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::caa {

// Probable mistakes in one record that is legal: the rest of a sentence each, which begins with the
// record.
std::vector<std::string> mistakes_in(property const& p);

// The word that was probably meant, in another letter case or with up to two letters wrong, missing
// or too many; empty where none is near, or where the text is one of the words already. A text much
// longer than a word is near none, so that it takes no time.
std::string_view meant_word(std::string_view text, std::span<std::string_view const> words);

// Letters to insert, leave out or change (Levenshtein 1965).
std::size_t edits_between(std::string_view a, std::string_view b);

} // namespace acme_dns01::caa
