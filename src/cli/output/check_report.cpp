#include "cli/output/check_report.hpp"

#include "base/text.hpp"
#include "preflight/subject.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

namespace acme_dns01::cli {

namespace json = boost::json;
using preflight::finding;
using preflight::findings;
using preflight::severity;
using texts = std::vector<std::string>;
using lines = std::vector<toned_line>;

namespace {

constexpr auto about_host = "account and host";

json::object to_json(finding const& f) {
    return {
        {"domain", f.domain},
        {"check", preflight::to_string(f.check)},
        {"severity", preflight::to_string(f.is)},
        {"message", f.message},
        {"evidence", f.evidence},
        {"fix", f.fix},
    };
}

std::string padded(std::string_view text, std::size_t width) {
    return std::string(text) + std::string(width - std::min(width, text.size()), ' ');
}

std::string in_line(std::string_view first, std::string const& rest) {
    constexpr std::size_t first_width = 9; // "warning", and two blanks
    return "  " + padded(first, first_width) + rest;
}

std::string in_columns(std::string_view first, std::string_view second, std::string const& rest) {
    constexpr std::size_t second_width = 12; // "delegation"
    return in_line(first, padded(second, second_width) + rest);
}

// One line: "ok       name, zone, servers".
void add_well(findings const& of_domain, lines& to) {
    texts names;
    for (auto const& f : of_domain) {
        std::string const name(preflight::to_string(f.check));
        auto const is_wanted = f.is == severity::ok && !f.is_asked_for;
        if (is_wanted && std::ranges::count(names, name) == 0) names.push_back(name);
    }
    if (names.empty()) return;
    to.push_back({in_line("ok", joined(names, ", ")), tone::good});
}

// The domain whose group has told it already; nothing if none has.
std::optional<std::string> told_of(finding const& f, findings const& before) {
    auto const told =
        std::ranges::find_if(before, [&](auto const& b) { return preflight::is_same(b, f); });
    return told == before.end() ? std::nullopt : std::optional(told->domain);
}

void add_fault(finding const& f, findings const& before, lines& to) {
    auto const name = preflight::to_string(f.check);
    auto const told = told_of(f, before);
    auto const text = told ? "as for " + preflight::shown_domain(*told) : f.message;
    auto const shade = f.is == severity::error ? tone::bad : tone::doubtful;
    to.push_back({in_columns(preflight::to_string(f.is), name, text), shade});
    if (told) return;
    if (!f.evidence.empty()) to.push_back({in_columns("", "", f.evidence)});
    to.push_back({in_columns("", "", "to do: " + f.fix)});
}

// "skipped  delegation, servers: <why>". What has to be done first stands above.
void add_skipped(findings const& of_domain, lines& to) {
    std::vector<std::pair<std::string, texts>> by_reason;
    for (auto const& f : of_domain) {
        if (!f.is_skipped) continue;
        auto const reason = f.message.substr(preflight::not_checked_because.size());
        auto known = std::ranges::find(by_reason, reason, [](auto const& r) { return r.first; });
        if (known == by_reason.end()) known = by_reason.insert(known, {reason, {}});
        known->second.emplace_back(preflight::to_string(f.check));
    }
    for (auto const& [reason, names] : by_reason)
        to.push_back({in_line("skipped", joined(names, ", ") + ": " + reason), tone::doubtful});
}

struct group {
    std::string title;
    findings has;
};

// `every`: with a line for each check that is well.
void add_group(group const& g, findings const& before, bool every, lines& to) {
    to.push_back({g.title, tone::strong});
    if (!every) add_well(g.has, to);
    for (auto const& f : g.has) {
        if (f.is != severity::ok && !f.is_skipped) add_fault(f, before, to);
        if (f.is == severity::ok && (every || f.is_asked_for))
            to.push_back({in_columns("ok", preflight::to_string(f.check), f.message), tone::good});
        if (f.is_asked_for) to.push_back({in_columns("", "", f.evidence)});
    }
    add_skipped(g.has, to);
}

texts domains_in(findings const& all) {
    texts domains;
    std::set<std::string> known;
    for (auto const& f : all)
        if (known.insert(f.domain).second) domains.push_back(f.domain);
    // What is about no domain comes last: it is the same for all.
    auto const has_text = [](std::string const& d) { return !d.empty(); };
    std::stable_partition(domains.begin(), domains.end(), has_text);
    return domains;
}

// Findings that several domains share, once.
findings distinct(findings const& all) {
    findings once;
    for (auto const& f : all) {
        auto const is_known =
            std::ranges::any_of(once, [&](auto const& o) { return preflight::is_same(o, f); });
        if (!is_known) once.push_back(f);
    }
    return once;
}

std::size_t count_of(findings const& all, severity s) {
    return static_cast<std::size_t>(std::ranges::count_if(all, [&](finding const& f) {
        return f.is == s && !f.is_skipped;
    }));
}

std::string summary(findings const& all) {
    auto const errors = count_of(all, severity::error);
    auto const warnings = count_of(all, severity::warning);
    auto const is_whole = std::ranges::none_of(all, &finding::is_skipped);
    if (errors + warnings == 0 && is_whole) return "all is well";
    return counted(errors, "error") + ", " + counted(warnings, "warning");
}

} // namespace

json::object to_json(findings const& all) {
    json::array list;
    for (auto const& f : all)
        list.push_back(to_json(f));
    return {{"findings", std::move(list)}, {"ok", preflight::is_fine(all)}};
}

lines lines_for(findings const& all, bool every) {
    lines to;
    findings before;
    for (auto const& domain : domains_in(all)) {
        group g{domain.empty() ? about_host : preflight::shown_domain(domain), {}};
        std::ranges::copy_if(all, std::back_inserter(g.has), [&](finding const& f) {
            return f.domain == domain;
        });
        add_group(g, before, every, to);
        std::ranges::copy_if(g.has, std::back_inserter(before), [](finding const& f) {
            return f.is != severity::ok;
        });
    }
    auto const is_fine = preflight::is_fine(all);
    to.push_back({summary(distinct(all)), is_fine ? tone::strong : tone::bad});
    return to;
}

result<void> outcome_of(findings const& all) {
    auto const once = distinct(all);
    auto const errors = count_of(once, severity::error);
    auto const untold =
        static_cast<std::size_t>(std::ranges::count(once, true, &finding::is_untold));
    if (errors == 0) return {};
    if (untold == errors) {
        return error{
            .kind = error_kind::dns_failure,
            .message = counted(untold, "check") + " could not be made",
            .hint = "check again later"};
    }
    return error{
        .kind = error_kind::problems_found,
        .message = counted(errors - untold, "problem was", "problems were") + " found"};
}

std::vector<metric_family> metrics_of(findings const& all) {
    std::map<std::pair<std::string, std::string>, bool> fine;
    for (auto const& f : all) {
        std::pair const of(f.domain, std::string(preflight::to_string(f.check)));
        auto const [known, is_new] = fine.try_emplace(of, true);
        known->second = known->second && f.is != severity::error;
    }
    metric_family checks{
        "acme_dns01_check_ok",
        "1 if the check of the domain found no error, else 0; without a domain, of this host.",
        {}};
    for (auto const& [of, is_fine] : fine) {
        auto const& [domain, check] = of;
        checks.samples.push_back({{{"domain", domain}, {"check", check}}, is_fine ? 1.0 : 0.0});
    }
    metric_family ends{
        "acme_dns01_persist_until_timestamp_seconds",
        "When the standing record of the domain ends.",
        {}};
    std::optional<std::int64_t> left;
    for (auto const& f : all) {
        if (f.requests_left) left = std::min(left.value_or(*f.requests_left), *f.requests_left);
        if (!f.standing_until) continue;
        ends.samples.push_back({{{"domain", f.domain}}, static_cast<double>(*f.standing_until)});
    }
    metric_family remaining{
        "acme_dns01_api_requests_remaining",
        "What is left of the API's limit this hour, of the account that has least.",
        {}};
    if (left) remaining.samples.push_back({{}, static_cast<double>(*left)});
    return {std::move(checks), std::move(ends), std::move(remaining)};
}

} // namespace acme_dns01::cli
