#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace acme_dns01::cli {

// JSON on one line, with numbers as people write them: Boost.JSON prints 1.62 as 1.62E0.
std::string json_text(boost::json::value const& value);

} // namespace acme_dns01::cli
