#include "preflight/check.hpp"

#include "base/concurrent.hpp"
#include "caa/survey.hpp"
#include "challenge/effective_names.hpp"
#include "challenge/owner.hpp"
#include "preflight/account.hpp"
#include "preflight/challenge_name.hpp"
#include "preflight/delegation.hpp"
#include "preflight/dnssec.hpp"
#include "preflight/name.hpp"
#include "preflight/persist.hpp"
#include "preflight/questions.hpp"
#include "preflight/servers.hpp"
#include "preflight/state.hpp"
#include "preflight/zone_facts.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>

namespace acme_dns01::preflight {

using boost::asio::awaitable;
using dns::question;
using dns::record_type;
using climb = std::vector<caa::level>;
using zones = std::map<dns::name, zone_facts>;
using rows = std::vector<journal::entry>;

namespace {

// Each of these takes few questions at once.
constexpr std::size_t chains_at_once = 16;
constexpr std::size_t zones_at_once = 16;
constexpr std::size_t names_at_once = 32;
constexpr std::size_t climbs_at_once = 32;

void append(findings& all, findings more) { std::ranges::move(more, std::back_inserter(all)); }

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
    co_return true;
}

awaitable<void>
follow_all(questions const& dns, challenge::allow_list const& allow, std::vector<subject>& all) {
    if (!dns.asks_authoritative()) co_return;
    std::function<awaitable<bool>(std::size_t)> const one = [&](std::size_t i) {
        return follow(dns, allow, all[i]);
    };
    co_await a_few_at_once(chains_at_once, all.size(), one);
}

awaitable<zones>
survey_zones(questions const& dns, services::accounts& accounts, std::vector<subject> const& all) {
    std::map<dns::name, bool> wanted; // whether they are in the account
    for (auto const& s : all) {
        if (s.zone) wanted[*s.zone] = true;
        if (s.home_zone) wanted[*s.home_zone] = true;
    }
    // Of an alias from a zone that somebody else hosts.
    std::vector<std::pair<dns::name, bool>> const list(wanted.begin(), wanted.end());
    std::function<awaitable<zone_facts>(std::size_t)> const one = [&](std::size_t i) {
        return survey_zone(dns, accounts, list[i].first, list[i].second);
    };
    auto const found = co_await a_few_at_once(zones_at_once, list.size(), one);
    zones by_name;
    for (auto const& f : found)
        by_name.emplace(f.zone, f);
    co_return by_name;
}

zone_facts const* facts_of(zones const& all, std::optional<dns::name> const& zone) {
    auto const found = zone ? all.find(*zone) : all.end();
    return found == all.end() ? nullptr : &found->second;
}

question texts_of(subject const& s) { return {end_of(s), record_type::txt}; }
question caa_of(subject const& s) { return {s.base, record_type::caa}; }

// What all servers of a zone are asked, whatever the number of its domains.
awaitable<bool> compare(questions const& dns, zone_facts& f, std::vector<subject> const& all) {
    std::set<question> asked;
    for (auto const& s : all) {
        if (s.zone == f.zone) asked.insert(texts_of(s));
        if (s.home_zone == f.zone) asked.insert(caa_of(s));
    }
    std::vector<question> const list(asked.begin(), asked.end());
    co_await ask_servers(dns, f, list);
    co_return true;
}

awaitable<void> compare_all(questions const& dns, zones& by_name, std::vector<subject> const& all) {
    std::vector<awaitable<bool>> tasks;
    for (auto& [name, f] : by_name)
        tasks.push_back(compare(dns, f, all));
    co_await all_at_once(std::move(tasks));
}

// By the domain without "*.".
awaitable<std::map<dns::name, climb>>
look_up_caa(questions const& dns, std::vector<subject> const& all) {
    std::map<dns::name, climb> found;
    if (dns.validating() == nullptr) co_return found;
    std::set<dns::name> distinct;
    for (auto const& s : all)
        distinct.insert(s.base);
    std::vector<dns::name> const names(distinct.begin(), distinct.end());
    std::function<awaitable<climb>(std::size_t)> const one = [&](std::size_t i) {
        return caa::look_up(*dns.validating(), names[i], resolver_patience);
    };
    auto const climbs = co_await a_few_at_once(climbs_at_once, names.size(), one);
    for (std::size_t i = 0; i < names.size(); ++i)
        found.emplace(names[i], climbs[i]);
    co_return found;
}

using standing = result<std::vector<persist::checked>>;

// For the CA and account of the issuance, so far as they are named.
awaitable<standing>
look_up_standing(services_to_ask const& by, std::vector<subject> const& all, issuance const& how) {
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

// Those that a run may still need: a sweep would leave them.
rows needed_rows(services::state_folder& state) {
    auto const journal = state.durable_journal();
    if (!journal) return {};
    auto needed = (*journal)->outstanding();
    if (!needed) return {};
    challenge::sweep_limits limits{.now = std::chrono::system_clock::now(), .older_than = {}};
    auto const left = challenge::rows_to_sweep(*needed, limits);
    std::erase_if(*needed, [&](journal::entry const& e) {
        return std::ranges::count(left, e.key, &journal::entry::key) > 0;
    });
    return *needed;
}

// What was found out about the DNS of all domains.
struct dns_facts {
    zones by_name;
    std::vector<challenge_facts> challenges; // in the order of the subjects
    rows needed;
};

awaitable<dns_facts>
survey_dns(questions const& dns, services_to_ask const& by, std::vector<subject> const& all) {
    dns_facts f;
    f.needed = needed_rows(by.state);
    f.by_name = co_await survey_zones(dns, by.accounts, all);
    if (!dns.asks_authoritative()) co_return f;
    co_await compare_all(dns, f.by_name, all);
    std::function<awaitable<challenge_facts>(std::size_t)> const one = [&](std::size_t i) {
        auto const& s = all[i];
        auto const* const home = facts_of(f.by_name, s.home_zone);
        auto const* const end = facts_of(f.by_name, s.zone);
        return survey_challenge(dns, by.accounts, s, home, end, f.needed);
    };
    f.challenges = co_await a_few_at_once(names_at_once, all.size(), one);
    co_return f;
}

// The zones that matter to a subject: that of the record, and that of the challenge name.
std::vector<zone_facts const*> zones_of(zones const& all, subject const& s) {
    std::vector<zone_facts const*> found;
    for (auto const* f : {facts_of(all, s.zone), facts_of(all, s.home_zone)}) {
        if (f != nullptr && std::ranges::count(found, f) == 0) found.push_back(f);
    }
    return found;
}

findings without_zone() {
    constexpr auto why = "no zone of an account is known for it";
    findings all;
    for (auto const id :
         {check_id::delegation, check_id::servers, check_id::challenge, check_id::dnssec})
        all.push_back(not_checked(id, why, check_id::zone));
    return all;
}

findings about_zone(questions const& dns, zone_facts const& f, subject const& s) {
    findings all;
    if (dns.asks_authoritative()) {
        append(all, check_delegation(f, dns.port()));
        append(all, check_servers(f));
        if (s.zone == f.zone) append(all, check_answers(f, texts_of(s)));
        if (s.home_zone == f.zone) append(all, check_answers(f, caa_of(s)));
    }
    auto const validates = dns.validating() != nullptr && dns.validating()->validates();
    append(all, check_dnssec(f, validates, std::chrono::system_clock::now()));
    return all;
}

// A fault beside it makes this remark wrong.
void drop_overruled(findings& all) {
    std::set<check_id> faulty;
    for (auto const& f : all)
        if (f.is != severity::ok) faulty.insert(f.check);
    std::erase_if(all, [&](finding const& f) {
        return f.is == severity::ok && faulty.contains(f.check);
    });
}

findings by_resolvers_only() {
    constexpr auto why = "not checked: only resolvers are asked, because of --propagation resolver";
    findings all;
    for (auto const id : {check_id::delegation, check_id::servers, check_id::challenge})
        all.push_back(well(id, why));
    return all;
}

findings about_dns(questions const& dns, subject const& s, dns_facts const& facts, std::size_t i) {
    auto const places = zones_of(facts.by_name, s);
    findings all = places.empty() ? without_zone() : findings();
    for (auto const* f : places)
        append(all, about_zone(dns, *f, s));
    if (!dns.asks_authoritative()) append(all, by_resolvers_only());
    if (!dns.asks_authoritative()) return all;
    append(all, check_cut(s));
    if (!places.empty() || is_alias(s))
        append(all, check_challenge(s, facts.challenges[i], facts.needed));
    return all;
}

findings about_caa(
    questions const& dns,
    subject const& s,
    issuance const& how,
    std::map<dns::name, climb> const& climbs
) {
    auto const found = climbs.find(s.base);
    if (found == climbs.end()) {
        constexpr auto fix =
            "allow outgoing traffic to port 53, or name a resolver with --resolver";
        auto const& e = dns.no_validation();
        if (!how.by) return {doubtful(check_id::caa, e.message, "", e.hint.empty() ? fix : e.hint)};
        return {untold(check_id::caa, e, fix)};
    }
    auto all = check_climb(found->second);
    append(all, check_caa(s.given, how, found->second));
    return all;
}

struct named_subjects {
    std::vector<subject> good;
    findings about_names;
};

named_subjects check_names(std::vector<subject> const& all, challenge::allow_list const& allow) {
    named_subjects split;
    for (auto const& s : all) {
        auto found = check_name(s, allow);
        if (is_fine(found)) split.good.push_back(s);
        append(split.about_names, about(s.given, std::move(found)));
    }
    return split;
}

// In each zone that all is well with so far, once for all its domains.
awaitable<std::map<dns::name, findings>> write_tests(
    services_to_ask const& by, std::vector<subject> const& all, std::vector<findings> const& found
) {
    std::map<dns::name, bool> zones;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].zone) continue;
        auto& is_well = zones.try_emplace(*all[i].zone, true).first->second;
        is_well = is_well && is_fine(found[i]);
    }
    std::map<dns::name, findings> tested;
    for (auto const& [zone, is_well] : zones) {
        if (!is_well) continue;
        by.notes.progress("creating a record in zone " + zone.text());
        auto one = co_await by.write_test(zone);
        tested.emplace(zone, std::move(one));
    }
    co_return tested;
}

} // namespace

