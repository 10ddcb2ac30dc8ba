#include "cli/output/persist_report.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/output/challenge_report.hpp"
#include "cli/output/table.hpp"

#include <boost/json/value_from.hpp>

#include <algorithm>
#include <utility>

namespace acme_dns01::cli {

namespace json = boost::json;
using persist::verdict;

namespace {

std::string time_text(std::int64_t unix_seconds) {
    return rfc3339(std::chrono::sys_seconds(std::chrono::seconds(unix_seconds)));
}

constexpr std::size_t record_shown_max = 600; // longer than any that DigitalOcean takes
constexpr std::size_t json_value_max = 65535;

json::value issuer_of(persist::question const& q) {
    return q.ca ? json::value(q.ca->issuers.front()) : json::value();
}

json::value end_of(persist::judgement const& j) {
    return j.valid_until ? json::value(time_text(*j.valid_until)) : json::value();
}

json::array to_json(std::vector<persist::judged_record> const& records) {
    json::array list;
    for (auto const& r : records) {
        auto const value = printable(r.value, json_value_max);
        list.push_back({{"value", value}, {"state", persist::to_string(r.state)}});
    }
    return list;
}

// "example.com: valid (letsencrypt.org, until 2027-06-30T00:00:00Z)".
std::string headline(persist::checked const& c) {
    auto text = persist::domain_of(c.asked) + ": " + std::string(persist::to_string(c.found.is));
    std::vector<std::string> facts;
    if (c.asked.ca) facts.push_back(c.asked.ca->issuers.front());
    if (c.found.valid_until) facts.push_back("until " + time_text(*c.found.valid_until));
    return facts.empty() ? text : text + " (" + joined(facts, ", ") + ")";
}

// A record of another CA is missing for this one.
std::string state_of(persist::judged_record const& r) {
    if (r.state == verdict::missing) return "of another CA";
    return std::string(persist::to_string(r.state));
}

std::string line_of(char sign, persist::change const& c, std::string const& value) {
    return std::string(1, sign) + " " + c.fqdn.text() + " TXT \"" +
           printable(value, record_shown_max) + "\"";
}

json::value id_of(persist::change const& c) { return c.id ? json::value(*c.id) : json::value(); }

json::array ids_of(std::vector<digitalocean::record> const& records) {
    json::array ids;
    for (auto const& r : records)
        ids.push_back(r.id);
    return ids;
}

// The domain that the record name belongs to.
std::vector<std::string> permission_of(persist::change const& c, persist::record const& wanted) {
    auto const domain = c.fqdn.parent().text();
    auto const names = wanted.wildcard ? domain + " and *." + domain : domain;
    auto const end = wanted.until ? " until " + time_text(*wanted.until) : ", without an end";
    return {
        "permits " + wanted.issuer + " to issue for " + names + end,
        "  to anyone who holds the key of this account: the CA asks for no other proof",
        "  does not prove www." + domain + ": the CA looks for a record of that name's own",
    };
}

challenge::cleaned cleaned_by(std::vector<persist::published> const& all) {
    challenge::cleaned done;
    for (auto const& p : all) {
        for (auto const id : p.removed)
            done.removed.push_back({p.done.zone, id});
        for (auto const id : p.already_gone)
            done.already_gone.push_back({p.done.zone, id});
    }
    return done;
}

std::string failure_text(verdict worst) {
    if (worst == verdict::error) return "standing records could not be checked";
    if (worst == verdict::forbidden) return "CAA forbids the use of a standing record";
    return "there is no good standing record";
}

} // namespace

json::object to_json(persist::checked const& c) {
    return {
        {"domain", persist::domain_of(c.asked)},
        {"issuer", issuer_of(c.asked)},
        {"verdict", persist::to_string(c.found.is)},
        {"reason", c.found.reason},
        {"records", to_json(c.found.records)},
        {"valid_until", end_of(c.found)},
        {"warnings", json::value_from(c.found.warnings)},
        {"fix", or_null(c.found.advice)},
    };
}

std::vector<std::string> lines_for(persist::checked const& c) {
    std::vector<std::string> lines{headline(c), "  " + c.found.reason};
    for (auto const& warning : c.found.warnings)
        lines.push_back("  warning: " + warning);
    if (!c.found.advice.empty()) lines.push_back("  to do: " + c.found.advice);
    return lines;
}

std::vector<std::string> lines_for_records(persist::checked const& c) {
    if (c.found.records.empty() || c.found.is == verdict::error) return lines_for(c);
    rows cells;
    for (auto const& r : c.found.records)
        cells.push_back({"  " + state_of(r), printable(r.value, record_shown_max)});
    auto lines = aligned({{}, {}}, std::move(cells));
    lines.insert(lines.begin(), headline(c));
    return lines;
}

result<void> outcome_of(std::vector<persist::checked> const& all) {
    auto const count = [&](auto passes) {
        return static_cast<std::size_t>(std::ranges::count_if(all, [&](auto const& c) {
            return passes(c.found.is);
        }));
    };
    auto const bad = count([](verdict v) { return v != verdict::valid; });
    if (bad == 0) return {};
    auto const has = [&](verdict wanted) {
        return count([&](verdict v) { return v == wanted; }) > 0;
    };
    auto const worst = has(verdict::error)       ? verdict::error
                       : has(verdict::forbidden) ? verdict::forbidden
                                                 : verdict::missing;
    auto const kind = worst == verdict::error       ? error_kind::dns_failure
                      : worst == verdict::forbidden ? error_kind::caa_forbidden
                                                    : error_kind::problems_found;
    auto const of = all.size() == 1 ? ""
                                    : " for " + std::to_string(bad) + " of " +
                                          std::to_string(all.size()) + " domains";
    return error{.kind = kind, .message = failure_text(worst) + of};
}

std::vector<std::string> lines_for(persist::change const& c, persist::record const& wanted) {
    std::vector<std::string> lines;
    for (auto const& r : c.kept)
        lines.push_back(line_of(' ', c, r.data));
    for (auto const& r : c.replaced)
        lines.push_back(line_of('-', c, r.data));
    lines.push_back(line_of(c.id ? ' ' : '+', c, c.value));
    std::ranges::move(permission_of(c, wanted), std::back_inserter(lines));
    return lines;
}

std::vector<std::string> lines_for_removal(persist::change const& c) {
    std::vector<std::string> lines;
    for (auto const& r : c.kept)
        lines.push_back(line_of(' ', c, r.data));
    for (auto const& r : c.replaced)
        lines.push_back(line_of('-', c, r.data));
    return lines;
}

json::object to_json(persist::change const& c) {
    json::object record{
        {"zone", c.zone.text()}, {"id", id_of(c)}, {"fqdn", c.fqdn.text()}, {"value", c.value}};
    return {{"record", std::move(record)}, {"replaced", ids_of(c.replaced)}};
}

json::object to_json_removed(std::vector<persist::published> const& all) {
    return to_json(cleaned_by(all));
}

std::vector<std::string> lines_for_removed(persist::published const& p) {
    return lines_for(cleaned_by({p}));
}

} // namespace acme_dns01::cli
