#include "cli/sweep.hpp"

#include "base/text.hpp"
#include "challenge/sweep.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/challenge_report.hpp"

namespace acme_dns01::cli {

namespace json = boost::json;
using std::chrono::system_clock;

namespace {

using rows = std::vector<journal::entry>;

async_result<challenge::cleaned> sweep_row(session& s, journal::entry row) {
    auto const account = s.account_for(row.fqdn);
    if (!account) co_return account.error();
    challenge::cleaner cleaner(**account, s.the_journal(), s.set().allow, s.notes());
    auto done = co_await cleaner.sweep(row);
    co_return done;
}

void tell_what_would_go(session& s, rows const& all, rows const& chosen) {
    auto const now = system_clock::now();
    auto machine = to_json(all, now);
    machine["removed"] = json::array();
    machine["would_remove"] = to_json(chosen, now).at("outstanding");
    std::vector<std::string> lines{"nothing to remove"};
    s.out().result(chosen.empty() ? lines : lines_for(chosen, now), machine);
}

void tell_what_went(session& s, challenge::cleaned const& all, rows const& left) {
    auto machine = to_json(left, system_clock::now());
    auto const gone = to_json(all);
    machine["removed"] = gone.at("removed");
    machine["already_gone"] = gone.at("already_gone");
    auto lines = lines_for(all);
    if (!left.empty()) lines.push_back(counted(left.size(), "record") + " still outstanding");
    s.out().result(lines, machine);
}

} // namespace

void removal_of_several::add(result<challenge::cleaned> const& done) {
    if (done) {
        challenge::append(all, *done);
    } else if (!failure) {
        failure = done.error();
    }
}

boost::asio::awaitable<removal_of_several>
sweep_rows(session& s, std::vector<journal::entry> chosen) {
    removal_of_several removal;
    for (auto const& row : chosen) {
        auto const done = co_await sweep_row(s, row);
        removal.add(done);
    }
    co_return removal;
}

boost::asio::awaitable<removal_of_several> sweep_rows_of(session& s, journal::run owner) {
    auto rows = s.the_journal().outstanding();
    removal_of_several removal;
    if (!rows) {
        removal.failure = rows.error();
        co_return removal;
    }
    std::erase_if(*rows, [&](auto const& row) { return row.owner != owner; });
    removal = co_await sweep_rows(s, std::move(*rows));
    co_return removal;
}

outcome sweep(session& s, arguments given) {
    auto const none = expect_no_arguments("sweep", given);
    if (!none) co_return none.error();
    auto const durable = s.durable_journal();
    if (!durable) co_return durable.error();
    auto const before = (*durable)->outstanding();
    if (!before) co_return before.error();
    auto const chosen =
        challenge::rows_to_sweep(*before, {system_clock::now(), s.set().older_than});
    if (s.set().dry_run) {
        tell_what_would_go(s, *before, chosen);
        co_return result<void>();
    }
    auto const removal = co_await sweep_rows(s, chosen);
    if (removal.failure) co_return *removal.failure;
    auto const left = (*durable)->outstanding();
    if (!left) co_return left.error();
    tell_what_went(s, removal.all, *left);
    co_return result<void>();
}

} // namespace acme_dns01::cli
