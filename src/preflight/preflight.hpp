#pragma once

#include "base/error.hpp"
#include "base/log.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace acme_dns01::preflight {

// A domain of a certificate that certbot renews, and that certificate's name.
struct certbot_name {
    std::string domain;
    std::string certificate;
};

// The domains of all certificates that `certbot renew` would renew with manual DNS hooks, whether
// due or not, from the *.conf files of its renewal folder; `folder` is that or the one above it. A
// lineage that certbot skips (certbot 2.1, storage.py and renewal.py) is skipped with a warning,
// unless other authenticators prove it. error_kind::configuration where the folder cannot be read,
// and where there is no domain.
result<std::vector<certbot_name>>
certbot_names(std::filesystem::path const& folder, log const& notes);

} // namespace acme_dns01::preflight
