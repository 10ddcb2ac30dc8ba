#pragma once

#include "base/error.hpp"

#include <functional>
#include <string>

namespace acme_dns01 {

// How lower layers report what is neither a result nor a failure: nothing below cli prints.
struct log {
    std::function<void(std::string const&)> note = [](auto const&) {};    // only with --verbose
    std::function<void(std::string const&)> warning = [](auto const&) {}; // always
    // The current step: shown on a terminal until the next line is printed.
    std::function<void(std::string const&)> progress = [](auto const&) {};

    // For a step whose failure does not stop the work.
    void warn_if_failed(result<void> const& outcome) const {
        if (!outcome) warning(outcome.error().text());
    }
};

} // namespace acme_dns01
