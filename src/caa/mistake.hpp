#pragma once

#include "caa/property.hpp"

#include <string>
#include <vector>

namespace acme_dns01::caa {

// What is legal but surely not meant in one record: the rest of a sentence each, that begins with
// the record.
std::vector<std::string> mistakes_in(property const& p);

} // namespace acme_dns01::caa
