#include "caa/request.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::caa {

namespace {

constexpr std::string_view wildcard_prefix = "*.";

error bad_domain(std::string_view text, std::string_view why) {
    return {
        .kind = error_kind::usage,
        .message =
            "no certificate can be issued for '" + printable(text, 80) + "': " + std::string(why),
    };
}

bool is_one_of(std::string const& issuer, std::vector<std::string> const& identities) {
    return std::ranges::find(identities, issuer) != identities.end();
}

match match_of_account(issue_value const& v, std::string const& account) {
    auto const uris = values_of(v, account_parameter);
    if (uris.empty()) return match::authorized;
    if (uris.size() > 1 || !is_account_uri(uris.front())) return match::invalid_account;
    if (account.empty() || uris.front() == account) return match::authorized;
    return match::other_account;
}

match match_of_method(issue_value const& v, std::string const& method) {
    auto const lists = values_of(v, method_parameter);
    if (lists.empty()) return match::authorized;
    if (lists.size() > 1) return match::invalid_method;
    return match_of_methods(lists.front(), method);
}

} // namespace

result<request> make_request(std::string_view domain, issuer by) {
    auto const wildcard = domain.starts_with(wildcard_prefix);
    auto name = dns::name::parse(wildcard ? domain.substr(wildcard_prefix.size()) : domain);
    if (!name) return name.error();
    if (name->is_root()) return bad_domain(domain, "it is the root");
    if (name->text().starts_with('*')) {
        return bad_domain(domain, "'*' may only be the whole first label");
    }
    if (name->ends_in_number()) return bad_domain(domain, "it is not a domain name");
    return request{.domain = std::move(*name), .wildcard = wildcard, .by = std::move(by)};
}

std::string domain_of(request const& r) {
    return (r.wildcard ? std::string(wildcard_prefix) : std::string()) + r.domain.text();
}

match match_of(issue_value const& v, request const& r) {
    if (!v.malformed.empty()) return match::malformed;
    if (v.issuer.empty()) return match::no_ca;
    if (!is_one_of(v.issuer, r.by.identities)) return match::other_ca;
    auto const account = match_of_account(v, r.account_uri);
    if (account != match::authorized) return account;
    return match_of_method(v, r.method);
}

match match_of_methods(std::string_view list, std::string_view method) {
    for (auto const& m : methods_in(list)) {
        if (!is_method_label(m)) return match::invalid_method;
        if (m == method) return match::authorized;
    }
    return match::other_method;
}

bool names(property const& p, issuer const& by) { return is_one_of(p.issue.issuer, by.identities); }

std::string permitting_value(request const& r, restrictions const& wanted) {
    auto value = r.by.identities.empty() ? std::string() : r.by.identities.front();
    if (wanted.account) value += ";" + std::string(account_parameter) + "=" + r.account_uri;
    if (wanted.method) value += ";" + std::string(method_parameter) + "=" + r.method;
    return value;
}

} // namespace acme_dns01::caa
