#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace acme_dns01::cli {

// JSON on one line, with plain decimal numbers: Boost.JSON prints 1.62 as 1.62E0. A string that is
// not UTF-8, such as a word of the command line, is made printable, since JSON cannot hold it.
std::string json_text(boost::json::value const& value);

} // namespace acme_dns01::cli
