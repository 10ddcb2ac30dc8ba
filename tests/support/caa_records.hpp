#pragma once

#include "digitalocean/record.hpp"

#include <string>

namespace acme_dns01::test {

// A CAA record as the API has it.
digitalocean::record caa_record(
    std::string const& name,
    std::string const& data,
    std::string const& tag = "issue",
    int flags = 0
);

// The sandbox signs nothing, and every verdict in it is followed by this warning.
inline std::string const unproven =
    "DNSSEC was not checked, because the resolver passes no signatures on: a CA checks it and does "
    "not issue if it fails (BR 3.2.2.8)";
inline std::string const unproven_line = "  warning: " + unproven + "\n";

} // namespace acme_dns01::test
