#pragma once

#include "cli/options/settings.hpp"
#include "cli/options/sources.hpp"

namespace acme_dns01::cli {

// Gives the texts of options their types. They are read in alphabetical order, in which issuer
// comes after caa-issuer and beats it. error_kind::usage for the first text that is not of its
// type.
result<void> read_values(option_texts const& from, settings& into);

} // namespace acme_dns01::cli
