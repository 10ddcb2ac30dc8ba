#include "cli/caa_verdicts.hpp"

#include "base/concurrent.hpp"
#include "base/text.hpp"
#include "caa/lookup.hpp"

#include <algorithm>
#include <set>

namespace acme_dns01::cli {

using climb = std::vector<caa::level>;

namespace {

struct survey {
    session& s;
    dns::validating_resolver const& resolver;
    std::vector<dns::name> const& domains;
    clock::duration patience;
    std::size_t done = 0;
};

boost::asio::awaitable<climb> climb_of(survey& all, std::size_t i) {
    auto levels = co_await caa::look_up(all.resolver, all.domains[i], all.patience);
    ++all.done;
    if (all.domains.size() > 1) {
        all.s.out().progress(
            {std::to_string(all.done) + " of " + std::to_string(all.domains.size()) +
             " domains looked up"}
        );
    }
    co_return levels;
}

// The domain and its wildcard have the same climb.
std::vector<dns::name> domains_of(std::vector<caa::request> const& requests) {
    std::set<dns::name> domains;
    for (auto const& r : requests)
        domains.insert(r.domain);
    return {domains.begin(), domains.end()};
}

} // namespace

async_result<std::vector<climb>>
climbs_of(session& s, std::vector<dns::name> domains, clock::duration patience) {
    auto const resolver = co_await s.validator();
    if (!resolver) co_return resolver.error();
    survey all{s, **resolver, domains, patience};
    auto const one = [&all](std::size_t i) { return climb_of(all, i); };
    auto climbs = co_await a_few_at_once<climb>(domains_at_once, domains.size(), one);
    co_return climbs;
}

void warn_of_resolver(session& s) {
    if (!s.validator_note().empty()) s.out().warning(s.validator_note());
}

async_result<std::vector<checked>>
verdicts(session& s, std::vector<caa::request> requests, clock::duration patience) {
    auto const domains = domains_of(requests);
    auto const climbs = co_await climbs_of(s, domains, patience);
    if (!climbs) co_return climbs.error();
    std::vector<checked> all;
    for (auto& r : requests) {
        auto const at = std::ranges::lower_bound(domains, r.domain) - domains.begin();
        auto const& levels = (*climbs)[static_cast<std::size_t>(at)];
        auto decided = caa::decide(r, levels);
        all.push_back({std::move(r), levels, std::move(decided)});
    }
    co_return all;
}

} // namespace acme_dns01::cli
