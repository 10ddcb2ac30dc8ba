#pragma once

#include "certificate/lineage.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace acme_dns01::certificate {

// Timers and cron entries that start a client's renewals on this host.
struct starter {
    std::string client;
    std::string what;    // "certbot.timer", "/etc/cron.d/certbot"
    std::string command; // the line that starts it
};

struct starters {
    std::vector<starter> all;
    std::vector<std::string> unread; // places that we may not look into
};

// The systemd timers that are enabled and the entries of cron, from files alone, that name a client
// and tell it to renew. A script of another name that calls a client is not found. `root` is "/".
starters find_starters(std::filesystem::path const& root);

// The one that renews the lineage, if possible one that names it. nullptr if nothing starts its
// renewal.
starter const* starter_of(starters const& found, lineage const& l);

} // namespace acme_dns01::certificate
