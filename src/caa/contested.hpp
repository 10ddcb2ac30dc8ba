#pragma once

#include "caa/property.hpp"
#include "caa/request.hpp"

#include <string>
#include <vector>

namespace acme_dns01::caa {

// Where the RFCs leave room, or where Let's Encrypt does not take them to the letter: a sentence
// for each reading of these records by which another CA comes to another verdict, and to which.
std::vector<std::string> other_readings(request const& r, std::vector<property> const& records);

} // namespace acme_dns01::caa
