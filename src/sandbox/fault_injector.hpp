#pragma once

#include "sandbox/api.hpp"
#include "sandbox/calls.hpp"
#include "sandbox/fault.hpp"

#include <cstddef>
#include <optional>

namespace acme_dns01::sandbox {

// The API with injected faults and a log of its calls. The HTTPS server passes every request to
// it. The objects it refers to must outlive it.
class fault_injector {
public:
    fault_injector(api& a, fault_list& faults, call_log& calls)
        : api_(a), faults_(faults), calls_(calls) {}

    // Call it once for each request, before handle().
    std::optional<fault> next_fault(api_request const& request) {
        ++arrived_;
        return faults_.next(request.method, request.target);
    }
    // The requests so far, answered or not.
    std::size_t arrived() const { return arrived_; }
    // The API's answer, changed as the fault demands.
    api_response handle(api_request const& request, std::optional<fault> const& wrong);
    // Logs a request whose connection was reset before it was handled.
    void note_reset(api_request const& request);

private:
    void note(api_request const& request, unsigned status);

    api& api_;
    fault_list& faults_;
    call_log& calls_;
    std::size_t arrived_ = 0;
};

} // namespace acme_dns01::sandbox
