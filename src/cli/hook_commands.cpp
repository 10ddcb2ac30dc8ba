#include "base/concurrent.hpp"
#include "challenge/order.hpp"
#include "cli/caa_guard.hpp"
#include "cli/commands/commands.hpp"
#include "cli/hook_caller.hpp"
#include "cli/placement.hpp"
#include "cli/wait_for.hpp"
#include "clients/certbot.hpp"

#include <algorithm>

namespace acme_dns01::cli {

namespace {

std::vector<challenge::target> targets_of(std::vector<journal::entry> const& rows) {
    std::vector<challenge::target> targets;
    for (auto const& row : rows)
        targets.push_back(challenge::target_of(row));
    return targets;
}

outcome wait_for_targets(session& s, std::vector<challenge::target> targets) {
    if (targets.empty()) co_return result<void>();
    auto const report = co_await wait_for(s, std::move(targets));
    if (!report) co_return report.error();
    co_return result<void>();
}

// What the journal knows of the order; nothing where it cannot be read.
std::vector<challenge::target> known_targets(session& s, journal::run const& owner) {
    auto const rows = s.the_journal().outstanding();
    if (rows) return targets_of(challenge::records_of_order(*rows, owner));
    s.out().warning(rows.error().text());
    return {};
}

// Only the last hook of an order waits, for all of its records. A record that no later hook will
// find in the journal is waited for by its own.
outcome wait_if_last(
    session& s,
    clients::certbot_auth request,
    journal::run owner,
    std::optional<challenge::target> made
) {
    auto targets = known_targets(s, owner);
    auto const is_known = !made || std::ranges::count(targets, *made) > 0;
    auto const others_will_wait = request.remaining > 0 && s.the_journal().is_durable();
    if (others_will_wait) targets.clear();
    if (!is_known) targets.push_back(*made);
    auto waited = co_await wait_for_targets(s, std::move(targets));
    co_return waited;
}

// Before anybody else hears of it.
boost::asio::awaitable<void> take_back(
    session& s, challenge::account& account, challenge::presented record, challenge::dns01 c
) {
    challenge::cleaner cleaner(account, s.the_journal(), s.set().allow, s.notes());
    challenge::record_id const id{record.zone, record.id};
    auto const removed = co_await cleaner.remove(id, c);
    if (!removed) s.out().warning(removed.error().text());
}

// The CA is asked about while the record is created; where it may not issue, none is left behind.
async_result<challenge::presented>
create(session& s, clients::certbot_challenge wanted, journal::run owner, std::int64_t remaining) {
    auto const c = challenge::make_challenge(wanted.domain, wanted.value);
    if (!c) co_return c.error();
    auto const allowed = s.may_touch(*c);
    if (!allowed) co_return allowed.error();
    auto const token = s.check_token();
    if (!token) co_return token.error();
    std::vector const one{*c};
    auto const where = co_await placed(s, one);
    if (!where) co_return where.error();
    auto const& at = where->front();
    auto const account = s.account_for(at.fqdn);
    if (!account) co_return account.error();
    challenge::presenter presenter(**account, s.the_journal(), s.notes(), s.set().ttl);
    auto creating = presenter.present(at, owner, remaining);
    auto asking = check_caa(s, one);
    auto const both = co_await both_at_once(std::move(creating), std::move(asking));
    auto const& [record, permission] = both;
    if (record && !permission) {
        co_await take_back(s, **account, *record, at);
        co_return permission.error();
    }
    co_return record;
}

} // namespace

outcome hook_certbot_auth(session& s, arguments given) {
    auto const none = expect_no_arguments("hook certbot-auth", given);
    if (!none) co_return none.error();
    auto const request = clients::certbot_auth_request(s.env());
    if (!request) co_return request.error();
    auto const owner = run_of_caller(s, "certbot", request->order);
    if (!owner) co_return owner.error();
    std::optional<challenge::target> made;
    if (request->create) {
        auto const record = co_await create(s, *request->create, *owner, request->remaining);
        if (!record) {
            // certbot goes on all the same: the order's other records have to be served by then.
            auto const others = co_await wait_if_last(s, *request, *owner, made);
            if (!others) s.out().warning(others.error().text());
            co_return record.error();
        }
        auto const is_for_nobody = co_await is_removed_for_want_of_client(s, *owner);
        if (is_for_nobody) co_return result<void>();
        s.out().protocol_line(clients::certbot_auth_output(
            record->zone.text(), record->id, record->fqdn.text(), record->value
        ));
        made = challenge::target{record->zone, record->fqdn, record->value};
    }
    auto waited = co_await wait_if_last(s, *request, *owner, made);
    co_return waited;
}

outcome hook_certbot_cleanup(session& s, arguments given) {
    auto const none = expect_no_arguments("hook certbot-cleanup", given);
    if (!none) co_return none.error();
    auto const request = clients::certbot_cleanup_request(s.env());
    if (!request) co_return request.error();
    if (!request->remove) co_return result<void>();
    auto const c = challenge::make_challenge(request->remove->domain, request->remove->value);
    if (!c) co_return c.error();
    auto const allowed = s.may_touch(*c);
    if (!allowed) co_return allowed.error();
    // What is no id of ours is no reason to leave the record behind.
    auto const said = challenge::parse_record_id(request->record.value_or(""));
    auto const id = said ? std::optional(*said) : std::nullopt;
    auto const done = co_await remove_placed(s, *c, id);
    if (!done) co_return done.error();
    co_return result<void>();
}

} // namespace acme_dns01::cli
