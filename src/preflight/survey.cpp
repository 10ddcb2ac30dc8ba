#include "preflight/survey.hpp"

#include "base/concurrent.hpp"
#include "caa/survey.hpp"
#include "challenge/effective_names.hpp"

#include <functional>
#include <set>

namespace acme_dns01::preflight {

using boost::asio::awaitable;
using climb = std::vector<caa::level>;
using rows = std::vector<journal::entry>;
using subjects = std::vector<subject>;

namespace {

// Each of these takes few questions at once. A chain has one in flight, and five if all servers are
// silent.
constexpr std::size_t chains_at_once = 10;
constexpr std::size_t zones_at_once = 16;
constexpr std::size_t names_at_once = 32;
constexpr std::size_t climbs_at_once = 32;

// Without the domain in front.
std::optional<error> objection_to_end(subject const& s, challenge::allow_list const& allow) {
    auto const c = challenge::make_challenge(s.given);
    if (!is_alias(s) || !c) return std::nullopt;
    auto const may = challenge::check_end(allow, *c, *s.chain);
    if (may) return std::nullopt;
    auto objection = may.error();
    auto const prefix = c->domain + ": ";
    if (objection.message.starts_with(prefix)) objection.message.erase(0, prefix.size());
    return objection;
}

// With one place for what a chain asks by itself, one server after the other.
awaitable<bool> follow(questions const& dns, challenge::allow_list const& allow, subject& s) {
    auto const until = deadline(clock::time_point::max());
    auto const place = co_await dns.places().enter(until);
    auto chain = co_await dns::follow_aliases(dns.look_ups(), s.challenge, dns.port());
    s.chain = std::move(chain);
    s.barred = objection_to_end(s, allow);
    // A CA comes to the alias through its own zone, and asks for CAA there.
    if (is_alias(s))
        s.public_home = co_await dns::public_zone(dns.look_ups(), s.challenge, dns.port());
    co_return true;
}

using plans = std::map<dns::name, zone_plan>;

zone_plan& plan_for(plans& all, dns::name const& zone, bool is_in_account) {
    auto& plan = all.try_emplace(zone, zone_plan{.zone = zone}).first->second;
    plan.is_in_account = plan.is_in_account || is_in_account;
    return plan;
}

plans plans_for(subjects const& all, std::vector<challenge_questions> const& asked) {
    plans wanted;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& s = all[i];
        if (s.zone) {
            auto& plan = plan_for(wanted, *s.zone, true);
            plan.of_all.insert(asked[i].at_end);
            if (asked[i].beside) plan.of_two.insert(*asked[i].beside);
        }
        if (auto const home = home_of(s)) {
            auto& plan = plan_for(wanted, *home, s.home_zone.has_value());
            for (auto const& q : caa_questions(s, *home))
                plan.of_all.insert(q);
            if (asked[i].doubled) plan.of_two.insert(*asked[i].doubled);
        }
    }
    return wanted;
}

awaitable<zones> survey_zones(questions const& dns, services_to_ask const& by, plans wanted) {
    auto const ask_account = challenge::asks_account(by.accounts, by.notes);
    std::vector<zone_plan> list;
    for (auto const& [name, plan] : wanted)
        list.push_back(plan);
    std::function<awaitable<zone_facts>(std::size_t)> const one = [&](std::size_t i) {
        return survey_zone(dns, ask_account, list[i]);
    };
    auto const found = co_await a_few_at_once(zones_at_once, list.size(), one);
    zones by_name;
    for (auto const& f : found)
        by_name.emplace(f.zone, f);
    co_return by_name;
}

struct dns_facts {
    zones by_name;
    std::vector<challenge_facts> challenges;
};

awaitable<dns_facts> survey_dns(
    questions const& dns, services_to_ask const& by, subjects const& all, rows const& needed
) {
    std::vector<challenge_questions> asked;
    for (auto const& s : all)
        asked.push_back(questions_about(s));
    dns_facts f;
    f.by_name = co_await survey_zones(dns, by, plans_for(all, asked));
    std::function<awaitable<challenge_facts>(std::size_t)> const one = [&](std::size_t i) {
        auto const* const home = facts_of(f.by_name, home_of(all[i]));
        auto const* const end = facts_of(f.by_name, all[i].zone);
        return with_leftovers(by.accounts, all[i], facts_in(asked[i], home, end), needed);
    };
    f.challenges = co_await a_few_at_once(names_at_once, all.size(), one);
    co_return f;
}

awaitable<climbs> look_up_caa(questions const& dns, subjects const& all) {
    climbs found;
    if (dns.validating() == nullptr) co_return found;
    std::set<dns::name> distinct;
    for (auto const& s : all)
        distinct.insert(s.base);
    std::vector<dns::name> const names(distinct.begin(), distinct.end());
    std::function<awaitable<climb>(std::size_t)> const one = [&](std::size_t i) {
        return caa::look_up(*dns.validating(), names[i], resolver_patience);
    };
    auto const list = co_await a_few_at_once(climbs_at_once, names.size(), one);
    for (std::size_t i = 0; i < names.size(); ++i)
        found.emplace(names[i], list[i]);
    co_return found;
}

async_result<std::vector<persist::checked>>
look_up_standing(services_to_ask const& by, subjects const& all, issuance const& how) {
    std::vector<persist::question> asked;
    for (auto const& s : all) {
        persist::question q{s.base, s.is_wildcard};
        if (how.by) q.ca = persist::authority_of(*how.by);
        if (!how.account_uri.empty()) q.who = persist::account{how.account_uri};
        asked.push_back(std::move(q));
    }
    auto found = co_await persist::check_all(by.dns, asked, by.notes, resolver_patience);
    co_return found;
}

} // namespace

awaitable<void>
follow_aliases(questions const& dns, challenge::allow_list const& allow, subjects& all) {
    if (!dns.asks_authoritative()) co_return;
    std::function<awaitable<bool>(std::size_t)> const one = [&](std::size_t i) {
        return follow(dns, allow, all[i]);
    };
    co_await a_few_at_once(chains_at_once, all.size(), one);
}

std::vector<dns::question> caa_questions(subject const& s, dns::name const& home) {
    std::vector<dns::question> asked;
    for (auto const& node : s.base.climb())
        if (node.is_within(home)) asked.push_back({node, dns::record_type::caa});
    return asked;
}

zone_facts const* facts_of(zones const& all, std::optional<dns::name> const& zone) {
    auto const found = zone ? all.find(*zone) : all.end();
    return found == all.end() ? nullptr : &found->second;
}

awaitable<facts> survey(
    questions const& dns,
    services_to_ask const& by,
    subjects const& all,
    issuance const& how,
    zone_report const& accounts,
    rows const& needed
) {
    auto surveyed = survey_dns(dns, by, all, needed);
    auto asked = both_at_once(std::move(surveyed), check_accounts(accounts));
    auto validated = both_at_once(look_up_caa(dns, all), look_up_standing(by, all, how));
    auto found = co_await both_at_once(std::move(asked), std::move(validated));
    facts f;
    f.by_name = std::move(found.first.first.by_name);
    f.challenges = std::move(found.first.first.challenges);
    f.about_accounts = std::move(found.first.second);
    f.by_domain = std::move(found.second.first);
    f.standing = std::move(found.second.second);
    co_return f;
}

} // namespace acme_dns01::preflight
