#include "cli/placement.hpp"

#include "base/concurrent.hpp"
#include "challenge/cross_check.hpp"
#include "dns/alias.hpp"

#include <functional>
#include <optional>

namespace acme_dns01::cli {

namespace {

using challenge::challenge;
using digitalocean::awaitable_result;

// Each takes a handful of questions.
constexpr std::size_t followed_at_once = 16;

// A challenge where it belongs, and the zone that the public DNS has there, where that is known.
struct place {
    challenge at;
    std::optional<dns::name> zone{};
};

awaitable_result<place> place_of(session& s, challenge c) {
    auto const chain = co_await dns::follow_aliases(s.resolver(), c.fqdn, s.set().dns_port);
    if (!chain && chain.error().kind == error_kind::zone_not_found) {
        co_return in_context(c.domain, chain.error());
    }
    if (!chain) {
        s.out().note(chain.error().text() + "; taking " + c.fqdn.text() + " for no alias");
        co_return place{c};
    }
    if (chain->names.size() > 1) {
        s.out().note(c.fqdn.text() + " is an alias of " + chain->names.back().text());
    }
    c.fqdn = chain->names.back();
    co_return place{c, chain->zone};
}

awaitable_result<std::vector<place>> places_of(session& s, std::vector<challenge> challenges) {
    std::vector<place> places;
    if (s.set().propagation == ::acme_dns01::challenge::witnesses::resolvers) {
        for (auto& c : challenges)
            places.push_back({std::move(c)});
        co_return places;
    }
    std::function<awaitable_result<place>(std::size_t)> const follow = [&](std::size_t i) {
        return place_of(s, challenges[i]);
    };
    auto const found = co_await a_few_at_once(followed_at_once, challenges.size(), follow);
    for (auto const& one : found) {
        if (!one) co_return one.error();
        places.push_back(*one);
    }
    co_return places;
}

bool is_too_high(dns::name const& zone, place const& p) {
    return p.zone && *p.zone != zone && p.zone->is_within(zone);
}

// What is remembered of the account may be older than its newest zone.
awaitable_result<void> check_zone(session& s, place p) {
    auto const account = s.account_for(p.at.fqdn);
    if (!account) co_return account.error();
    auto const label = label_of(p.at);
    auto zone = co_await (*account)->zone_of(p.at.fqdn);
    if (!zone) co_return in_context(label, zone.error());
    if (!is_too_high(*zone, p)) co_return result<void>();
    auto const again = co_await (*account)->zone_instead_of(*zone, p.at.fqdn);
    if (!again) co_return in_context(label, again.error());
    if (!is_too_high(*again, p)) co_return result<void>();
    co_return in_context(
        label, ::acme_dns01::challenge::delegated_further(p.at.fqdn, *again, *p.zone)
    );
}

} // namespace

awaitable_result<std::vector<challenge>> placed(session& s, std::vector<challenge> challenges) {
    auto const places = co_await places_of(s, std::move(challenges));
    if (!places) co_return places.error();
    std::vector<challenge> all;
    for (auto const& p : *places) {
        auto const checked = co_await check_zone(s, p);
        if (!checked) co_return checked.error();
        all.push_back(p.at);
    }
    co_return all;
}

awaitable_result<challenge> placed_unless_known(session& s, challenge c) {
    auto const rows = s.records().outstanding();
    if (rows && !::acme_dns01::challenge::rows_to_clean(*rows, c).empty()) co_return c;
    std::vector const one{c};
    auto const places = co_await places_of(s, one);
    if (!places) co_return places.error();
    co_return places->front().at;
}

} // namespace acme_dns01::cli
