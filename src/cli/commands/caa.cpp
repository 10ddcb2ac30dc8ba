#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/options.hpp"
#include "cli/output/caa_report.hpp"

#include <algorithm>
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

std::string directory_name(net::base_url const& url) {
    return "the ACME directory " + url.origin() + url.prefix;
}

error bad_status(std::string const& what, unsigned status) {
    auto const is_passing = status == 429 || status >= 500;
    auto const passing = status == 429 ? error_kind::rate_limited : error_kind::server_error;
    return {
        .kind = is_passing ? passing : error_kind::bad_answer,
        .message = what + " answered with status " + std::to_string(status),
        .hint = is_passing ? "try again later" : "find the directory in the CA's documentation",
    };
}

async_result<caa::issuer> issuer_at(invocation& call, net::base_url url) {
    auto const text = co_await directory_at(call, url);
    if (!text) co_return text.error();
    auto const identities = caa::identities_in(*text);
    if (!identities) co_return about_directory(url, identities.error());
    auto found = caa::issuer_of_directory(url.host, *identities);
    co_return found;
}

} // namespace

// The hints of these three failures fit any server; all others are about the API.
error about_directory(net::base_url const& url, error cause) {
    auto failure = in_context(directory_name(url), std::move(cause));
    auto const is_passing = failure.kind == error_kind::no_answer ||
                            failure.kind == error_kind::too_slow ||
                            failure.kind == error_kind::untrusted;
    if (!is_passing) failure.hint = directory_hint;
    return failure;
}

async_result<std::string> directory_at(invocation& call, net::base_url url) {
    auto const answer = co_await get_from_ca(call, url);
    if (!answer) co_return about_directory(url, answer.error());
    if (answer->status != 200) co_return bad_status(directory_name(url), answer->status);
    co_return answer->body;
}

async_result<net::response> get_from_ca(invocation& call, net::base_url url) {
    auto proxy = net::proxy_for(url, call.env);
    if (!proxy) co_return proxy.error();
    net::https_client client(call.executor, url, call.set.accounts.trust, std::move(*proxy));
    net::request asked;
    asked.method = "GET";
    asked.target = url.prefix.empty() ? "/" : "";
    secret const nothing;
    auto const until = deadline::in(call.set.accounts.deadline);
    auto answer = co_await client.exchange(asked, nothing, until);
    co_return answer;
}

async_result<std::optional<caa::issuer>> named_issuer(invocation& call) {
    auto const& set = call.set.caa;
    if (!set.directory) co_return set.issuer;
    auto const at = co_await issuer_at(call, *set.directory);
    if (!at) co_return at.error();
    co_return std::optional(*at);
}

async_result<std::vector<caa::request>> caa_requests(invocation& call, arguments domains) {
    auto const& set = call.set.caa;
    auto const by = co_await named_issuer(call);
    if (!by) co_return by.error();
    if (!*by) {
        auto const hint =
            "give its name with --issuer, such as letsencrypt.org, or its ACME --directory";
        co_return usage_error("no CA was named", hint);
    }
    std::vector<caa::request> requests;
    for (auto const& text : domains) {
        auto request = caa::make_request(text, **by);
        if (!request) co_return request.error();
        if (set.at) request->rules = caa::rules_at(*set.at);
        request->account_uri = set.account_uri.value_or("");
        request->method = set.method.value_or("dns-01");
        auto const is_known = std::ranges::any_of(requests, [&](auto const& other) {
            return other.domain == request->domain && other.wildcard == request->wildcard;
        });
        if (!is_known) requests.push_back(std::move(*request));
    }
    co_return requests;
}

outcome caa_check(invocation& call, arguments given) {
    if (given.empty()) co_return usage_of("caa check");
    auto requests = co_await caa_requests(call, given);
    if (!requests) co_return requests.error();
    auto const all = co_await caa::decide_all(call.resolvers, std::move(*requests), call.notes);
    if (!all) co_return all.error();
    call.warn_of_resolver();
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
    call.warn_of_resolver();
    print(call, *climbs);
    co_return outcome_of(*climbs);
}

} // namespace acme_dns01::cli
