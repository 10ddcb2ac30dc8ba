#include "base/text.hpp"
#include "caa/survey.hpp"
#include "challenge/owner.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/sudden_end.hpp"
#include "preflight/preflight.hpp"
#include "process/child_process.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

namespace acme_dns01::cli {

namespace {

using rows = std::vector<journal::entry>;
using texts = std::vector<std::string>;

bool may_pass_later(error const& e) {
    auto const status = exit_status_of(e.kind);
    return status == exit_status::temporary || status == exit_status::not_propagated;
}

result<std::vector<std::string>> domains_to_check(invocation& call) {
    auto const& run = call.set.run;
    auto domains = run.domains;
    if (!run.certbot) return domains;
    auto const renewed = preflight::certbot_names(run.certbot_dir, call.notes);
    if (!renewed) return renewed.error();
    domains.insert(domains.end(), renewed->begin(), renewed->end());
    return domains;
}

// All are reported. The status is that of the first permanent failure, which is reported last.
result<void> report(invocation& call, std::vector<error> found, std::string const& client) {
    if (found.empty()) return {};
    auto deciding = std::ranges::find_if_not(found, may_pass_later);
    if (deciding == found.end()) deciding = found.begin();
    auto const last = in_context(client + " was not started", *deciding);
    found.erase(deciding);
    for (auto const& e : found)
        call.out.another_failure(e);
    return last;
}

bool names_issuer(settings const& set) {
    return set.caa.issuer || set.caa.directory || set.caa.account_uri || set.caa.method;
}

async_result<std::vector<error>>
caa_objections(invocation& call, std::vector<std::string> domains) {
    std::vector<error> found;
    if (!names_issuer(call.set)) co_return found;
    auto requests = co_await caa_requests(call, domains);
    if (!requests) co_return requests.error();
    auto const all = co_await caa::decide_all(call.resolvers, std::move(*requests), call.notes);
    if (!all) co_return all.error();
    for (auto const& c : *all) {
        if (c.decided.is != caa::verdict::permitted) found.push_back(caa::objection_of(c));
    }
    co_return found;
}

// With connections of its own, which are closed before the client starts: that may run for hours
// and must not inherit them.
outcome check_before(invocation& call, std::string client) {
    auto domains = domains_to_check(call);
    if (!domains) co_return domains.error();
    if (domains->empty()) {
        call.out.warning(
            "nothing is checked before " + client +
            " starts: name its domains with --domain or --certbot"
        );
        co_return result<void>();
    }
    invocation own(call.executor, call.set, call.env, call.out);
    auto const ask_caa = [&own](texts asked) { return caa_objections(own, std::move(asked)); };
    auto const until = deadline::in(call.set.accounts.deadline);
    auto const found = co_await preflight::check_domains(
        own.accounts, own.resolvers, call.set.allow, std::move(*domains), ask_caa, until, call.notes
    );
    if (!found) co_return in_context(client + " was not started", found.error());
    co_return report(call, *found, client);
}

void warn_without_journal(invocation& call, std::string const& client) {
    auto const durable = call.state.durable_journal();
    if (durable) return;
    call.out.warning(
        "what " + client + " leaves behind will not be removed: " + durable.error().text()
    );
}

rows left_behind(invocation& call, rows const& before) {
    return challenge::rows_left_by(this_process(), before, call.outstanding());
}

void warn_of_what_is_left(invocation& call, rows const& before, std::string const& client) {
    auto const still = left_behind(call, before);
    if (still.empty()) return;
    call.out.warning(
        client + " left " + counted(still.size(), "record") +
        " behind that could not be removed: run `acme-dns01" + call.set.same_place + " sweep` later"
    );
}

boost::asio::awaitable<void> sweep_after(invocation& call, rows before, std::string client) {
    auto by = call.cleaner();
    auto const removal = co_await by.remove_all(left_behind(call, before));
    auto const removed = removal.removed.size();
    if (removed > 0) call.out.note("removed " + counted(removed, "record") + " left by " + client);
    if (removal.failure) call.out.warning(removal.failure->text());
    warn_of_what_is_left(call, before, client);
}

async_result<int> run_to_its_end(termination_signals& signals, invocation& from, arguments given) {
    program_call call{
        .arguments = std::move(given), .environment = from.env.all(), .umask = from.env.umask()};
    call.environment[std::string(run_variable)] = to_text(this_process());
    call.started = from.confine;
    auto status = co_await run_in_foreground(signals, std::move(call));
    co_return status;
}

} // namespace

outcome run_client(invocation& call, arguments given) {
    auto const is_behind = given.size() == call.set.words_behind;
    if (given.empty() || !is_behind) co_return usage_of("run");
    auto signals = std::make_unique<termination_signals>(call.executor);
    auto const client = std::filesystem::path(given.front()).filename().string();
    auto const checked = co_await check_before(call, client);
    if (!checked) co_return checked.error();
    warn_without_journal(call, client);
    auto const before = call.outstanding();
    call.out.leave_stdout_to_the_client();
    call.out.flush();
    auto const status = co_await run_to_its_end(*signals, call, given);
    if (!status) co_return status.error();
    // The status stands, whatever becomes of the rest: a certificate may well be there. Signals
    // that have come were for the client. One that comes now does not wait for the API: the journal
    // knows what is left.
    end_suddenly_with(*status);
    for (auto const& row : left_behind(call, before))
        call.journal().take_up(row);
    signals->react_with([](int, bool) {});
    signals.reset();
    co_await sweep_after(call, before, client);
    call.out.end_with(*status);
    co_return result<void>();
}

} // namespace acme_dns01::cli
