#include "base/text.hpp"
#include "challenge/sweep.hpp"
#include "cli/certbot_names.hpp"
#include "cli/commands/commands.hpp"
#include "cli/preflight.hpp"
#include "cli/sweep.hpp"
#include "process/child_process.hpp"

#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>

namespace acme_dns01::cli {

namespace {

using rows = std::vector<journal::entry>;

bool may_pass_later(error const& e) {
    auto const status = exit_status_of(e.kind);
    return status == exit_status::temporary || status == exit_status::not_propagated;
}

result<std::vector<std::string>> domains_to_check(session& s) {
    auto const& run = s.set().run;
    auto domains = run.domains;
    if (!run.certbot) return domains;
    auto const renewed = certbot_names(run.certbot_dir, s.notes());
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

// Whoever asks us to end does not want to wait for an answer of the API, and the journal knows what
// is under way: nothing is lost by ending at once.
using leaving = std::function<void()>;

void leave_when_asked(attendant const& a, boost::asio::signal_set& asked, leaving leave) {
    for (auto const number : a.signals())
        asked.add(number);
    asked.async_wait([leave](boost::system::error_code ec, int) {
        if (!ec) leave();
    });
    if (a.was_asked_to_end()) leave();
}

environment_variables environment_for_client(session const& s) {
    auto all = s.env().all();
    all[std::string(run_variable)] = to_text(this_process());
    return all;
}

} // namespace

outcome run_client(session& s, arguments given) {
    auto const is_behind = given.size() == s.set().words_behind;
    if (given.empty() || !is_behind) co_return usage_of("run");
    auto const client = std::filesystem::path(given.front()).filename().string();
    auto const checked = co_await check_before(s, client);
    if (!checked) co_return checked.error();
    warn_without_journal(s, client);
    auto const before = outstanding(s);
    s.out().leave_stdout_to_the_client();
    s.out().flush();
    attendant const a;
    auto const status = a.run(given, environment_for_client(s));
    if (!status) co_return status.error();
    // The status stands, whatever becomes of the rest: a certificate may well be there.
    boost::asio::signal_set asked(s.executor());
    leave_when_asked(a, asked, [&] {
        warn_of_what_is_left(s, before, client);
        s.out().flush();
        std::_Exit(*status);
    });
    co_await sweep_after(s, before, client);
    s.out().end_with(*status);
    co_return result<void>();
}

} // namespace acme_dns01::cli