awaitable<findings> check(services_to_ask by, std::vector<subject> subjects, issuance how) {
    auto const names = check_names(subjects, by.allow);
    subjects = names.good;
    findings all = names.about_names;
    append(all, check_state(by.state));
    if (subjects.empty()) {
        sort_by_check(all);
        co_return all;
    }
    auto const dns = co_await questions::make(by.dns);
    by.notes.progress("following aliases");
    co_await follow_all(dns, by.allow, subjects);
    by.notes.progress("asking the accounts");
    auto accounts = co_await check_accounts(by.accounts, subjects);
    by.notes.progress(
        "asking the name servers about " + std::to_string(subjects.size()) + " domains"
    );
    auto validated = both_at_once(look_up_caa(dns, subjects), look_up_standing(by, subjects, how));
    auto const both = co_await both_at_once(survey_dns(dns, by, subjects), std::move(validated));
    auto const& [climbs, records] = both.second;
    append(all, std::move(accounts.about_accounts));
    std::vector<findings> of_subjects;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        auto& found = of_subjects.emplace_back(std::move(accounts.zones[i]));
        append(found, about_dns(dns, subjects[i], both.first, i));
        append(found, about_caa(dns, subjects[i], how, climbs));
        // Without a resolver that validates, about_caa has said so.
        if (records) append(found, check_persist((*records)[i].found, how));
    }
    std::map<dns::name, findings> written;
    if (by.write_test) written = co_await write_tests(by, subjects, of_subjects);
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        auto const& zone = subjects[i].zone;
        drop_overruled(of_subjects[i]);
        if (zone && written.contains(*zone)) append(of_subjects[i], written.at(*zone));
        append(all, about(subjects[i].given, std::move(of_subjects[i])));
    }
    sort_by_check(all);
    co_return all;
}

} // namespace acme_dns01::preflight
