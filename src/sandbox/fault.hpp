#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acme_dns01::sandbox {

enum class fault_action {
    answer,       // answer `status` and `body` without acting
    reset_before, // reset the connection without acting
    reset_after,  // act, then reset the connection without an answer
    delay,        // wait `delay`, then act and answer
    cut_short,    // act, announce the whole answer and close half way through it
    garbage,      // act, and answer 200 with something that is not JSON
    oversized,    // act, and answer with more than 8 MiB
    slowly,       // act, and answer byte by byte, `delay` between them
    close_after,  // act and answer, then close the connection unannounced
};

// A fault of the API: what happens, to which requests and how often.
struct fault {
    static constexpr std::size_t always = static_cast<std::size_t>(-1);

    fault_action action = fault_action::answer;
    std::string method{};      // empty: any
    std::string path_prefix{}; // of the request's target; empty: any
    std::size_t skip = 0;      // this many matching requests succeed first
    std::size_t count = 1;     // then this many fail
    unsigned status = 503;
    std::string body{}; // empty: the API's own error body for that status
    // Added to the API's own headers, or replacing those of the same name.
    std::vector<std::pair<std::string, std::string>> headers{};
    seconds delay{0};
};

// Parses "[<method>] [<path prefix>] <what> [+<skip>] [x<count>|x*]", for example
// "POST /v2/domains 503 x3". <what> is a status, which "retry-after=<s>" may follow,
// "reset-before", "reset-after", "delay=<s>", "cut-short", "garbage", "oversized", "slowly[=<s>]"
// or "close-after". error_kind::usage.
result<fault> parse_fault(std::string_view text);

// The faults still to come. The first that matches a request happens; a fault that skips a request
// leaves it to the next ones.
class fault_list {
public:
    void add(fault f) { faults_.push_back(std::move(f)); }
    void clear() { faults_.clear(); }
    std::optional<fault> next(std::string_view method, std::string_view target);

private:
    std::vector<fault> faults_;
};

} // namespace acme_dns01::sandbox
