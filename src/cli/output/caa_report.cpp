#include "cli/output/caa_report.hpp"

#include "base/text.hpp"
#include "cli/output/table.hpp"

#include <algorithm>

namespace acme_dns01::cli {

namespace json = boost::json;
using content = caa::level::content;

namespace {

// For people; programs get them all.
constexpr std::size_t records_shown_max = 20;
constexpr std::size_t value_shown_max = 65535;

json::object to_json(caa::property const& p) {
    return {
        {"flags", p.flags},
        {"tag", p.tag},
        {"value", printable(p.value, value_shown_max)},
    };
}

json::array to_json(std::vector<caa::property> const& records) {
    json::array list;
    for (auto const& p : records)
        list.push_back(to_json(p));
    return list;
}

json::array to_json(std::vector<std::string> const& sentences) {
    json::array list;
    for (auto const& sentence : sentences)
        list.push_back(json::string(sentence));
    return list;
}

// The level that decides, or whose failure prevents a decision.
caa::level const* deciding(std::vector<caa::level> const& climb) {
    auto const decides = [](caa::level const& l) {
        return l.is == content::records || l.is == content::failed;
    };
    auto const found = std::ranges::find_if(climb, decides);
    return found == climb.end() ? nullptr : &*found;
}

// The level whose records count; nullptr where there are none, or where a look-up failed.
caa::level const* relevant(std::vector<caa::level> const& climb) {
    auto const* const found = deciding(climb);
    return found == nullptr || found->is == content::failed ? nullptr : found;
}

json::value found_at(std::vector<caa::level> const& climb) {
    auto const* const level = relevant(climb);
    return level == nullptr ? json::value() : json::value(level->node.text());
}

std::vector<caa::property> records_of(std::vector<caa::level> const& climb) {
    auto const* const level = relevant(climb);
    return level == nullptr ? std::vector<caa::property>() : level->records;
}

std::string_view name_of(content c) {
    switch (c) {
    case content::records:
        return "records";
    case content::nothing:
        return "nothing";
    case content::missing:
        return "missing";
    case content::failed:
        break;
    }
    return "failed";
}

json::object to_json(caa::level const& l) {
    return {
        {"name", l.node.text()},
        {"found", name_of(l.is)},
        {"alias_of", l.target == l.node ? json::value() : json::value(l.target.text())},
        {"records", to_json(l.records)},
        {"dnssec", dns::to_string(l.dnssec)},
        {"failure", l.failure.empty() ? json::value() : json::value(printable(l.failure, 300))},
    };
}

std::string state_of(caa::level const& l, caa::level const* decides, bool is_above) {
    if (&l == decides) return l.is == content::failed ? "no usable answer" : "decides";
    std::string text = "no such name";
    if (l.is == content::records) text = counted(l.records.size(), "CAA record");
    if (l.is == content::nothing) text = "no CAA records";
    if (l.is == content::failed) text = "no usable answer";
    return is_above ? text + ", and does not count" : text;
}

void append_records(std::vector<std::string>& lines, std::vector<caa::property> const& records) {
    for (auto const& p : records) {
        if (lines.size() >= records_shown_max) {
            lines.push_back("    and more: " + counted(records.size(), "record") + " in all");
            return;
        }
        lines.push_back("    " + caa::to_string(p));
    }
}

std::string result_without_records(std::vector<caa::level> const& climb) {
    auto const& top = climb.back();
    if (top.is != content::missing) return "any CA may issue";
    return "any CA may issue (RFC 8659 3) except Let's Encrypt, because there is no top-level "
           "domain " +
           top.node.text();
}

// Below its line: where the alias leads, what was published, what went wrong.
std::vector<std::string> details_of(caa::level const& l) {
    std::vector<std::string> lines;
    if (l.target != l.node) lines.push_back("    alias of " + l.target.text());
    append_records(lines, l.records);
    if (l.has_flaw == caa::level::flaw::only_caa_is_nx)
        lines.emplace_back("    only in answer to queries for CAA");
    if (!l.failure.empty()) lines.push_back("    " + printable(l.failure, 300));
    return lines;
}

error failure_for(error_kind kind, std::size_t some, std::size_t all, std::string const& what) {
    auto const of =
        all == 1 ? "" : " for " + std::to_string(some) + " of " + std::to_string(all) + " domains";
    return {.kind = kind, .message = what + of};
}

} // namespace

json::object to_json(caa::checked const& c) {
    auto const& advice = c.decided.advice;
    return {
        {"domain", caa::domain_of(c.asked)},
        {"issuer", c.asked.by.identities.front()},
        {"verdict", caa::to_string(c.decided.is)},
        {"reason", c.decided.reason},
        {"found_at", found_at(c.climb)},
        {"records", to_json(records_of(c.climb))},
        {"dnssec", dns::to_string(c.decided.dnssec)},
        {"warnings", to_json(c.decided.warnings)},
        {"fix", advice.empty() ? json::value() : json::value(advice)},
    };
}

std::vector<std::string> lines_for(caa::checked const& c) {
    std::vector<std::string> lines{
        caa::domain_of(c.asked) + ": " + std::string(caa::to_string(c.decided.is)) + " (" +
        c.asked.by.identities.front() + ", DNSSEC " +
        std::string(dns::to_string(c.decided.dnssec)) + ")"};
    lines.push_back("  " + c.decided.reason);
    for (auto const& warning : c.decided.warnings)
        lines.push_back("  warning: " + warning);
    if (!c.decided.advice.empty()) lines.push_back("  to do: " + c.decided.advice);
    return lines;
}

result<void> outcome_of(std::vector<caa::checked> const& all) {
    auto const count = [&](caa::verdict v) {
        auto const is = [&](caa::checked const& c) { return c.decided.is == v; };
        return static_cast<std::size_t>(std::ranges::count_if(all, is));
    };
    auto const failed = count(caa::verdict::error);
    auto const forbidden = count(caa::verdict::forbidden);
    if (failed == 0 && forbidden == 0) return {};
    auto const forbids = "forbids " + all.front().asked.by.name + " to issue";
    if (failed == 0)
        return failure_for(error_kind::caa_forbidden, forbidden, all.size(), "CAA " + forbids);
    auto failure =
        failure_for(error_kind::dns_failure, failed, all.size(), "CAA could not be checked");
    if (forbidden > 0) failure.message += ", and " + forbids + " for " + std::to_string(forbidden);
    return failure;
}

json::object to_json(shown const& s) {
    json::array climb;
    for (auto const& level : s.climb)
        climb.push_back(to_json(level));
    auto const* const decides = deciding(s.climb);
    auto const status = decides == nullptr ? s.climb.front().dnssec : decides->dnssec;
    return {
        {"domain", s.domain.text()},
        {"found_at", found_at(s.climb)},
        {"records", to_json(records_of(s.climb))},
        {"dnssec", dns::to_string(status)},
        {"climb", std::move(climb)},
    };
}

std::vector<std::string> lines_for(shown const& s) {
    auto const* const decides = deciding(s.climb);
    rows cells;
    for (auto const& level : s.climb) {
        auto const is_above = decides != nullptr && &level > decides;
        cells.push_back({
            level.node.text(),
            state_of(level, decides, is_above),
            std::string(dns::to_string(level.dnssec)),
        });
    }
    auto const table = aligned({{}, {}, {}}, std::move(cells));
    std::vector<std::string> lines{s.domain.text()};
    for (std::size_t i = 0; i < s.climb.size(); ++i) {
        lines.push_back("  " + table[i]);
        std::ranges::move(details_of(s.climb[i]), std::back_inserter(lines));
    }
    if (decides == nullptr)
        lines.push_back("  no CAA record anywhere: " + result_without_records(s.climb));
    return lines;
}

result<void> outcome_of(std::vector<shown> const& all) {
    auto const is_unknown = [](shown const& s) {
        auto const* const decides = deciding(s.climb);
        return decides != nullptr && decides->is == content::failed;
    };
    auto const failed = static_cast<std::size_t>(std::ranges::count_if(all, is_unknown));
    if (failed == 0) return {};
    return failure_for(error_kind::dns_failure, failed, all.size(), "CAA could not be checked");
}

json::object to_json(caa::change const& c) {
    return {
        {"name", c.at.text()},
        {"kept", to_json(c.kept)},
        {"added", to_json(c.added)},
    };
}

std::vector<std::string> lines_for(caa::change const& c) {
    std::vector<std::string> lines;
    for (auto const& p : c.kept)
        lines.push_back("  " + c.at.text() + " CAA " + caa::to_string(p));
    for (auto const& p : c.added)
        lines.push_back("+ " + c.at.text() + " CAA " + caa::to_string(p));
    return lines;
}

} // namespace acme_dns01::cli
