#include "base/text.hpp"
#include "challenge/sweep.hpp"
#include "cli/certbot_names.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/resource_options.hpp"
#include "cli/preflight.hpp"
#include "cli/sweep.hpp"
#include "process/child_process.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace acme_dns01::cli {

namespace {

using rows = std::vector<journal::entry>;

bool may_pass_later(error const& e) {
    auto const status = exit_status_of(e.kind);
    return status == exit_status::temporary || status == exit_status::not_propagated;
}

result<std::vector<std::string>> domains_to_check(session& s) {
    auto domains = s.set().domains;
    auto const certbot = text_in(s.set().own, "certbot");
    if (!certbot) return domains;
    auto const renewed = certbot_names(*certbot, s.notes());
    if (!renewed) return renewed.error();
    domains.insert(domains.end(), renewed->begin(), renewed->end());
    return domains;
}

// All are told. The status is that of the first one that trying again will not mend, which is told
// last.
result<void> told(session& s, std::vector<error> found, std::string const& client) {
    if (found.empty()) return {};
    auto deciding = std::ranges::find_if_not(found, may_pass_later);
    if (deciding == found.end()) deciding = found.begin();
    auto const last = in_context(client + " was not started", *deciding);
    found.erase(deciding);
    for (auto const& e : found)
        s.out().another_failure(e);
    return last;
}

// With connections of its own, which are closed when the client starts: that may take hours, and is
// not to inherit them.
outcome check_before(session& s, std::string client) {
    auto domains = domains_to_check(s);
    if (!domains) co_return domains.error();
    if (domains->empty()) {
        s.out().warning(
            "nothing is checked before " + client + " starts: name its domains with --domain or " +
            "--certbot"
        );
        co_return result<void>();
    }
    session own(s.executor(), s.set(), s.env(), s.out());
    auto const found = co_await preflight(own, std::move(*domains));
    if (!found) co_return in_context(client + " was not started", found.error());
    co_return told(s, *found, client);
}

void warn_without_journal(session& s, std::string const& client) {
    auto const durable = s.durable_journal();
    if (durable) return;
    s.out().warning(
        "what " + client + " leaves behind will not be removed: " + durable.error().text()
    );
}

rows outstanding(session& s) {
    auto const all = s.the_journal().outstanding();
    if (all) return *all;
    s.out().warning(all.error().text());
    return {};
}

rows left_behind(session& s, rows const& before) {
    return challenge::rows_left_by(this_process(), before, outstanding(s));
}

void warn_of_what_is_left(session& s, rows const& before, std::string const& client) {
    auto const still = left_behind(s, before);
    if (still.empty()) return;
    s.out().warning(
        client + " has left " + counted(still.size(), "record") +
        " that could not be removed: `acme-dns01 sweep` will"
    );
}

boost::asio::awaitable<void> sweep_after(session& s, rows before, std::string client) {
    auto const removal = co_await sweep_rows(s, left_behind(s, before));
    auto const removed = removal.all.removed.size();
    if (removed > 0) s.out().note(client + " has left " + counted(removed, "record") + ": removed");
    if (removal.failure) s.out().warning(removal.failure->text());
    warn_of_what_is_left(s, before, client);
}

program_call call_of_client(session const& s, arguments given) {
    program_call call{
        .arguments = std::move(given), .environment = s.env().all(), .umask = s.env().umask()};
    call.environment[std::string(run_variable)] = to_text(this_process());
    return call;
}

async_result<int> run_to_its_end(termination_signals& signals, session& s, arguments given) {
    auto call = call_of_client(s, std::move(given));
    auto status = co_await run_in_foreground(signals, std::move(call));
    if (!status) {
        auto failure = status.error();
        failure.hint = "put the client's command after --";
        co_return failure;
    }
    co_return status;
}

} // namespace

outcome run_client(session& s, arguments given) {
    auto const is_behind = given.size() == s.set().words_behind;
    if (given.empty() || !is_behind) co_return usage_of("run");
    termination_signals signals(s.executor());
    auto const client = std::filesystem::path(given.front()).filename().string();
    auto const checked = co_await check_before(s, client);
    if (!checked) co_return checked.error();
    warn_without_journal(s, client);
    auto const before = outstanding(s);
    s.out().leave_stdout_to_the_client();
    s.out().flush();
    auto const status = co_await run_to_its_end(signals, s, given);
    if (!status) co_return status.error();
    // The status stands, whatever becomes of the rest: a certificate may well be there. A signal
    // that comes now does not wait for the API: the journal knows what is left.
    signals.react_with([&](int, bool) {
        warn_of_what_is_left(s, before, client);
        s.out().flush();
        std::_Exit(*status);
    });
    co_await sweep_after(s, before, client);
    s.out().end_with(*status);
    co_return result<void>();
}

} // namespace acme_dns01::cli
