#include "sandbox/fault_injector.hpp"

#include <utility>
#include <vector>

namespace acme_dns01::sandbox {

namespace {

// More than a careful client will read.
constexpr std::size_t oversized_length = 9 * 1024 * 1024;

void put(api_response& response, std::pair<std::string, std::string> const& header) {
    std::erase_if(response.headers, [&](auto const& h) { return h.first == header.first; });
    response.headers.push_back(header);
}

} // namespace

void fault_injector::note(api_request const& request, unsigned status) {
    calls_.add({request.method, request.target, request.body, api_.is_authorized(request), status});
}

void fault_injector::note_reset(api_request const& request) { note(request, 0); }

api_response fault_injector::handle(api_request const& request, std::optional<fault> const& wrong) {
    auto const is_replaced = wrong && wrong->action == fault_action::answer;
    auto response = is_replaced ? api_.refusal(wrong->status, request.at) : api_.handle(request);
    if (is_replaced) {
        if (!wrong->body.empty()) response.body = wrong->body;
    }
    if (wrong) {
        for (auto const& header : wrong->headers)
            put(response, header);
    }
    // The log shows what the API did, not what the client saw.
    note(request, response.status);
    if (wrong && wrong->action == fault_action::garbage)
        response = {200, "<html><body>It works!</body></html>\n", {}};
    if (wrong && wrong->action == fault_action::oversized)
        response.body.resize(oversized_length, ' ');
    return response;
}

} // namespace acme_dns01::sandbox
