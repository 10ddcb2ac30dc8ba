#pragma once

#include "base/error.hpp"
#include "digitalocean/operation.hpp"
#include "dns/name.hpp"

#include <map>
#include <optional>
#include <string>

namespace acme_dns01::cli {

// What the options of the commands about zones and records say: settings::own, read. All failures
// are error_kind::usage and name the option.

using own_options = std::map<std::string, std::string>;

// What was given with an option of any command; nothing where it was not.
std::optional<std::string> text_in(own_options const& own, std::string const& option);

// --all, --page, --per-page.
struct listing {
    bool all = false;
    digitalocean::page_request page{}; // where it is not all
};

result<listing> listing_in(own_options const& own);

// --name and --type, of records in `zone`.
result<digitalocean::record_filter> filter_in(own_options const& own, dns::name const& zone);

// The attributes of a record, as they were written: checked_new and checked_change look closer.
result<digitalocean::record_fields> fields_in(own_options const& own);

// --ip-address; empty where there is none.
result<std::string> ip_address_in(own_options const& own);

// A domain on the command line: two labels at least, and no wildcard.
result<dns::name> zone_named(std::string const& text);

} // namespace acme_dns01::cli
