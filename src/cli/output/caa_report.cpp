#include "cli/output/caa_report.hpp"

#include "base/text.hpp"
#include "cli/output/output.hpp"

#include <boost/json/value_from.hpp>

#include <algorithm>

namespace acme_dns01::cli {

namespace json = boost::json;
using content = caa::level::content;

namespace {

// For people; programs get them all.
constexpr std::size_t records_shown_max = 20;
constexpr std::size_t value_shown_max = 65535;
constexpr std::size_t failure_shown_max = 300;

json::array to_json(std::vector<caa::property> const& records) {
    json::array list;
    for (auto const& p : records) {
        auto const value = printable(p.value, value_shown_max);
        list.push_back({{"flags", p.flags}, {"tag", p.tag}, {"value", value}});
    }
    return list;
}

// The level whose records count; nullptr if there is none, or if a look-up failed.
caa::level const* relevant(std::vector<caa::level> const& climb) {
    auto const* const found = caa::deciding_level(climb);
    return found != nullptr && caa::has_records(*found) ? found : nullptr;
}

json::value found_at(std::vector<caa::level> const& climb) {
    auto const* const level = relevant(climb);
    return level == nullptr ? json::value() : json::value(level->node.text());
}

json::array records_of(std::vector<caa::level> const& climb) {
    auto const* const level = relevant(climb);
    return level == nullptr ? json::array() : to_json(level->records);
}

std::string_view name_of(content c) {
    if (c == content::records) return "records";
    if (c == content::nothing) return "nothing";
    return c == content::missing ? "missing" : "failed";
}

json::object to_json(caa::level const& l) {
    return {
        {"name", l.node.text()},
        {"found", name_of(l.is)},
        {"alias_of", or_null(l.target == l.node ? "" : l.target.text())},
        {"records", to_json(l.records)},
        {"dnssec", dns::to_string(l.dnssec)},
        {"failure", or_null(printable(l.failure, failure_shown_max))},
    };
}

std::string state_of(caa::level const& l, caa::level const* decides) {
    if (l.is != content::failed && &l == decides) return "decides";
    std::string text = "no such name";
    if (l.is == content::records) text = counted(l.records.size(), "CAA record");
    if (l.is == content::nothing) text = "no CAA records";
    if (l.is == content::failed) text = "no usable answer";
    auto const is_above = decides != nullptr && &l > decides;
    return is_above ? text + ", and does not count" : text;
}

// Below its line: where the alias leads, what was published, what went wrong.
std::vector<std::string> details_of(caa::level const& l) {
    std::vector<std::string> lines;
    if (l.target != l.node) lines.push_back("    alias of " + l.target.text());
    for (auto const& p : l.records) {
        auto const is_full = lines.size() >= records_shown_max;
        lines.push_back(
            "    " + (is_full ? "and more: " + counted(l.records.size(), "record") + " in all"
                              : caa::to_string(p))
        );
        if (is_full) break;
    }
    if (l.has_flaw == caa::level::flaw::only_caa_is_nx)
        lines.emplace_back("    only in answer to queries for CAA");
    if (!l.failure.empty()) lines.push_back("    " + printable(l.failure, failure_shown_max));
    return lines;
}

error failure_for(error_kind kind, std::size_t some, std::size_t all, std::string const& what) {
    auto const of =
        all == 1 ? "" : " for " + std::to_string(some) + " of " + std::to_string(all) + " domains";
    return {.kind = kind, .message = what + of};
}

} // namespace

json::object to_json(caa::checked const& c) {
    return {
        {"domain", caa::domain_of(c.asked)},
        {"issuer", c.asked.by.identities.front()},
        {"verdict", caa::to_string(c.decided.is)},
        {"reason", c.decided.reason},
        {"found_at", found_at(c.climb)},
        {"records", records_of(c.climb)},
        {"dnssec", dns::to_string(c.decided.dnssec)},
        {"warnings", json::value_from(c.decided.warnings)},
        {"fix", or_null(c.decided.advice)},
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
    if (forbidden > 0)
        failure.message += ", and " + forbids + " for " + std::to_string(forbidden) + " more";
    return failure;
}

json::object to_json(std::vector<caa::level> const& climb) {
    json::array levels;
    for (auto const& level : climb)
        levels.push_back(to_json(level));
    auto const* const decides = caa::deciding_level(climb);
    auto const status = decides == nullptr ? climb.front().dnssec : decides->dnssec;
    return {
        {"domain", climb.front().node.text()},
        {"found_at", found_at(climb)},
        {"records", records_of(climb)},
        {"dnssec", dns::to_string(status)},
        {"climb", std::move(levels)},
    };
}

std::vector<std::string> lines_for(std::vector<caa::level> const& climb) {
    auto const* const decides = caa::deciding_level(climb);
    rows cells;
    for (auto const& level : climb) {
        std::string const dnssec(dns::to_string(level.dnssec));
        cells.push_back({level.node.text(), state_of(level, decides), dnssec});
    }
    auto const table = aligned({{}, {}, {}}, std::move(cells));
    std::vector<std::string> lines{climb.front().node.text()};
    for (std::size_t i = 0; i < climb.size(); ++i) {
        lines.push_back("  " + table[i]);
        std::ranges::move(details_of(climb[i]), std::back_inserter(lines));
    }
    if (decides != nullptr) return lines;
    lines.emplace_back("  no CAA record anywhere: any CA may issue");
    auto const& top = climb.back();
    if (top.is == content::missing) {
        lines.back() +=
            " (RFC 8659 3) except Let's Encrypt, because there is no top-level domain " +
            top.node.text();
    }
    return lines;
}

result<void> outcome_of(std::vector<std::vector<caa::level>> const& all) {
    auto const is_unknown = [](std::vector<caa::level> const& climb) {
        auto const* const decides = caa::deciding_level(climb);
        return decides != nullptr && !caa::has_records(*decides);
    };
    auto const failed = static_cast<std::size_t>(std::ranges::count_if(all, is_unknown));
    if (failed == 0) return {};
    return failure_for(error_kind::dns_failure, failed, all.size(), "CAA could not be checked");
}

json::object to_json(caa::change const& c) {
    return {{"name", c.at.text()}, {"kept", to_json(c.kept)}, {"added", to_json(c.added)}};
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
