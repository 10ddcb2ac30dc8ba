#include "base/text.hpp"
#include "challenge/owner.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/challenge_report.hpp"

namespace acme_dns01::cli {

namespace json = boost::json;
using std::chrono::system_clock;

namespace {

using rows = std::vector<journal::entry>;

void show_what_would_go(output& out, rows const& all, rows const& chosen) {
    auto const now = system_clock::now();
    auto machine = to_json(all, now);
    machine["removed"] = json::array();
    machine["would_remove"] = to_json(chosen, now).at("outstanding");
    std::vector<std::string> const nothing{"nothing to remove"};
    out.result(chosen.empty() ? nothing : lines_for(chosen, now), machine);
}

void show_what_went(output& out, challenge::cleaned const& all, rows const& left) {
    auto machine = to_json(left, system_clock::now());
    auto const gone = to_json(all);
    machine["removed"] = gone.at("removed");
    machine["already_gone"] = gone.at("already_gone");
    auto lines = lines_for(all);
    if (!left.empty()) lines.push_back(counted(left.size(), "record") + " still outstanding");
    out.result(lines, machine);
}

} // namespace

outcome sweep(invocation& call, arguments given) {
    auto const none = expect_no_arguments("sweep", given);
    if (!none) co_return none.error();
    auto const durable = call.state.durable_journal();
    if (!durable) co_return durable.error();
    auto const before = (*durable)->outstanding();
    if (!before) co_return before.error();
    auto const chosen =
        challenge::rows_to_sweep(*before, {system_clock::now(), call.set.older_than});
    if (call.set.dry_run) {
        show_what_would_go(call.out, *before, chosen);
        co_return result<void>();
    }
    auto by = call.cleaner();
    auto const removal = co_await by.remove_all(chosen);
    if (removal.failure) co_return *removal.failure;
    auto const left = (*durable)->outstanding();
    if (!left) co_return left.error();
    show_what_went(call.out, removal, *left);
    co_return result<void>();
}

} // namespace acme_dns01::cli
