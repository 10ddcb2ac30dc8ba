#include "cli/commands/wait_for.hpp"

#include "base/text.hpp"
#include "challenge/wait/zone_check.hpp"
#include "cli/output/progress.hpp"

#include <functional>
#include <map>

namespace acme_dns01::cli {

namespace {

using challenge::propagation_report;
using challenge::server_state;

// Notes each change of an address's state once.
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

// On a terminal all lines at once; with --verbose each change in a line that stays.
std::function<void(propagation_report const&)> progress_to(output& out, bool verbose) {
    if (out.shows_progress()) {
        return [&out](auto const& report) {
            auto const height = out.progress_height().value_or(lines_max);
            out.progress(progress_lines(report, height, out.progress_width()));
        };
    }
    if (verbose) return changes(out);
    return {};
}

challenge::propagation_settings settings_of(invocation& call) {
    auto const& set = call.set;
    challenge::propagation_settings wait;
    wait.resolvers = call.resolvers.addresses();
    wait.dns_port = set.dns_port;
    wait.asked = set.propagation;
    wait.limits.timeout = to_duration(set.propagation_timeout);
    wait.limits.grace = to_duration(set.grace);
    wait.limits.require_all = set.require_all;
    if (set.settle) wait.limits.settle = to_duration(*set.settle);
    wait.progress = progress_to(call.out, set.output.verbose);
    wait.ask_account = challenge::asks_account(call.accounts, call.notes);
    return wait;
}

} // namespace

async_result<propagation_report> wait_for(invocation& call, challenge::targets wanted) {
    if (wanted.empty()) {
        propagation_report nothing;
        nothing.complete = true;
        co_return nothing;
    }
    auto const settings = settings_of(call);
    auto report = co_await challenge::wait_until_served(std::move(wanted), settings);
    if (!report) co_return report.error();
    for (auto const& warning : report->warnings)
        call.out.warning(warning);
    co_return report;
}

} // namespace acme_dns01::cli
