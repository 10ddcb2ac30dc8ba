#pragma once

#include "base/error.hpp"

namespace acme_dns01::cli {

// What scripts branch upon. The numbers are an interface and never change their meaning.
enum class exit_status {
    done = 0,
    unexpected = 1,
    usage = 2,
    configuration = 3,
    unauthorized = 4,
    not_found = 5,
    caa_forbidden = 6,
    not_propagated = 7,
    temporary = 8, // the only one besides not_propagated where trying again helps
    rejected = 9,
    problems_found = 10,
};

exit_status exit_status_of(error_kind kind);

} // namespace acme_dns01::cli
