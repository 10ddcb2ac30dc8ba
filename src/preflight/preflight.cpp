#include "preflight/preflight.hpp"

#include "base/concurrent.hpp"
#include "challenge/effective_names.hpp"
#include "challenge/wait/zone_check.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace acme_dns01::preflight {

using challenge::dns01;

namespace {

// Each takes a handful of questions.
constexpr std::size_t names_at_once = 16;
constexpr std::size_t zones_at_once = 16;

// A challenge, and the zone of the account that holds its name.
struct held_name {
    dns01 c;
    dns::name zone;
};

using errors = std::vector<error>;

// A name and its wildcard share their challenge name.
result<std::vector<dns01>> challenges_of(std::vector<std::string> const& domains) {
    std::vector<dns01> all;
    for (auto const& domain : domains) {
        auto c = challenge::make_challenge(domain);
        if (!c) return c.error();
        if (std::ranges::count(all, *c) == 0) all.push_back(std::move(*c));
    }
    return all;
}

std::vector<dns01>
those_allowed(challenge::allow_list const& allow, std::vector<dns01> const& all, errors& found) {
    std::vector<dns01> allowed;
    for (auto const& c : all) {
        auto const is_allowed = allow.check(c);
        if (!is_allowed) found.push_back(is_allowed.error());
        if (is_allowed) allowed.push_back(c);
    }
    return allowed;
}

boost::asio::awaitable<std::vector<dns01>> effective(
    services::resolvers& dns,
    challenge::allow_list const& allow,
    std::vector<dns01> all,
    log notes,
    errors& found
) {
    std::vector<dns01> distinct;
    for (auto const& c : all) {
        auto const is_same = [&](auto const& other) { return other.fqdn == c.fqdn; };
        if (std::ranges::none_of(distinct, is_same)) distinct.push_back(c);
    }
    auto const one = [&](std::size_t i) {
        return challenge::effective_name(dns, allow, distinct[i], notes);
    };
    auto const where = co_await a_few_at_once<result<dns01>>(names_at_once, distinct.size(), one);
    std::vector<dns01> ends;
    for (auto const& c : where) {
        if (!c) found.push_back(c.error());
        if (c) ends.push_back(*c);
    }
    co_return ends;
}

// In the zones as they are now, whatever earlier runs remember.
async_result<std::vector<held_name>>
held_names(services::accounts& all, std::vector<dns01> challenges, errors& found) {
    std::set<services::account*> asked;
    std::vector<held_name> held;
    for (auto const& c : challenges) {
        auto const account = all.for_name(c.fqdn);
        if (!account) co_return in_context(label_of(c), account.error());
        if (asked.insert(*account).second) (*account)->look_anew();
        auto const zone = co_await (*account)->zone_of(c.fqdn, c.public_zone);
        if (zone) {
            held.push_back({c, *zone});
            continue;
        }
        found.push_back(in_context(label_of(c), zone.error()));
        if (zone.error().kind != error_kind::zone_not_found) co_return found.back();
    }
    co_return held;
}

// Fails where the public DNS finds nothing of this zone of the account.
async_result<void> is_zone_public(
    services::accounts& all, services::resolvers& dns, dns::name zone, deadline until, log notes
) {
    auto const found = co_await challenge::public_servers(dns.caching(), zone, dns.dns_port());
    if (!found) co_return found.error();
    auto const ask = challenge::asks_account(all, notes);
    auto const elsewhere = co_await challenge::check_zone(dns.caching(), zone, *found, ask, until);
    if (elsewhere) co_return *elsewhere;
    co_return result<void>();
}

result<void> is_public(held_name const& h, std::map<dns::name, result<void>> const& zones) {
    auto const& zone = zones.at(h.zone);
    if (!zone) return zone;
    if (!is_in_zone_below(h.c, h.zone)) return {};
    return challenge::delegated_further(h.c.fqdn, h.zone, *h.c.public_zone);
}

boost::asio::awaitable<void> check_public_dns(
    services::accounts& all,
    services::resolvers& dns,
    std::vector<held_name> held,
    deadline until,
    log notes,
    errors& found
) {
    if (!dns.asks_authoritative()) co_return;
    std::set<dns::name> distinct;
    for (auto const& h : held)
        distinct.insert(h.zone);
    std::vector<dns::name> const zones(distinct.begin(), distinct.end());
    auto const one = [&](std::size_t i) {
        return is_zone_public(all, dns, zones[i], until, notes);
    };
    auto const seen = co_await a_few_at_once<result<void>>(zones_at_once, zones.size(), one);
    std::map<dns::name, result<void>> by_zone;
    for (std::size_t i = 0; i < zones.size(); ++i)
        by_zone.emplace(zones[i], seen[i]);
    for (auto const& h : held) {
        auto const sight = is_public(h, by_zone);
        if (!sight) found.push_back(in_context(label_of(h.c), sight.error()));
    }
}

} // namespace

async_result<errors> check_domains(
    services::accounts& all,
    services::resolvers& dns,
    challenge::allow_list const& allow,
    std::vector<std::string> domains,
    caa_question ask_caa,
    deadline until,
    log notes
) {
    auto const challenges = challenges_of(domains);
    if (!challenges) co_return challenges.error();
    auto const token = all.check_token();
    if (!token) co_return token.error();
    errors found;
    auto const allowed = those_allowed(allow, *challenges, found);
    auto const ends = co_await effective(dns, allow, allowed, notes, found);
    auto const held = co_await held_names(all, ends, found);
    if (!held) co_return held.error();
    co_await check_public_dns(all, dns, *held, until, notes, found);
    auto const objections = co_await ask_caa(domains);
    if (!objections) co_return objections.error();
    std::ranges::copy(*objections, std::back_inserter(found));
    co_return found;
}

} // namespace acme_dns01::preflight
