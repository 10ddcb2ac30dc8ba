#pragma once

#include "sandbox/api.hpp"
#include "sandbox/calls.hpp"
#include "sandbox/fault.hpp"

#include <cstddef>
#include <optional>

namespace acme_dns01::sandbox {

// The API with the faults that are due and the record of what was called: what the HTTPS server
// asks. Its parts have to outlive it.
class fault_injector {
public:
    fault_injector(api& a, fault_list& faults, call_log& calls)
        : api_(a), faults_(faults), calls_(calls) {}

    // To be asked once for each request, before it is handled.
    std::optional<fault> next_fault(api_request const& request) {
        ++arrived_;
        return faults_.next(request.method, request.target);
    }
    // Requests so far, answered or not.
    std::size_t arrived() const { return arrived_; }
    // What the API answers, or what the fault wants it to have answered.
    api_response handle(api_request const& request, std::optional<fault> const& wrong);
    // The request was never handled.
    void note_reset(api_request const& request);

private:
    void note(api_request const& request, unsigned status);

    api& api_;
    fault_list& faults_;
    call_log& calls_;
    std::size_t arrived_ = 0;
};

} // namespace acme_dns01::sandbox
