#include "preflight/check.hpp"

#include "base/text.hpp"
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
#include "preflight/survey.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>

namespace acme_dns01::preflight {

using boost::asio::awaitable;
using rows = std::vector<journal::entry>;

namespace {

void append(findings& all, findings more) { std::ranges::move(more, std::back_inserter(all)); }

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

// The zones that matter to a subject: that of the record, and that of the challenge name.
std::vector<zone_facts const*> zones_of(zones const& all, subject const& s) {
    std::vector<zone_facts const*> found;
    for (auto const* f : {facts_of(all, s.zone), facts_of(all, home_of(s))}) {
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
        if (s.zone == f.zone) append(all, check_answers(f, {end_of(s), dns::record_type::txt}));
        auto const is_home = home_of(s) == f.zone;
        for (auto const& q : is_home ? caa_questions(s, f.zone) : std::vector<dns::question>())
            append(all, check_answers(f, q));
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

findings about_dns(
    questions const& dns,
    subject const& s,
    zones const& by_name,
    challenge_facts const& facts,
    rows const& needed
) {
    auto const places = zones_of(by_name, s);
    findings all = places.empty() ? without_zone() : findings();
    for (auto const* f : places)
        append(all, about_zone(dns, *f, s));
    if (!dns.asks_authoritative()) append(all, by_resolvers_only());
    if (!dns.asks_authoritative()) return all;
    append(all, check_cut(s));
    if (!places.empty() || is_alias(s)) append(all, check_challenge(s, facts, needed));
    return all;
}

findings
about_caa(questions const& dns, subject const& s, issuance const& how, climbs const& by_domain) {
    auto const found = by_domain.find(s.base);
    if (found == by_domain.end()) {
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
    co_await follow_aliases(dns, by.allow, subjects);
    by.notes.progress("asking the accounts for their zones");
    auto accounts = co_await find_zones(by.accounts, subjects);
    by.notes.progress("asking the name servers about " + counted(subjects.size(), "domain"));
    auto const needed = needed_rows(by.state);
    auto const found = co_await survey(dns, by, subjects, how, accounts, needed);
    append(all, found.about_accounts);
    std::vector<findings> of_subjects;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        auto& of_one = of_subjects.emplace_back(std::move(accounts.zones[i]));
        append(of_one, about_dns(dns, subjects[i], found.by_name, found.challenges[i], needed));
        append(of_one, about_caa(dns, subjects[i], how, found.by_domain));
        // Without a resolver that validates, about_caa has said so.
        if (found.standing) append(of_one, check_persist((*found.standing)[i].found, how));
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
