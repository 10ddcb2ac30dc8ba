#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace acme_dns01::cli {

// What is wrong with the configuration file as a whole. error_kind::configuration.
error bad_config(std::string const& file, std::string_view why, std::string hint = {});

// What it says. error_kind::configuration where it cannot be read, is larger than 1 MiB or may be
// written by others.
result<std::string> config_text(std::string const& file);

// Whether the file is there that is read where none was named. A folder that lets this user not
// through may hide it: that stops nobody, since a hook that runs as `nobody` has its settings from
// elsewhere, but `warning` then says that the limits the file may set do not hold.
struct presence {
    bool is_there = false;
    std::string warning{}; // empty: nothing to warn of
};
presence look_for_config(std::string const& file);

} // namespace acme_dns01::cli
