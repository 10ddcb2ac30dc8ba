#include "cli/commands/commands.hpp"
#include "cli/options/options.hpp"

#include <algorithm>

namespace acme_dns01::cli {

namespace {

// A CA is not sent the token.
async_result<net::response> get(invocation& call, net::base_url url) {
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

// The hints of these three failures fit any server; all others are about the API.
error about_directory(std::string_view what, error cause) {
    auto failure = in_context(what, std::move(cause));
    auto const is_passing = failure.kind == error_kind::no_answer ||
                            failure.kind == error_kind::too_slow ||
                            failure.kind == error_kind::untrusted;
    if (!is_passing) failure.hint = directory_hint;
    return failure;
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
    auto const what = "the ACME directory " + url.origin() + url.prefix;
    auto const answer = co_await get(call, url);
    if (!answer) co_return about_directory(what, answer.error());
    if (answer->status != 200) co_return bad_status(what, answer->status);
    auto const identities = caa::identities_in(answer->body);
    if (!identities) co_return about_directory(what, identities.error());
    auto found = caa::issuer_of_directory(url.host, *identities);
    co_return found;
}

} // namespace

async_result<std::vector<caa::request>> caa_requests(invocation& call, arguments domains) {
    auto const& set = call.set.caa;
    auto by = set.issuer;
    if (set.directory) {
        auto const at = co_await issuer_at(call, *set.directory);
        if (!at) co_return at.error();
        by = *at;
    }
    if (!by) {
        auto const hint =
            "give its name with --issuer, such as letsencrypt.org, or its ACME --directory";
        co_return usage_error("no CA was named", hint);
    }
    std::vector<caa::request> requests;
    for (auto const& text : domains) {
        auto request = caa::make_request(text, *by);
        if (!request) co_return request.error();
        request->account_uri = set.account_uri.value_or("");
        request->method = set.method.value_or("dns-01");
        auto const is_known = std::ranges::any_of(requests, [&](auto const& other) {
            return other.domain == request->domain && other.wildcard == request->wildcard;
        });
        if (!is_known) requests.push_back(std::move(*request));
    }
    co_return requests;
}

} // namespace acme_dns01::cli
