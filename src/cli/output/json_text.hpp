#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace acme_dns01::cli {

// JSON on one line, with numbers as people write them: Boost.JSON prints 1.62 as 1.62E0. A string
// that is no UTF-8, such as a word of a command line may be, would be no JSON: it is made
// printable.
std::string json_text(boost::json::value const& value);

} // namespace acme_dns01::cli
