#include "cli/wait_for.hpp"

#include "base/text.hpp"

namespace acme_dns01::cli {

digitalocean::awaitable_result<challenge::propagation_report>
wait_for(session& s, std::vector<challenge::target> targets) {
    if (targets.empty()) {
        challenge::propagation_report nothing;
        nothing.complete = true;
        co_return nothing;
    }
    auto const settings = s.propagation();
    auto report = co_await challenge::wait_until_served(std::move(targets), settings);
    if (!report) co_return report.error();
    for (auto const& server : report->servers) {
        s.out().note(
            server.server + " (" + server.address + ") " + std::string(to_string(server.state)) +
            " after " + decimal(server.seconds, 2) + " s, " + counted(server.queries, "question")
        );
    }
    for (auto const& warning : report->warnings)
        s.out().warning(warning);
    co_return report;
}

} // namespace acme_dns01::cli
