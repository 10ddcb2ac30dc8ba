#include "base/concurrent.hpp"
#include "base/text.hpp"
#include "caa/lookup.hpp"
#include "cli/caa_verdicts.hpp"
#include "cli/commands/caa_allow.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/caa_request.hpp"
#include "cli/output/caa_report.hpp"

#include <iterator>
#include <map>

namespace acme_dns01::cli {

namespace json = boost::json;

namespace {

template <class T>
void print(session& s, std::vector<T> const& all) {
    std::vector<std::string> lines;
    json::array results;
    for (auto const& one : all) {
        std::ranges::move(lines_for(one), std::back_inserter(lines));
        results.push_back(to_json(one));
    }
    json::object const machine{{"results", std::move(results)}};
    s.out().result(lines, machine);
}

// Once each, with the first domain that it is about. Among results for people they stand already.
void warn(session& s, std::vector<checked> const& all) {
    std::map<std::string, std::vector<std::string>> domains; // by sentence
    for (auto const& c : all) {
        for (auto const& sentence : c.decided.warnings)
            domains[sentence].push_back(caa::domain_of(c.asked));
    }
    for (auto const& [sentence, of] : domains) {
        auto const more = of.size() == 1 ? "" : " and " + counted(of.size() - 1, "other");
        s.out().warning(of.front() + more + ": " + sentence);
    }
}

result<std::vector<dns::name>> domains_in(arguments const& given) {
    std::vector<dns::name> domains;
    for (auto const& text : given) {
        auto request = caa::make_request(text, {});
        if (!request) return request.error();
        if (std::ranges::count(domains, request->domain) == 0) domains.push_back(request->domain);
    }
    return domains;
}

json::object change_json(session const& s, dns::name const& zone, caa::change const& c) {
    auto machine = to_json(c);
    machine["zone"] = zone.text();
    machine["applied"] = s.set().own.contains("yes") && !c.added.empty();
    return machine;
}

// Nothing is changed without --yes.
void propose(session& s, dns::name const& zone, caa::change const& wanted) {
    auto lines = lines_for(wanted);
    lines.emplace_back("nothing was changed: --yes applies this");
    s.out().result(lines, change_json(s, zone, wanted));
}

void tell_needless(session& s, dns::name const& zone, checked const& now) {
    auto machine = change_json(s, zone, caa::change{now.asked.domain, {}, {}});
    machine["verdict"] = to_json(now);
    auto lines = lines_for(now);
    lines.emplace_back("nothing to change");
    s.out().result(lines, machine);
}

outcome apply_and_tell(session& s, dns::name zone, caa::change wanted, caa::request asked) {
    auto const applied = co_await apply(s, zone, wanted);
    if (!applied) co_return applied.error();
    auto const now = co_await verdict_after(s, asked);
    if (!now) co_return now.error();
    auto machine = change_json(s, zone, wanted);
    machine["verdict"] = to_json(*now);
    auto lines = lines_for(wanted);
    std::ranges::move(lines_for(*now), std::back_inserter(lines));
    s.out().result(lines, machine);
    co_return outcome_of(std::vector{*now});
}

} // namespace

outcome caa_check(session& s, arguments given) {
    if (given.empty()) co_return usage_of("caa check");
    auto const subject = co_await caa_subject_of(s);
    if (!subject) co_return subject.error();
    auto requests = requests_for(*subject, given);
    if (!requests) co_return requests.error();
    auto const all = co_await verdicts(s, std::move(*requests));
    if (!all) co_return all.error();
    warn_of_resolver(s);
    print(s, *all);
    if (s.set().json) warn(s, *all);
    co_return outcome_of(*all);
}

outcome caa_show(session& s, arguments given) {
    if (given.empty()) co_return usage_of("caa show");
    auto domains = domains_in(given);
    if (!domains) co_return domains.error();
    auto const climbs = co_await climbs_of(s, *domains);
    if (!climbs) co_return climbs.error();
    warn_of_resolver(s);
    std::vector<shown> all;
    for (std::size_t i = 0; i < domains->size(); ++i)
        all.push_back({(*domains)[i], (*climbs)[i]});
    print(s, all);
    co_return outcome_of(all);
}

outcome caa_allow(session& s, arguments given) {
    if (given.size() != 1) co_return usage_of("caa allow");
    auto const subject = co_await caa_subject_of(s);
    if (!subject) co_return subject.error();
    auto const asked = request_to_allow(s, *subject, given.front());
    if (!asked) co_return asked.error();
    auto const token = s.check_token();
    if (!token) co_return token.error();
    auto const account = s.account_for(asked->domain);
    if (!account) co_return account.error();
    auto const zone = co_await (*account)->zone_of(asked->domain);
    if (!zone) co_return in_context(asked->domain.text(), zone.error());
    std::vector const one{*asked};
    auto const now = co_await verdicts(s, one);
    if (!now) co_return now.error();
    warn_of_resolver(s);
    auto const change = caa::change_for(*asked, restrictions_of(s), now->front().climb, *zone);
    if (!change) co_return change.error();
    auto const wanted = co_await where_it_stands(s, *zone, *change);
    if (!wanted) co_return wanted.error();
    auto const allowed = s.set().allow.check(wanted->at);
    if (!allowed) co_return allowed.error();
    if (wanted->added.empty()) {
        tell_needless(s, *zone, now->front());
        co_return result<void>();
    }
    if (!s.set().own.contains("yes")) {
        propose(s, *zone, *wanted);
        co_return result<void>();
    }
    auto done = co_await apply_and_tell(s, *zone, *wanted, *asked);
    co_return done;
}

} // namespace acme_dns01::cli
