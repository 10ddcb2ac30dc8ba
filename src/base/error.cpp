#include "base/error.hpp"

#include "base/text.hpp"

#include <stdexcept>

namespace acme_dns01 {

namespace {

constexpr std::size_t server_said_max = 300;

} // namespace

std::string_view to_string(error_kind kind) {
    switch (kind) {
    case error_kind::unexpected:
        return "unexpected";
    case error_kind::usage:
        return "usage";
    case error_kind::configuration:
        return "configuration";
    case error_kind::unauthorized:
        return "unauthorized";
    case error_kind::zone_not_found:
        return "zone_not_found";
    case error_kind::not_found:
        return "not_found";
    case error_kind::caa_forbidden:
        return "caa_forbidden";
    case error_kind::not_propagated:
        return "not_propagated";
    case error_kind::unreachable:
        return "unreachable";
    case error_kind::untrusted:
        return "untrusted";
    case error_kind::no_answer:
        return "no_answer";
    case error_kind::too_slow:
        return "too_slow";
    case error_kind::dns_failure:
        return "dns_failure";
    case error_kind::rate_limited:
        return "rate_limited";
    case error_kind::server_error:
        return "server_error";
    case error_kind::rejected:
        return "rejected";
    case error_kind::bad_answer:
        return "bad_answer";
    case error_kind::too_large:
        return "too_large";
    case error_kind::problems_found:
        return "problems_found";
    }
    return "unexpected";
}

std::string error::text() const {
    if (server_said.empty()) return message;
    return message + ": " + printable(server_said, server_said_max);
}

error in_context(std::string_view what, error cause) {
    cause.message = std::string(what) + ": " + cause.message;
    return cause;
}

void throw_exception_from_error(error const& e, boost::source_location const& where) {
    throw std::logic_error(
        std::string(where.file_name()) + ":" + std::to_string(where.line()) +
        ": a failure was taken for a value: " + e.text()
    );
}

} // namespace acme_dns01
