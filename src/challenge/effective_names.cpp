#include "challenge/effective_names.hpp"

#include "base/concurrent.hpp"
#include "dns/alias.hpp"

#include <functional>

namespace acme_dns01::challenge {

namespace {

// A chain takes some four questions, so that these stay within the 64 that one run has in flight.
constexpr std::size_t followed_at_once = 16;

} // namespace

result<void> check_end(allow_list const& allowed, dns01 const& c, dns::alias_chain const& chain) {
    auto const& end = chain.names.back();
    auto const is_safe = !chain.ends_at_wildcard || is_challenge_name(end);
    auto const answer = allowed.check(end);
    auto const alias = c.domain + ": its challenge name is an alias of " + end.text();
    if (!answer) return in_context(alias, answer.error());
    if (allowed.is_limited() || is_safe) return {};
    return error{
        .kind = error_kind::configuration,
        .message = alias + ", for which a wildcard record answers until there is another record",
        .hint = "change the alias, or set 'allow' in the configuration to " + c.domain + ", " +
                end.text() + " and the other names that this host may touch",
    };
}

async_result<dns01>
effective_name(services::resolvers& by, allow_list const& allowed, dns01 c, log notes) {
    if (!by.asks_authoritative()) co_return c;
    auto const chain = co_await dns::follow_aliases(by.caching(), c.fqdn, by.dns_port());
    if (!chain && chain.error().kind == error_kind::zone_not_found) {
        co_return in_context(c.domain, chain.error());
    }
    if (!chain) {
        notes.note(chain.error().text() + "; assuming that " + c.fqdn.text() + " is no alias");
        co_return c;
    }
    if (chain->names.size() > 1) {
        notes.note(c.fqdn.text() + " is an alias of " + chain->names.back().text());
        auto const checked = check_end(allowed, c, *chain);
        if (!checked) co_return checked.error();
    }
    c.fqdn = chain->names.back();
    c.public_zone = chain->zone;
    co_return c;
}

boost::asio::awaitable<std::vector<result<dns01>>> effective_names(
    services::resolvers& by, allow_list const& allowed, std::vector<dns01> challenges, log notes
) {
    std::function<async_result<dns01>(std::size_t)> const follow = [&](std::size_t i) {
        return effective_name(by, allowed, challenges[i], notes);
    };
    auto found = co_await a_few_at_once(followed_at_once, challenges.size(), follow);
    co_return found;
}

} // namespace acme_dns01::challenge
