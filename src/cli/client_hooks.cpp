#include "base/concurrent.hpp"
#include "cli/caa_guard.hpp"
#include "cli/commands/commands.hpp"
#include "cli/hook_caller.hpp"
#include "cli/placement.hpp"
#include "cli/sweep.hpp"
#include "cli/wait_for.hpp"
#include "clients/dehydrated.hpp"
#include "clients/lego.hpp"
#include "clients/pair.hpp"
#include "clients/uacme.hpp"
#include "process/parent_process.hpp"

#include <algorithm>

namespace acme_dns01::cli {

using clients::hook_action;
using clients::hook_request;

namespace {

using challenges = std::vector<challenge::dns01>;
using targets = std::vector<challenge::target>;

// Whether the client cleans up a challenge whose hook has failed. Where it does not, the hook
// itself does.
enum class after_failure { client_cleans_up, hook_cleans_up };

struct hook_call {
    std::string client;
    result<hook_request> request;
    after_failure manners = after_failure::client_cleans_up;
};

result<challenges> challenges_of(session& s, hook_request const& request) {
    challenges found;
    for (auto const& wanted : request.challenges) {
        auto c = wanted.is_record_name ? challenge::make_challenge_at(wanted.name, wanted.value)
                                       : challenge::make_challenge(wanted.name, wanted.value);
        if (!c) return c.error();
        auto const allowed = s.may_touch(*c);
        if (!allowed) return allowed.error();
        found.push_back(std::move(*c));
    }
    return found;
}

async_result<targets> create_all(session& s, challenges placed, journal::run owner) {
    targets made;
    for (auto const& c : placed) {
        auto const account = s.account_for(c.fqdn);
        if (!account) co_return account.error();
        challenge::presenter presenter(**account, s.the_journal(), s.notes(), s.set().ttl);
        auto const record = co_await presenter.present(c, owner, 0);
        if (!record) co_return record.error();
        made.push_back({record->zone, record->fqdn, record->value});
    }
    auto const is_for_nobody = co_await is_removed_for_want_of_client(s, owner);
    if (is_for_nobody) made.clear();
    co_return made;
}

// What the journal does not know was not created.
boost::asio::awaitable<void> undo(session& s, challenges placed, journal::run owner) {
    auto rows = s.the_journal().outstanding();
    if (!rows) {
        s.out().warning(rows.error().text());
        co_return;
    }
    std::erase_if(*rows, [&](auto const& row) {
        auto const is_meant = [&](auto const& c) {
            return c.fqdn == row.fqdn && c.value == row.value;
        };
        return row.owner != owner || std::ranges::none_of(placed, is_meant);
    });
    auto const removal = co_await sweep_rows(s, std::move(*rows));
    if (removal.failure) s.out().warning(removal.failure->text());
}

// The CA is asked about while the records are created, and what it may not issue leaves none
// behind, whatever the client would do.
outcome create_and_wait(session& s, challenges placed, journal::run owner) {
    auto creating = create_all(s, placed, owner);
    auto asking = check_caa(s, placed);
    auto const both = co_await both_at_once(std::move(creating), std::move(asking));
    auto const& [made, permission] = both;
    if (!made) co_return made.error();
    if (!permission) {
        co_await undo(s, placed, owner);
        co_return permission.error();
    }
    if (s.set().no_wait) co_return result<void>();
    auto const report = co_await wait_for(s, *made);
    if (!report) co_return report.error();
    co_return result<void>();
}

outcome present_all(session& s, challenges wanted, hook_call call) {
    auto const token = s.check_token();
    if (!token) co_return token.error();
    auto const owner = run_of_caller(s, call.client, "");
    if (!owner) co_return owner.error();
    auto const where = co_await placed(s, std::move(wanted));
    if (!where) co_return where.error();
    auto done = co_await create_and_wait(s, *where, *owner);
    auto const is_to_be_undone = !done && call.manners == after_failure::hook_cleans_up;
    if (is_to_be_undone) co_await undo(s, *where, *owner);
    co_return done;
}

outcome remove_all(session& s, challenges wanted) {
    removal_of_several removal;
    for (auto const& c : wanted) {
        auto const done = co_await remove_placed(s, c);
        removal.add(done);
    }
    if (removal.failure) co_return *removal.failure;
    co_return result<void>();
}

outcome remove_what_is_left(session& s, std::string client) {
    journal::run const owner{client, calling_process(client), ""};
    auto const removal = co_await sweep_rows_of(s, owner);
    if (removal.failure) co_return *removal.failure;
    co_return result<void>();
}

outcome answer(session& s, hook_call call) {
    s.out().leave_stdout_to_the_client();
    if (!call.request) co_return call.request.error();
    auto const action = call.request->action;
    if (action == hook_action::decline) s.out().end_with(1);
    if (action == hook_action::decline || action == hook_action::nothing) co_return result<void>();
    if (action == hook_action::finish) {
        auto done = co_await remove_what_is_left(s, call.client);
        co_return done;
    }
    auto const wanted = challenges_of(s, *call.request);
    if (!wanted) co_return wanted.error();
    if (action == hook_action::present) {
        auto done = co_await present_all(s, *wanted, std::move(call));
        co_return done;
    }
    auto done = co_await remove_all(s, *wanted);
    co_return done;
}

// A command of a client that has one for each task, and gives it a name and a value.
struct pair_command {
    std::string_view name;
    std::string client;
    hook_action action;
    bool names_the_record;
};

outcome answer_pair(session& s, pair_command command, arguments given) {
    s.out().leave_stdout_to_the_client();
    auto const has_both = given.size() == 2;
    if (!has_both) co_return usage_of(command.name);
    auto const translate =
        command.names_the_record ? clients::acmesh_request : clients::getssl_request;
    hook_call call{
        command.client,
        translate(command.action, given[0], given[1]),
        after_failure::hook_cleans_up};
    auto done = co_await answer(s, std::move(call));
    co_return done;
}

} // namespace

outcome hook_dehydrated(session& s, arguments given) {
    return answer(s, {"dehydrated", clients::dehydrated_request(given, s.env())});
}

outcome hook_lego(session& s, arguments given) {
    return answer(s, {"lego", clients::lego_request(given)});
}

outcome hook_uacme(session& s, arguments given) {
    return answer(s, {"uacme", clients::uacme_request(given), after_failure::hook_cleans_up});
}

outcome hook_acmesh_add(session& s, arguments given) {
    return answer_pair(s, {"hook acmesh-add", "acme.sh", hook_action::present, true}, given);
}

outcome hook_acmesh_rm(session& s, arguments given) {
    return answer_pair(s, {"hook acmesh-rm", "acme.sh", hook_action::cleanup, true}, given);
}

outcome hook_getssl_add(session& s, arguments given) {
    return answer_pair(s, {"hook getssl-add", "getssl", hook_action::present, false}, given);
}

outcome hook_getssl_del(session& s, arguments given) {
    return answer_pair(s, {"hook getssl-del", "getssl", hook_action::cleanup, false}, given);
}

} // namespace acme_dns01::cli
