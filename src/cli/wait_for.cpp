#include "cli/wait_for.hpp"

#include "base/text.hpp"
#include "cli/progress.hpp"

#include <map>

namespace acme_dns01::cli {

namespace {

using challenge::propagation_report;
using challenge::server_state;

// Tells each change of state once.
class changes {
public:
    explicit changes(output& out) : out_(out) {}

    void operator()(propagation_report const& report) {
        for (auto const& server : report.servers) {
            auto& known = states_[server.address];
            if (known == server.state) continue;
            known = server.state;
            out_.note(
                server.server + " (" + server.address + ") " +
                std::string(to_string(server.state)) + " after " + decimal(server.seconds, 2) +
                " s, " + counted(server.queries, "question")
            );
        }
    }

private:
    output& out_;
    std::map<std::string, server_state> states_;
};

} // namespace

digitalocean::awaitable_result<propagation_report>
wait_for(session& s, std::vector<challenge::target> targets) {
    if (targets.empty()) {
        propagation_report nothing;
        nothing.complete = true;
        co_return nothing;
    }
    auto settings = s.propagation();
    if (s.out().shows_progress()) {
        settings.progress = [&out = s.out()](auto const& report) {
            out.progress(progress_lines(report));
        };
    } else {
        settings.progress = changes(s.out());
    }
    auto report = co_await challenge::wait_until_served(std::move(targets), settings);
    if (!report) co_return report.error();
    for (auto const& warning : report->warnings)
        s.out().warning(warning);
    co_return report;
}

} // namespace acme_dns01::cli
