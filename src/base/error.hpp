#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace acme_dns01 {

// Why something failed, as finely as a caller may want to act on it: the exit status and the JSON
// "kind" follow from it. Kinds with the same exit status differ in what to do next.
enum class error_kind {
    unexpected,     // a bug of ours
    usage,          // bad option, bad domain name, bad value
    configuration,  // a setting or a credential is missing, unreadable or unsafe
    unauthorized,   // the API refused the token (401, 403)
    zone_not_found, // no zone of the account contains the name
    not_found,      // the domain, record or id does not exist
    caa_forbidden,  // CAA forbids this issuer
    not_propagated, // not on every authoritative server in time
    unreachable,    // nothing was sent: no connection, no name resolution, no TLS
    untrusted,      // nothing was sent: the certificate is not trusted; trying again does not help
    no_answer,      // something was sent; whether the server acted on it is unknown
    too_slow,       // the same, and the server may still act: no answer within the time limit
    dns_failure,    // DNS gave no usable answer
    rate_limited,   // 429
    server_error,   // 408 and 5xx
    rejected,       // the API refused the request itself (422 and the like)
    bad_answer,     // the API's answer breaks its own rules
    too_large,      // the API's answer is longer than we read
    problems_found, // reserved for check and cert status
};

// "usage", "zone_not_found": the names above.
std::string_view to_string(error_kind kind);

// A failure of ordinary life. `message` and `hint` are our own words. `server_said` comes from the
// server and is not to be trusted: show it only through text(), which makes it printable.
struct error {
    error_kind kind = error_kind::unexpected;
    std::string message{};     // what failed, for which domain, at which server: one sentence
    std::string hint{};        // what to do next; may be empty
    std::string server_said{}; // the server's own explanation; may be empty
    std::string request_id{};  // DigitalOcean's request id; may be empty
    int code = 0;              // a library's error code, for the code that calls it; never shown

    // The message with the server's explanation, on one line, without the request id.
    std::string text() const;
};

// The same failure, seen from one layer up: "<what>: <message>".
error in_context(std::string_view what, error cause);

template <class T>
using result = boost::system::result<T, error>;

// Boost.System calls this, found by ADL, if a result is asked for a value that it does not hold:
// that is a bug.
[[noreturn]] void throw_exception_from_error(error const& e, boost::source_location const& where);

} // namespace acme_dns01
