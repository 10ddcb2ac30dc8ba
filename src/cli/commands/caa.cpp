#include "base/concurrent.hpp"
#include "base/text.hpp"
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
void print(invocation& call, std::vector<T> const& all) {
    std::vector<std::string> lines;
    json::array results;
    for (auto const& one : all) {
        std::ranges::move(lines_for(one), std::back_inserter(lines));
        results.push_back(to_json(one));
    }
    json::object const machine{{"results", std::move(results)}};
    call.out.result(lines, machine);
}

// Once each, with the first domain that it is about. Among results for people they stand already.
void warn(invocation& call, std::vector<caa::checked> const& all) {
    std::map<std::string, std::vector<std::string>> domains; // by sentence
    for (auto const& c : all) {
        for (auto const& sentence : c.decided.warnings)
            domains[sentence].push_back(caa::domain_of(c.asked));
    }
    for (auto const& [sentence, of] : domains) {
        auto const more = of.size() == 1 ? "" : " and " + counted(of.size() - 1, "other");
        call.out.warning(of.front() + more + ": " + sentence);
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

json::object change_json(invocation const& call, dns::name const& zone, caa::change const& c) {
    auto machine = to_json(c);
    machine["zone"] = zone.text();
    machine["applied"] = call.set.yes && !c.added.empty();
    return machine;
}

// Nothing is changed without --yes.
void propose(invocation& call, dns::name const& zone, caa::change const& wanted) {
    auto lines = lines_for(wanted);
    lines.emplace_back("nothing was changed: --yes applies this");
    call.out.result(lines, change_json(call, zone, wanted));
}

void tell_needless(invocation& call, dns::name const& zone, caa::checked const& now) {
    auto machine = change_json(call, zone, caa::change{now.asked.domain, {}, {}});
    machine["verdict"] = to_json(now);
    auto lines = lines_for(now);
    lines.emplace_back("nothing to change");
    call.out.result(lines, machine);
}

outcome apply_and_tell(invocation& call, dns::name zone, caa::change wanted, caa::request asked) {
    auto const applied = co_await apply(call, zone, wanted);
    if (!applied) co_return applied.error();
    auto const now = co_await verdict_after(call, asked);
    if (!now) co_return now.error();
    auto machine = change_json(call, zone, wanted);
    machine["verdict"] = to_json(*now);
    auto lines = lines_for(wanted);
    std::ranges::move(lines_for(*now), std::back_inserter(lines));
    call.out.result(lines, machine);
    co_return outcome_of(std::vector{*now});
}

void warn_of_resolver(invocation& call) {
    auto const note = call.resolvers.validation_note();
    if (!note.empty()) call.out.warning(note);
}

} // namespace

outcome caa_check(invocation& call, arguments given) {
    if (given.empty()) co_return usage_of("caa check");
    auto const subject = co_await caa_subject_of(call);
    if (!subject) co_return subject.error();
    auto requests = requests_for(*subject, given);
    if (!requests) co_return requests.error();
    auto const all = co_await caa::decide_all(call.resolvers, std::move(*requests), call.notes);
    if (!all) co_return all.error();
    warn_of_resolver(call);
    print(call, *all);
    if (call.set.output.json) warn(call, *all);
    co_return outcome_of(*all);
}

outcome caa_show(invocation& call, arguments given) {
    if (given.empty()) co_return usage_of("caa show");
    auto domains = domains_in(given);
    if (!domains) co_return domains.error();
    auto const climbs = co_await caa::look_up_all(call.resolvers, *domains, call.notes);
    if (!climbs) co_return climbs.error();
    warn_of_resolver(call);
    std::vector<shown> all;
    for (std::size_t i = 0; i < domains->size(); ++i)
        all.push_back({(*domains)[i], (*climbs)[i]});
    print(call, all);
    co_return outcome_of(all);
}

outcome caa_allow(invocation& call, arguments given) {
    if (given.size() != 1) co_return usage_of("caa allow");
    auto const subject = co_await caa_subject_of(call);
    if (!subject) co_return subject.error();
    auto const asked = request_to_allow(call, *subject, given.front());
    if (!asked) co_return asked.error();
    auto const token = call.accounts.check_token();
    if (!token) co_return token.error();
    auto const account = call.accounts.for_name(asked->domain);
    if (!account) co_return account.error();
    auto const zone = co_await (*account)->zone_of(asked->domain);
    if (!zone) co_return in_context(asked->domain.text(), zone.error());
    std::vector const one{*asked};
    auto const now = co_await caa::decide_all(call.resolvers, one, call.notes);
    if (!now) co_return now.error();
    warn_of_resolver(call);
    auto const change = caa::change_for(*asked, restrictions_of(call), now->front().climb, *zone);
    if (!change) co_return change.error();
    auto const wanted = co_await where_it_stands(call, *zone, *change);
    if (!wanted) co_return wanted.error();
    auto const allowed = call.set.allow.check(wanted->at);
    if (!allowed) co_return allowed.error();
    if (wanted->added.empty()) {
        tell_needless(call, *zone, now->front());
        co_return result<void>();
    }
    if (!call.set.yes) {
        propose(call, *zone, *wanted);
        co_return result<void>();
    }
    auto done = co_await apply_and_tell(call, *zone, *wanted, *asked);
    co_return done;
}

} // namespace acme_dns01::cli
