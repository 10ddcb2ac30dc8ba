#include "dns/alias.hpp"

#include "base/text.hpp"
#include "dns/delegation.hpp"

#include <algorithm>
#include <random>

namespace acme_dns01::dns {

using boost::asio::awaitable;

namespace {

constexpr std::size_t servers_asked_max = 6;
constexpr clock::duration server_patience = std::chrono::seconds(1);
constexpr clock::duration chain_limit = std::chrono::seconds(30);
// From the zone that the resolver knows down to the one that holds the name.
constexpr int referrals_max = 8;

// The servers to ask about a name.
struct place {
    name zone;
    std::vector<endpoint> servers;
};

struct settings {
    resolver const& r;
    std::uint16_t port;
    deadline until;
};

error not_found(name const& asked, std::string_view why) {
    return {
        .kind = error_kind::dns_failure,
        .message = "cannot find out whether " + asked.text() + " is an alias: " + std::string(why),
    };
}

error bad_chain(std::vector<name> const& names, std::string_view why) {
    return {
        .kind = error_kind::zone_not_found,
        .message = "the aliases of " + names.front().text() + " " + std::string(why) + ": " +
                   joined(texts_of(names), " -> "),
        .hint = "remove or change one of these CNAME records",
    };
}

// The names above, which exist if the name is ever to exist, the shortest first. Without the
// top-level domain, unless that is all there is: it is hardly ever the zone looked for.
std::vector<name> names_above(name const& asked) {
    auto levels = asked.climb();
    std::ranges::reverse(levels);
    if (!levels.empty()) levels.pop_back();
    if (levels.size() > 1) levels.erase(levels.begin());
    return levels;
}

place place_at(settings const& s, name zone, std::vector<name_server> const& servers) {
    return {std::move(zone), reachable(servers, s.port, servers_asked_max)};
}

// The highest zone above the name that the resolver knows. For a target below an earlier name of
// the chain that is the zone found before, so the resolver is not asked about either name.
async_result<place> place_above(settings const& s, name asked) {
    auto const levels = names_above(asked);
    for (auto const& level : levels) {
        question const about{level, record_type::soa};
        auto const answer = co_await s.r.look_up(about, s.until);
        if (!answer) co_return answer.error();
        auto const zone = zone_named_in(*answer, level);
        if (!zone) continue;
        auto const servers = co_await own_servers(s.r, *zone, s.until);
        if (!servers) co_return servers.error();
        co_return place_at(s, *zone, *servers);
    }
    co_return not_found(asked, "the public DNS knows no zone for it");
}

// The first useful answer of the zone's servers.
async_result<alias_step> ask_at(settings const& s, place where, name asked) {
    question const about{asked, record_type::txt};
    ask_options const options{.patience = std::min(s.until.left(), server_patience)};
    std::function<bool(message const&)> const is_useful = [&](message const& m) {
        return step_in(m, asked, where.zone).is != alias_step::kind::useless;
    };
    auto const came = co_await first_answer(where.servers, about, options, is_useful);
    if (came.empty()) co_return not_found(asked, "this host has no route to the name servers");
    auto const& [server, answer] = came.back();
    if (!answer) co_return not_found(asked, answer.error().message);
    if (is_useful(*answer)) co_return step_in(*answer, asked, where.zone);
    auto const why = "name server " + to_string(server) + " answered " + to_string(answer->code) +
                     (answer->authoritative ? "" : " without authority");
    co_return not_found(asked, why);
}

// One link, whichever zone it is in. `where` becomes the zone that holds the name. If the name is
// below a zone cut and no server there answers, it counts as no alias.
async_result<alias_step> find_link(settings const& s, name asked, place& where) {
    for (int i = 0; i <= referrals_max; ++i) {
        auto const step = co_await ask_at(s, where, asked);
        auto const is_below_cut = i > 0;
        if (!step && is_below_cut) co_return alias_step{alias_step::kind::target, asked, {}};
        if (!step || step->is != alias_step::kind::referral) co_return step;
        auto const below = co_await addresses_of(s.r, step->hosts, s.until);
        where = below ? place_at(s, step->next, *below) : place{step->next, {}};
    }
    co_return not_found(asked, "one referral leads to the next");
}

// Whether every name beside this one has the same answer. A name that does not exist has no
// wildcard above it, and a DNAME is no wildcard.
async_result<bool> is_by_wildcard(settings const& s, place where, name asked, alias_step answer) {
    using enum alias_step::kind;
    auto const sibling = random_sibling(asked);
    if (sibling == asked || !answer.exists || answer.is == alias) co_return false;
    auto const beside = co_await ask_at(s, where, sibling);
    if (!beside) co_return beside.error();
    if (answer.is == cname) co_return beside->is == cname && beside->next == answer.next;
    co_return beside->is == target && beside->exists && beside->texts == answer.texts;
}

// The name with `owner`, which it is below, replaced by `target` (RFC 6672 2.2).
result<name> substituted(name const& asked, name const& owner, name const& target) {
    auto const prefix = asked.relative_to(owner);
    return target.is_root() ? name::parse(prefix) : target.child(prefix);
}

} // namespace

name random_sibling(name const& of) {
    std::random_device device;
    std::string label = "acme-dns01-";
    for (int i = 0; i < 16; ++i)
        label += static_cast<char>('a' + device() % 26);
    auto const sibling = of.parent().child(label);
    return sibling ? *sibling : of;
}

alias_step step_in(message const& answer, name const& asked, name const& zone) {
    using enum alias_step::kind;
    auto const is_answer =
        answer.code == response_code::noerror || answer.code == response_code::nxdomain;
    if (!is_answer) return {};
    if (!answer.authoritative) {
        for (auto const& r : answer.authority) {
            auto const is_cut = r.type == record_type::ns && r.owner != zone &&
                                r.owner.is_within(zone) && asked.is_within(r.owner);
            if (is_cut) return {referral, r.owner, hosts_of(answer.authority, r.owner)};
        }
        return {};
    }
    for (auto const& r : answer.answer) {
        auto const covers = r.owner != asked && asked.is_within(r.owner);
        if (r.type != record_type::dname || !covers) continue;
        auto const target = name::parse(r.data);
        auto const next = target ? substituted(asked, r.owner, *target) : target;
        return next ? alias_step{alias, *next, {}} : alias_step();
    }
    auto const targets = data_of(answer.answer, record_type::cname, asked);
    if (targets.empty()) {
        auto const exists = answer.code == response_code::noerror;
        return {target, asked, {}, exists, data_of(answer.answer, record_type::txt, asked)};
    }
    auto const next = name::parse(targets.front());
    return next ? alias_step{cname, *next, {}} : alias_step();
}

async_result<alias_chain>
follow_aliases(resolver const& r, name challenge_name, std::uint16_t port) {
    settings const s{r, port, deadline(clock::now() + chain_limit)};
    alias_chain chain;
    chain.names.push_back(challenge_name);
    while (true) {
        // The next name of the chain. A failure ends the chain; only the first one is an error.
        auto const current = chain.names.back();
        auto const is_alias = chain.names.size() > 1;
        auto where = co_await place_above(s, current);
        if (!where && is_alias) co_return chain;
        if (!where) co_return where.error();
        auto const step = co_await find_link(s, current, *where);
        if (!step && is_alias) co_return chain;
        if (!step) co_return step.error();
        if (!where->zone.is_root()) chain.zone = where->zone;
        auto const is_end = step->is == alias_step::kind::target;
        if (is_end && !is_alias) co_return chain;
        auto const by_wildcard = co_await is_by_wildcard(s, *where, current, *step);
        if (!by_wildcard && !is_end) co_return by_wildcard.error();
        chain.ends_at_wildcard = by_wildcard && *by_wildcard;
        if (is_end || chain.ends_at_wildcard) co_return chain;
        // One link further, with a limit and without circles.
        auto const is_circle = std::ranges::count(chain.names, step->next) > 0;
        chain.names.push_back(step->next);
        chain.zone.reset();
        if (is_circle) co_return bad_chain(chain.names, "lead in a circle");
        if (chain.names.size() > links_max + 1) co_return bad_chain(chain.names, "are too many");
    }
}

} // namespace acme_dns01::dns
