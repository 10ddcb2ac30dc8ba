#include "caa/authorization.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::caa {

namespace {

std::string folded_if(bool folds, std::string const& text) { return folds ? lower(text) : text; }

issue_value read(property const& p, reading const& as) {
    return parse_issue_value(
        p.value,
        {.has_hyphens = as.has_hyphens_in_parameters, .has_nameless = as.has_nameless_parameters}
    );
}

bool is_one_of(std::string const& issuer, std::vector<std::string> const& identities) {
    return std::ranges::find(identities, issuer) != identities.end();
}

std::vector<std::string> values_as(issue_value const& v, std::string_view name, reading const& as) {
    std::vector<std::string> values;
    for (auto const& p : v.parameters) {
        if (folded_if(as.folds_parameter_names, p.tag) == name) values.push_back(p.value);
    }
    return values;
}

standing by_account(std::vector<std::string> const& uris, std::string const& account) {
    if (uris.empty()) return standing::authorized;
    if (uris.size() > 1 || !is_uri(uris.front())) return standing::account_impossible;
    if (account.empty() || uris.front() == account) return standing::authorized;
    return standing::other_account;
}

// Let's Encrypt goes from left to right and stops at the method, or at what is no method.
standing by_list(std::vector<std::string> const& list, std::string const& method, reading as) {
    if (as.checks_all_methods && !std::ranges::all_of(list, is_method_label))
        return standing::method_impossible;
    for (auto const& m : list) {
        if (!is_method_label(m)) return standing::method_impossible;
        if (folded_if(as.folds_methods, m) == method) return standing::authorized;
    }
    return standing::other_method;
}

standing
by_method(std::vector<std::string> const& lists, std::string const& method, reading const& as) {
    if (lists.empty()) return standing::authorized;
    if (lists.size() > 1 && !as.joins_methods) return standing::method_impossible;
    return by_list(methods_in(joined(lists, ",")), method, as);
}

} // namespace

standing standing_of(property const& p, request const& r, reading const& as) {
    auto const v = read(p, as);
    if (!v.malformed.empty()) return standing::malformed;
    if (v.issuer.empty()) return standing::names_no_ca;
    if (!is_one_of(folded_if(as.folds_issuers, v.issuer), r.by.identities))
        return standing::names_another;
    auto const account = by_account(values_as(v, account_parameter, as), r.account_uri);
    if (account != standing::authorized) return account;
    return by_method(values_as(v, method_parameter, as), r.method, as);
}

std::vector<std::string> values_of(issue_value const& v, std::string_view name) {
    return values_as(v, name, {});
}

bool has_parameter(property const& p, std::string_view name) {
    return !values_of(parse_issue_value(p.value), name).empty();
}

bool is_uri(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon + 1 == text.size()) return false;
    auto const is_scheme_character = [](char c) {
        return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
    };
    return !(text.front() >= '0' && text.front() <= '9') && is_alphanumeric(text.front()) &&
           std::ranges::all_of(text.substr(0, colon), is_scheme_character);
}

bool is_method_label(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return c == '-' || is_alphanumeric(c); });
}

std::vector<std::string> methods_in(std::string_view list) {
    std::vector<std::string> methods;
    while (true) {
        auto const end = std::min(list.find(','), list.size());
        methods.emplace_back(list.substr(0, end));
        if (end == list.size()) return methods;
        list.remove_prefix(end + 1);
    }
}

bool names(property const& p, issuer const& by) {
    return is_one_of(parse_issue_value(p.value).issuer, by.identities);
}

std::string permitting_value(request const& r, bool for_account, bool for_method) {
    auto value = r.by.identities.empty() ? std::string() : r.by.identities.front();
    if (for_account) value += ";" + std::string(account_parameter) + "=" + r.account_uri;
    if (for_method) value += ";" + std::string(method_parameter) + "=" + r.method;
    return value;
}

} // namespace acme_dns01::caa
