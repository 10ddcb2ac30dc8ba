#pragma once

#include "base/error.hpp"
#include "dns/name.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::digitalocean {

// One of several accounts: an [account <name>] section of the configuration.
struct configured_account {
    std::string name;
    std::string token_file{};
    std::vector<dns::name> zones{}; // these names and everything below them are in this account
    friend bool operator==(configured_account const&, configured_account const&) = default;
};

// Adds one setting, "account <name>.<key>" as the parser of the file calls it, to the accounts.
// error_kind::usage for an unknown setting and for a second token-file.
result<void> add_setting(
    std::vector<configured_account>& accounts, std::string_view key, std::string const& value
);

// The account whose zones contain the name, the longest zone deciding; null if there is none.
configured_account const*
account_holding(std::vector<configured_account> const& accounts, dns::name const& fqdn);

} // namespace acme_dns01::digitalocean
