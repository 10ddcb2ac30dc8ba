#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace acme_dns01 {

// What went wrong, as far as somebody may want to act on it: the exit status and the JSON "kind"
// follow from it. Kinds that end in the same exit status differ in what the next step is.
enum class error_kind {
    unexpected,     // a bug of ours
    usage,          // bad option, bad domain name, bad value
    configuration,  // a setting or a credential is missing, unreadable or unsafe
    unauthorized,   // the API refused the token (401, 403)
    zone_not_found, // no zone of the account holds the name
    not_found,      // the domain, record or id is not there
    caa_forbidden,  // CAA forbids this issuer
    not_propagated, // not on every authoritative server before the timeout
    unreachable,    // nothing was sent: no connection, no name resolution, no TLS
    untrusted,      // nothing was sent: the certificate is not trusted, and will not be next time
    no_answer,      // something was sent, and whether it was acted upon is unknown
    too_slow,       // the same, and it may still be: nothing came before the time limit
    dns_failure,    // the DNS gave no usable answer
    rate_limited,   // 429
    server_error,   // 408 and 5xx
    rejected,       // the API refused the request itself (422 and the like)
    bad_answer,     // the API answered what it may not
    too_large,      // the API answered, with more than is read
    problems_found, // check, cert status
};

std::string_view to_string(error_kind kind);

// A failure of ordinary life. `message` and `hint` are our own words; `server_said` is somebody
// else's and not to be trusted: it is only ever shown through text(), which makes it printable.
struct error {
    error_kind kind = error_kind::unexpected;
    std::string message{};     // what failed, for which domain, at which server: one sentence
    std::string hint{};        // what to do next; may be empty
    std::string server_said{}; // the server's own explanation; may be empty
    std::string request_id{};  // DigitalOcean's request id; may be empty
    int code = 0;              // a library's own, for whoever calls that library; never shown

    // The message with the server's explanation, on one line, without the request id.
    std::string text() const;
};

// The same failure seen from one layer up: "<what>: <message>".
error in_context(std::string_view what, error cause);

template <class T>
using result = boost::system::result<T, error>;

// Asking a result for a value it does not hold is a bug (Boost.System finds this by ADL).
[[noreturn]] void throw_exception_from_error(error const& e, boost::source_location const& where);

} // namespace acme_dns01
