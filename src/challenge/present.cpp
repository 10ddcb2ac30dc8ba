#include "challenge/present.hpp"

#include "base/concurrent.hpp"
#include "challenge/create.hpp"
#include "challenge/effective_names.hpp"
#include "challenge/undo.hpp"

namespace acme_dns01::challenge {

using entries = std::vector<journal::entry>;

async_result<void> presenter::create_all(presentation const& p, entries& made) {
    for (auto const& c : p.challenges) {
        auto const account = accounts_.for_name(c.fqdn);
        if (!account) co_return account.error();
        creator by(**account, journal_, log_, p.ttl);
        auto record = co_await by.create(c, p.owner, p.remaining);
        if (!record) co_return record.error();
        made.push_back(std::move(*record));
    }
    if (!p.client_has_ended || !p.client_has_ended()) co_return result<void>();
    made.clear();
    auto const removed = co_await undo_run(cleaner_, journal_, p.owner);
    auto const client = p.owner.client == by_hand ? "the client" : p.owner.client;
    log_.warning(client + " has ended meanwhile: its records were removed again");
    if (removed.failure) log_.warning(removed.failure->text());
    co_return result<void>();
}

// A failed creation is reported rather than CAA. If the CA may not issue, the records are removed
// even if the client's cleanup will follow.
async_result<void> presenter::create_and_ask(presentation const& p, entries& made) {
    auto creating = create_all(p, made);
    if (!p.ask_caa) {
        auto created = co_await std::move(creating);
        co_return created;
    }
    auto asking = p.ask_caa(p.challenges);
    auto const both = co_await both_at_once(std::move(creating), std::move(asking));
    auto const& [created, permission] = both;
    if (!created) co_return created.error();
    if (permission) co_return result<void>();
    co_await undo(cleaner_, journal_, p.challenges, made, p.owner, log_);
    made.clear();
    co_return permission.error();
}

async_result<entries> presenter::present(presentation p) {
    if (p.challenges.empty()) co_return entries();
    auto const token = accounts_.check_token();
    if (!token) co_return token.error();
    auto effective = co_await effective_names(resolvers_, cleaner_.allowed(), p.challenges, log_);
    if (!effective) co_return effective.error();
    p.challenges = std::move(*effective);
    entries made;
    auto const done = co_await create_and_ask(p, made);
    if (done) co_return made;
    if (p.undoes_failures) {
        co_await undo(cleaner_, journal_, p.challenges, made, p.owner, log_);
    }
    co_return done.error();
}

} // namespace acme_dns01::challenge
