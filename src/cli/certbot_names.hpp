#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace acme_dns01::cli {

// The domains of all certificates that certbot renews with manual DNS hooks: of those that the
// files of its renewal folder name. `folder` is that or the one above it.
// error_kind::configuration where one cannot be read, and where there is none.
result<std::vector<std::string>> certbot_names(std::filesystem::path const& folder);

} // namespace acme_dns01::cli
