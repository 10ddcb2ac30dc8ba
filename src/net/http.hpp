#pragma once

#include "base/error.hpp"
#include "base/secret.hpp"
#include "net/url.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::net {

struct request {
    std::string method;
    std::string target; // path and query, to follow the base URL's prefix
    std::string body;   // JSON, or empty
};

struct response {
    unsigned status = 0;
    std::map<std::string, std::string> headers; // names in lower case; the last of equal ones
    std::string body;
};

// The moment in a header such as Date: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7, without its
// obsolete forms). Nothing for any other text.
std::optional<std::chrono::system_clock::time_point> date_in(std::string_view text);

// The bytes of the request. They contain the token: the caller wipes them once they are sent.
std::string wire_of(request const& asked, base_url const& url, secret const& bearer);

// The request to a proxy for a connection to the API's host (RFC 9110 9.3.6). `credentials` is
// "user:password" or empty. The caller wipes it as well.
std::string connect_wire_of(base_url const& url, secret const& credentials);

struct answer_limits {
    std::size_t header = std::size_t{32} * 1024;
    std::size_t body = std::size_t{8} * 1024 * 1024;
};

// Reads one answer as its bytes arrive. Up to `interim_max` interim answers (1xx) before it, which
// a server may send unasked (RFC 9110 15.2), are skipped.
class response_reader {
public:
    // An answer to CONNECT has no body, whatever its header says.
    enum class part { whole, header };

    explicit response_reader(part wanted = part::whole, answer_limits limits = {});
    response_reader(response_reader const&) = delete;
    response_reader& operator=(response_reader const&) = delete;
    ~response_reader();

    // error_kind::too_large for a body beyond its limit, error_kind::bad_answer for anything but
    // HTTP. The message lacks its subject: "sent no valid HTTP answer: bad version".
    result<void> feed(std::string_view bytes);
    // The connection has ended: true if this completes the answer.
    bool end();

    bool is_done() const;
    // Bytes came after the answer.
    bool has_more() const;
    // Another request may follow on the same connection.
    bool keeps_connection() const;
    // May be called once, after is_done().
    response take();

    static constexpr unsigned interim_max = 8;

private:
    void start_over();

    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace acme_dns01::net
