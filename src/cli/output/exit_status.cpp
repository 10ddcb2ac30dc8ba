#include "cli/output/exit_status.hpp"

namespace acme_dns01::cli {

exit_status exit_status_of(error_kind kind) {
    switch (kind) {
    case error_kind::unexpected:
        return exit_status::unexpected;
    case error_kind::usage:
        return exit_status::usage;
    case error_kind::configuration:
        return exit_status::configuration;
    case error_kind::unauthorized:
        return exit_status::unauthorized;
    case error_kind::zone_not_found:
    case error_kind::not_found:
        return exit_status::not_found;
    case error_kind::caa_forbidden:
        return exit_status::caa_forbidden;
    case error_kind::not_propagated:
        return exit_status::not_propagated;
    case error_kind::unreachable:
    case error_kind::untrusted:
    case error_kind::no_answer:
    case error_kind::too_slow:
    case error_kind::dns_failure:
    case error_kind::rate_limited:
    case error_kind::server_error:
        return exit_status::temporary;
    case error_kind::rejected:
    case error_kind::bad_answer:
    case error_kind::too_large:
        return exit_status::rejected;
    case error_kind::problems_found:
        return exit_status::problems_found;
    }
    return exit_status::unexpected;
}

} // namespace acme_dns01::cli
