#include "base/text.hpp"
#include "cli/commands/commands.hpp"
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
    call.out.result(lines, {{"results", std::move(results)}});
}

// Once each, with the first domain that it is about. Results for people have them already.
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

void warn_of_resolver(invocation& call) {
    auto const note = call.resolvers.validation_note();
    if (!note.empty()) call.out.warning(note);
}

} // namespace

outcome caa_check(invocation& call, arguments given) {
    if (given.empty()) co_return usage_of("caa check");
    auto requests = co_await caa_requests(call, given);
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
    print(call, *climbs);
    co_return outcome_of(*climbs);
}

} // namespace acme_dns01::cli
