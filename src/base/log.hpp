#pragma once

#include "base/error.hpp"

#include <functional>
#include <string>

namespace acme_dns01 {

// How the lower layers tell what is no result and no failure. Nothing below cli prints.
struct log {
    std::function<void(std::string const&)> note = [](auto const&) {};    // only with --verbose
    std::function<void(std::string const&)> warning = [](auto const&) {}; // always
    // What is going on at this moment: drawn on a terminal, and over by the next line.
    std::function<void(std::string const&)> progress = [](auto const&) {};

    // For what may fail without stopping the work.
    void warn_if_failed(result<void> const& outcome) const {
        if (!outcome) warning(outcome.error().text());
    }
};

} // namespace acme_dns01
