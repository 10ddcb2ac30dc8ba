#include "cli/options/caa_request.hpp"

#include "base/text.hpp"
#include "cli/options/resource_options.hpp"

#include <algorithm>

namespace acme_dns01::cli {

namespace {

constexpr auto default_method = "dns-01";

error no_issuer() {
    return {
        .kind = error_kind::usage,
        .message = "no CA was given",
        .hint = "name it with --issuer, such as letsencrypt.org, or give its ACME --directory",
    };
}

result<std::string> account_uri_in(own_options const& given) {
    auto uri = text_in(given, "account-uri").value_or("");
    if (caa::is_account_uri(uri) || !given.contains("account-uri")) return uri;
    return error{
        .kind = error_kind::usage,
        .message = "--account-uri: '" + printable(uri, 100) + "' is not a URI",
        .hint = "it is the Location that the CA returned when the account was made, such as "
                "https://acme-v02.api.letsencrypt.org/acme/acct/1",
    };
}

result<std::string> method_in(own_options const& given) {
    auto method = text_in(given, "method").value_or(default_method);
    // RFC 8657 4 allows capitals, and no CA has a method with any.
    if (caa::is_method_label(method) && lower(method) == method) return method;
    return error{
        .kind = error_kind::usage,
        .message = "--method: '" + printable(method, 40) + "' is not a validation method",
        .hint = "methods are dns-01, http-01, tls-alpn-01, dns-account-01 and dns-persist-01",
    };
}

// The token has no business there: the request carries none.
async_result<net::response> get(session& s, net::base_url url) {
    auto proxy = net::proxy_for(url, s.env());
    if (!proxy) co_return proxy.error();
    net::https_client client(s.executor(), url, s.set().trust, std::move(*proxy));
    net::request asked;
    asked.method = "GET";
    asked.target = url.prefix.empty() ? "/" : "";
    secret const nothing;
    auto const until = deadline::in(s.set().deadline);
    auto answer = co_await client.exchange(asked, nothing, until);
    co_return answer;
}

// The hints of the API's client are about the API.
error about_directory(std::string_view what, error cause) {
    auto told = in_context(what, std::move(cause));
    auto const is_passing = told.kind == error_kind::no_answer ||
                            told.kind == error_kind::too_slow || told.kind == error_kind::untrusted;
    if (is_passing) return told;
    told.hint = "a directory URL looks like https://acme-v02.api.letsencrypt.org/directory; "
                "--issuer names a CA without asking it";
    return told;
}

error_kind kind_of(unsigned status) {
    if (status == 429) return error_kind::rate_limited;
    return status >= 500 ? error_kind::server_error : error_kind::bad_answer;
}

error bad_status(std::string const& what, unsigned status) {
    auto const kind = kind_of(status);
    auto const is_passing = kind != error_kind::bad_answer;
    return {
        .kind = kind,
        .message = what + " answered with status " + std::to_string(status),
        .hint = is_passing ? "try again later" : "the CA's documentation names its directory",
    };
}

async_result<caa::issuer> issuer_at(session& s, std::string text) {
    auto const url = net::parse_base_url(text);
    if (!url) co_return about_directory("--directory", url.error());
    auto const what = "the ACME directory " + url->origin() + url->prefix;
    auto const answer = co_await get(s, *url);
    if (!answer) co_return about_directory(what, answer.error());
    if (answer->status != 200) co_return bad_status(what, answer->status);
    auto const identities = caa::identities_in(answer->body);
    if (!identities) co_return about_directory(what, identities.error());
    auto found = caa::issuer_of_directory(url->host, *identities);
    co_return found;
}

} // namespace

async_result<caa_subject> caa_subject_of(session& s) {
    auto const& given = s.set().own;
    if (given.contains("issuer") && given.contains("directory")) {
        co_return error{
            .kind = error_kind::usage,
            .message = "--issuer and --directory both name a CA: give one of them",
        };
    }
    auto const uri = account_uri_in(given);
    if (!uri) co_return uri.error();
    auto const method = method_in(given);
    if (!method) co_return method.error();
    caa_subject subject{{}, *uri, *method};
    auto const directory = text_in(given, "directory");
    if (directory) {
        auto at = co_await issuer_at(s, *directory);
        if (!at) co_return at.error();
        subject.by = std::move(*at);
        co_return subject;
    }
    auto const named = text_in(given, "issuer").value_or(s.set().caa_issuer);
    if (named.empty()) co_return no_issuer();
    auto known = caa::find_issuer(named);
    if (!known) co_return known.error();
    subject.by = std::move(*known);
    co_return subject;
}

result<std::vector<caa::request>>
requests_for(caa_subject const& subject, std::vector<std::string> const& domains) {
    std::vector<caa::request> requests;
    for (auto const& text : domains) {
        auto request = caa::make_request(text, subject.by);
        if (!request) return request.error();
        request->account_uri = subject.account_uri;
        request->method = subject.method;
        auto const is_known = std::ranges::any_of(requests, [&](auto const& other) {
            return other.domain == request->domain && other.wildcard == request->wildcard;
        });
        if (!is_known) requests.push_back(std::move(*request));
    }
    return requests;
}

} // namespace acme_dns01::cli
