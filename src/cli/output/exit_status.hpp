#pragma once

#include "base/error.hpp"

namespace acme_dns01::cli {

// Scripts rely on these numbers: they never change their meaning.
enum class exit_status {
    done = 0,
    unexpected = 1,
    usage = 2,
    configuration = 3,
    unauthorized = 4,
    not_found = 5,
    caa_forbidden = 6,
    not_propagated = 7,
    temporary = 8, // retrying helps with this one and with not_propagated only
    rejected = 9,
    problems_found = 10,
};

exit_status exit_status_of(error_kind kind);

} // namespace acme_dns01::cli
