#include "caa/survey.hpp"

#include "base/concurrent.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace acme_dns01::caa {

namespace asio = boost::asio;
using climb = std::vector<level>;
using dns::record_type;

namespace {

level failed(level l, std::string why) {
    l.is = level::content::failed;
    l.records.clear();
    l.failure = std::move(why);
    return l;
}

// The keys of a name have been asked for already; a warning is worth no more than that.
constexpr std::chrono::seconds second_look_patience{1};

// A name that does not exist has no records of any other type either.
asio::awaitable<void> look_again(dns::validating_resolver const& r, std::vector<level>& climb) {
    auto const until = clock::now() + second_look_patience;
    for (auto& l : climb) {
        if (has_records(l)) break;
        if (l.is != level::content::missing || l.node.label_count() == 1) continue;
        dns::question const key{l.node, record_type::dnskey};
        auto const patience = std::max(until - clock::now(), clock::duration::zero());
        auto const other = co_await r.look_up(key, patience);
        if (other.failure.empty() && other.code == dns::response_code::noerror)
            l.has_flaw = level::flaw::only_caa_is_nx;
    }
}

// Each of equal records may be the one that a sentence names: sorted, chance has no part in it.
level level_of(dns::name node, dns::validated const& answer) {
    level l;
    l.target = answer.found_at.is_root() ? node : answer.found_at;
    l.node = std::move(node);
    l.dnssec = answer.status;
    if (!answer.failure.empty()) return failed(std::move(l), answer.failure);
    if (answer.code == dns::response_code::nxdomain) l.is = level::content::missing;
    if (answer.lacks_soa) l.has_flaw = level::flaw::no_soa;
    for (auto const& rdata : answer.data) {
        auto property = parse_property(rdata);
        if (!property) return failed(std::move(l), property.error().message);
        l.is = level::content::records;
        l.records.push_back(std::move(*property));
    }
    std::ranges::sort(l.records, {}, [](property const& p) {
        return std::tie(p.tag, p.value, p.flags);
    });
    return l;
}

asio::awaitable<level>
level_at(dns::validating_resolver const& r, dns::name node, clock::duration patience) {
    dns::question const asked{node, record_type::caa};
    auto const answer = co_await r.look_up(asked, patience);
    co_return level_of(std::move(node), answer);
}

std::vector<dns::name> domains_of(std::vector<request> const& requests) {
    std::set<dns::name> domains;
    for (auto const& r : requests)
        domains.insert(r.domain);
    return {domains.begin(), domains.end()};
}

// A verdict passes that permits the domain or its wildcard.
result<void> permission_of(checked const& c, log const& notes) {
    auto wildcard = c.asked;
    wildcard.wildcard = true;
    auto const is_forbidden = c.decided.is == verdict::forbidden;
    if (is_forbidden && decide(wildcard, c.climb).is == verdict::forbidden) return objection_of(c);
    if (c.decided.is == verdict::error) notes.warning(objection_of(c).message);
    return {};
}

} // namespace

asio::awaitable<std::vector<level>>
look_up(dns::validating_resolver const& r, dns::name domain, clock::duration patience) {
    auto const executor = co_await asio::this_coro::executor;
    std::vector<asio::awaitable<level>> levels;
    for (auto const& node : domain.climb())
        levels.push_back(level_at(r, node, patience));
    background_tasks keys(executor);
    for (auto zone = domain; r.validates(); zone = zone.parent()) {
        dns::question const key{zone, record_type::dnskey};
        dns::question const delegation{zone, record_type::ds};
        keys.start(r.look_up(key, patience));
        if (zone.is_root()) break;
        keys.start(r.look_up(delegation, patience));
    }
    auto found = co_await all_at_once(std::move(levels));
    if (r.validates()) co_await look_again(r, found);
    co_return found;
}

error objection_of(checked const& c) {
    auto const& by = c.asked.by.name;
    auto const is_forbidden = c.decided.is == verdict::forbidden;
    auto const what = is_forbidden ? "CAA forbids " + by + " to issue: "
                                   : "cannot determine whether CAA permits " + by + " to issue: ";
    return {
        .kind = is_forbidden ? error_kind::caa_forbidden : error_kind::dns_failure,
        .message = domain_of(c.asked) + ": " + what + c.decided.reason,
        .hint = c.decided.advice,
    };
}

async_result<std::vector<climb>> look_up_all(
    services::resolvers& by, std::vector<dns::name> domains, log notes, clock::duration patience
) {
    auto const resolver = co_await by.validating();
    if (!resolver) co_return resolver.error();
    std::size_t done = 0;
    auto const one = [&](std::size_t i) -> asio::awaitable<climb> {
        auto levels = co_await look_up(**resolver, domains[i], patience);
        auto const count = std::to_string(++done) + " of " + std::to_string(domains.size());
        if (domains.size() > 1) notes.progress(count + " domains looked up");
        co_return levels;
    };
    auto climbs = co_await a_few_at_once<climb>(domains_at_once, domains.size(), one);
    co_return climbs;
}

async_result<std::vector<checked>> decide_all(
    services::resolvers& by, std::vector<request> requests, log notes, clock::duration patience
) {
    auto const domains = domains_of(requests);
    auto const climbs = co_await look_up_all(by, domains, notes, patience);
    if (!climbs) co_return climbs.error();
    std::vector<checked> all;
    for (auto& r : requests) {
        auto const at = std::ranges::lower_bound(domains, r.domain) - domains.begin();
        auto const& levels = (*climbs)[static_cast<std::size_t>(at)];
        auto decided = decide(r, levels);
        all.push_back({std::move(r), levels, std::move(decided)});
    }
    co_return all;
}

boost::asio::awaitable<std::vector<result<void>>>
check_permission(services::resolvers& by, issuer ca, std::vector<std::string> domains, log notes) {
    std::vector<request> requests;
    std::vector<result<void>> permissions(domains.size());
    for (auto const& domain : domains) {
        auto request = make_request(domain, ca);
        if (!request) co_return std::vector(domains.size(), result<void>(request.error()));
        request->wildcard = false;
        requests.push_back(std::move(*request));
    }
    auto const all = co_await decide_all(by, std::move(requests), notes, hook_look_up_limit);
    if (!all && all.error().kind == error_kind::dns_failure) {
        notes.warning(
            "cannot determine whether CAA permits " + ca.name + " to issue: " + all.error().text()
        );
        co_return permissions;
    }
    if (!all) co_return std::vector(domains.size(), result<void>(all.error()));
    if (!by.validation_note().empty()) notes.note(by.validation_note());
    for (std::size_t i = 0; i < all->size(); ++i)
        permissions[i] = permission_of((*all)[i], notes);
    co_return permissions;
}

} // namespace acme_dns01::caa
