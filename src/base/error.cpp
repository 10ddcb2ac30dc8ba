#include "base/error.hpp"

#include "base/text.hpp"

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <stdexcept>

namespace acme_dns01 {

BOOST_DESCRIBE_ENUM(
    error_kind,
    unexpected,
    usage,
    configuration,
    unauthorized,
    zone_not_found,
    not_found,
    caa_forbidden,
    not_propagated,
    unreachable,
    untrusted,
    no_answer,
    too_slow,
    dns_failure,
    rate_limited,
    server_error,
    rejected,
    bad_answer,
    too_large,
    problems_found
)

std::string_view to_string(error_kind kind) {
    return boost::describe::enum_to_string(kind, "unexpected");
}

std::string error::text() const {
    constexpr std::size_t server_said_max = 300;
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
