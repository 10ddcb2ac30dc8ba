#pragma once

#include "base/error.hpp"
#include "base/log.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace acme_dns01::preflight {

// The domains of all certificates that certbot renews with manual DNS hooks: of those that the
// files of its renewal folder name. `folder` is that or the one above it. A file of which certbot
// makes nothing is skipped, as by certbot itself, with a warning. error_kind::configuration where
// the folder cannot be read, and where there is no domain.
result<std::vector<std::string>>
certbot_names(std::filesystem::path const& folder, log const& notes);

} // namespace acme_dns01::preflight
