#include "caa/survey.hpp"

#include "base/concurrent.hpp"
#include "caa/lookup.hpp"

#include <algorithm>
#include <set>

namespace acme_dns01::caa {

using climb = std::vector<level>;

namespace {

struct survey {
    dns::validating_resolver const& resolver;
    std::vector<dns::name> const& domains;
    log const& notes;
    clock::duration patience;
    std::size_t done = 0;
};

boost::asio::awaitable<climb> climb_of(survey& all, std::size_t i) {
    auto levels = co_await look_up(all.resolver, all.domains[i], all.patience);
    ++all.done;
    if (all.domains.size() > 1) {
        all.notes.progress(
            std::to_string(all.done) + " of " + std::to_string(all.domains.size()) +
            " domains looked up"
        );
    }
    co_return levels;
}

std::vector<dns::name> domains_of(std::vector<request> const& requests) {
    std::set<dns::name> domains;
    for (auto const& r : requests)
        domains.insert(r.domain);
    return {domains.begin(), domains.end()};
}

// Each domain twice, as it is and as a wildcard.
result<std::vector<request>>
with_wildcards(issuer const& ca, std::vector<std::string> const& domains) {
    std::vector<request> all;
    for (auto const& domain : domains) {
        auto request = make_request(domain, ca);
        if (!request) return request.error();
        request->wildcard = false;
        all.push_back(*request);
        request->wildcard = true;
        all.push_back(std::move(*request));
    }
    return all;
}

result<void> check_either(checked const& plain, checked const& wildcard, log const& notes) {
    if (plain.decided.is == verdict::forbidden && wildcard.decided.is == verdict::forbidden) {
        return objection_of(plain);
    }
    if (plain.decided.is == verdict::error) notes.warning(objection_of(plain).message);
    return {};
}

} // namespace

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
    survey all{**resolver, domains, notes, patience};
    auto const one = [&all](std::size_t i) { return climb_of(all, i); };
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

async_result<void>
check_permission(services::resolvers& by, issuer ca, std::vector<std::string> domains, log notes) {
    auto requests = with_wildcards(ca, domains);
    if (!requests) co_return requests.error();
    auto const all = co_await decide_all(by, std::move(*requests), notes, hook_look_up_limit);
    if (!all && all.error().kind == error_kind::dns_failure) {
        notes.warning(
            "cannot determine whether CAA permits " + ca.name + " to issue: " + all.error().text()
        );
        co_return result<void>();
    }
    if (!all) co_return all.error();
    if (!by.validation_note().empty()) notes.note(by.validation_note());
    for (std::size_t i = 0; i + 1 < all->size(); i += 2) {
        auto const permission = check_either((*all)[i], (*all)[i + 1], notes);
        if (!permission) co_return permission.error();
    }
    co_return result<void>();
}

} // namespace acme_dns01::caa
