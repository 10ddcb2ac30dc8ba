#include "cli/preflight.hpp"

#include "base/concurrent.hpp"
#include "challenge/wait/zone_check.hpp"
#include "cli/caa_verdicts.hpp"
#include "cli/options/caa_request.hpp"
#include "cli/placement.hpp"
#include "cli/wait_for.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace acme_dns01::cli {

using challenge::dns01;

namespace {

// Each takes a handful of questions.
constexpr std::size_t names_at_once = 16;
constexpr std::size_t zones_at_once = 16;

// A challenge name, and the zone of the account that holds it.
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

std::vector<dns01> those_allowed(session const& s, std::vector<dns01> const& all, errors& found) {
    std::vector<dns01> allowed;
    for (auto const& c : all) {
        auto const is_allowed = s.may_touch(c);
        if (!is_allowed) found.push_back(is_allowed.error());
        if (is_allowed) allowed.push_back(c);
    }
    return allowed;
}

async_result<dns01> followed(session& s, dns01 c) {
    std::vector const one{std::move(c)};
    auto where = co_await placed(s, one);
    if (!where) co_return where.error();
    co_return std::move(where->front());
}

boost::asio::awaitable<std::vector<dns01>>
followed_all(session& s, std::vector<dns01> all, errors& found) {
    std::vector<dns01> ends;
    for (auto const& c : all) {
        auto const is_same = [&](auto const& other) { return other.fqdn == c.fqdn; };
        if (std::ranges::none_of(ends, is_same)) ends.push_back(c);
    }
    auto const one = [&](std::size_t i) { return followed(s, ends[i]); };
    auto const where = co_await a_few_at_once<result<dns01>>(names_at_once, ends.size(), one);
    ends.clear();
    for (auto const& c : where) {
        if (!c) found.push_back(c.error());
        if (c) ends.push_back(*c);
    }
    co_return ends;
}

// The zones as they are now, whatever earlier runs remember.
async_result<dns::name> zone_for(session& s, dns01 const& c, std::set<challenge::account*>& asked) {
    auto const account = s.account_for(c.fqdn);
    if (!account) co_return account.error();
    if (asked.insert(*account).second) (*account)->look_anew();
    auto zone = co_await (*account)->zone_of(c);
    co_return zone;
}

async_result<std::vector<held_name>> held_names(session& s, std::vector<dns01> all, errors& found) {
    std::set<challenge::account*> asked;
    std::vector<held_name> held;
    for (auto const& c : all) {
        auto const zone = co_await zone_for(s, c, asked);
        if (zone) {
            held.push_back({c, *zone});
            continue;
        }
        auto const told = in_context(label_of(c), zone.error());
        if (told.kind != error_kind::zone_not_found) co_return told;
        found.push_back(told);
    }
    co_return held;
}

// What keeps the public DNS from finding anything in a zone of the account.
async_result<void> is_zone_in_sight(session& s, dns::name zone) {
    auto const found = co_await challenge::public_servers(s.resolver(), zone, s.set().dns_port);
    if (!found) co_return found.error();
    if (!challenge::looks_foreign(*found)) co_return result<void>();
    auto const elsewhere = co_await challenge::check_zone(
        s.resolver(), zone, *found, asks_account(s), deadline::in(s.set().deadline)
    );
    if (elsewhere) co_return *elsewhere;
    co_return result<void>();
}

using zones_seen = std::map<dns::name, result<void>>;

boost::asio::awaitable<zones_seen> look_at_zones(session& s, std::vector<held_name> held) {
    std::set<dns::name> distinct;
    for (auto const& h : held)
        distinct.insert(h.zone);
    std::vector<dns::name> const zones(distinct.begin(), distinct.end());
    auto const one = [&](std::size_t i) { return is_zone_in_sight(s, zones[i]); };
    auto const all = co_await a_few_at_once<result<void>>(zones_at_once, zones.size(), one);
    zones_seen seen;
    for (std::size_t i = 0; i < zones.size(); ++i)
        seen.emplace(zones[i], all[i]);
    co_return seen;
}

result<void> is_in_sight(held_name const& h, zones_seen const& seen) {
    auto const& zone = seen.at(h.zone);
    if (!zone) return zone;
    if (!is_in_zone_below(h.c, h.zone)) return {};
    return challenge::delegated_further(h.c.fqdn, h.zone, *h.c.public_zone);
}

boost::asio::awaitable<void>
look_from_outside(session& s, std::vector<held_name> held, errors& found) {
    auto const is_possible = s.set().propagation == challenge::witnesses::authoritative;
    if (!is_possible) co_return;
    auto const seen = co_await look_at_zones(s, held);
    for (auto const& h : held) {
        auto const one = is_in_sight(h, seen);
        if (!one) found.push_back(in_context(label_of(h.c), one.error()));
    }
}

bool names_issuer(session const& s) {
    auto const& given = s.set().caa;
    return given.issuer || given.directory || given.account_uri || given.method;
}

async_result<void> ask_caa(session& s, std::vector<std::string> domains, errors& found) {
    if (!names_issuer(s)) co_return result<void>();
    auto const subject = co_await caa_subject_of(s);
    if (!subject) co_return subject.error();
    auto requests = requests_for(*subject, domains);
    if (!requests) co_return requests.error();
    auto const all = co_await verdicts(s, std::move(*requests));
    if (!all) co_return all.error();
    for (auto const& c : *all) {
        if (c.decided.is != caa::verdict::permitted) found.push_back(objection_of(c));
    }
    co_return result<void>();
}

} // namespace

async_result<errors> preflight(session& s, std::vector<std::string> domains) {
    auto const all = challenges_of(domains);
    if (!all) co_return all.error();
    auto const token = s.check_token();
    if (!token) co_return token.error();
    errors found;
    auto const allowed = those_allowed(s, *all, found);
    auto const ends = co_await followed_all(s, allowed, found);
    auto const held = co_await held_names(s, ends, found);
    if (!held) co_return held.error();
    co_await look_from_outside(s, *held, found);
    auto const asked = co_await ask_caa(s, domains, found);
    if (!asked) co_return asked.error();
    co_return found;
}

} // namespace acme_dns01::cli
