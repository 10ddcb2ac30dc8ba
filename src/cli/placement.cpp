#include "cli/placement.hpp"

#include "base/concurrent.hpp"
#include "dns/alias.hpp"

#include <functional>

namespace acme_dns01::cli {

namespace {

using challenge::dns01;

// Each takes a handful of questions.
constexpr std::size_t followed_at_once = 16;

async_result<dns01> placed_one(session& s, dns01 c) {
    auto const chain = co_await dns::follow_aliases(s.resolver(), c.fqdn, s.set().dns_port);
    if (!chain && chain.error().kind == error_kind::zone_not_found) {
        co_return in_context(c.domain, chain.error());
    }
    if (!chain) {
        s.out().note(chain.error().text() + "; taking " + c.fqdn.text() + " for no alias");
        co_return c;
    }
    if (chain->names.size() > 1) {
        s.out().note(c.fqdn.text() + " is an alias of " + chain->names.back().text());
    }
    c.fqdn = chain->names.back();
    c.public_zone = chain->zone;
    co_return c;
}

} // namespace

async_result<std::vector<dns01>> placed(session& s, std::vector<dns01> challenges) {
    if (s.set().propagation == challenge::witnesses::resolvers) co_return challenges;
    std::function<async_result<dns01>(std::size_t)> const place = [&](std::size_t i) {
        return placed_one(s, challenges[i]);
    };
    auto const found = co_await a_few_at_once(followed_at_once, challenges.size(), place);
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i]) co_return found[i].error();
        challenges[i] = *found[i];
    }
    co_return challenges;
}

async_result<dns01> placed_unless_known(session& s, dns01 c) {
    auto const rows = s.the_journal().outstanding();
    if (rows && !challenge::rows_to_clean(*rows, c).empty()) co_return c;
    std::vector const one{c};
    auto all = co_await placed(s, one);
    if (!all) co_return all.error();
    co_return std::move(all->front());
}

async_result<challenge::cleaned>
remove_placed(session& s, dns01 c, std::optional<challenge::record_id> id) {
    auto const where = co_await placed_unless_known(s, c);
    if (!where) co_return where.error();
    auto const account = s.account_for(where->fqdn);
    if (!account) co_return account.error();
    challenge::cleaner by(**account, s.the_journal(), s.set().allow, s.notes());
    auto removing = id ? by.remove(*id, *where) : by.remove(*where);
    auto done = co_await std::move(removing);
    co_return done;
}

} // namespace acme_dns01::cli
