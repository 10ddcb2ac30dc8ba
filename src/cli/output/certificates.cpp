#include "cli/output/certificates.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/output/output.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value_from.hpp>

#include <algorithm>
#include <iterator>
#include <map>

namespace acme_dns01::cli {

namespace json = boost::json;
using certificate::moment;
using certificate::state;
using certificate::status;

namespace {

std::vector<std::string> names_of(status const& s) {
    if (!s.read) return {};
    auto names = s.read->domains;
    names.insert(names.end(), s.read->addresses.begin(), s.read->addresses.end());
    if (names.empty() && !s.read->common_name.empty()) names.push_back(s.read->common_name);
    return names;
}

json::value text_or_null(std::optional<moment> const& m) {
    return m ? json::value(rfc3339(*m)) : json::value();
}

json::object to_json(certificate::window const& w, moment now) {
    return {
        {"start", rfc3339(w.start)},
        {"end", rfc3339(w.end)},
        {"renew_now", now >= w.end},
        {"explanation", or_null(w.explanation)},
    };
}

json::object to_json(status const& s, moment now) {
    json::object object{{"path", s.what.path.string()}, {"names", json::value_from(names_of(s))}};
    auto const& read = s.read;
    object["issuer"] = read ? json::value(read->issuer) : json::value();
    object["serial"] = read ? json::value(read->serial) : json::value();
    object["not_before"] = read ? json::value(rfc3339(read->not_before)) : json::value();
    object["not_after"] = read ? json::value(rfc3339(read->not_after)) : json::value();
    object["days_left"] = read ? json::value(days_left(*read, now)) : json::value();
    object["share_left"] = read ? json::value(share_left(*read, now)) : json::value();
    object["key"] = read ? json::value(read->key) : json::value();
    object["client"] = s.what.client;
    object["renewal_due"] = text_or_null(s.renewal_due);
    object["started_by"] = or_null(s.started_by);
    object["state"] = to_string(s.is);
    object["reason"] = s.reason;
    object["fix"] = s.fix;
    object["ari"] = s.suggested ? json::value(to_json(*s.suggested, now)) : json::value();
    return object;
}

std::string day_or_dash(std::optional<moment> const& m) {
    return m ? rfc3339(*m).substr(0, 10) : "-";
}

std::string left_of(status const& s, moment now) {
    if (!s.read) return "-";
    auto const share = static_cast<int>(100 * share_left(*s.read, now) + 0.5);
    return decimal(days_left(*s.read, now), 1) + " (" + std::to_string(share) + " %)";
}

std::vector<std::string> row_of(status const& s, moment now) {
    return {
        std::string(to_string(s.is)),
        left_of(s, now),
        day_or_dash(s.renewal_due),
        s.what.client.empty() ? "-" : s.what.client,
        s.read ? joined(names_of(s), " ") : "-",
        s.what.path.string(),
    };
}

// That nothing starts its client is told once for all of them.
bool is_worth_a_word(status const& s) {
    auto const has_advice = !s.fix.empty() && !s.waits_for_a_starter();
    return s.is != state::ok || has_advice || !s.unchecked.empty() || s.suggested;
}

// Below its row.
std::vector<std::string> words_about(status const& s, bool verbose) {
    std::vector<std::string> lines;
    if (verbose && s.read) {
        lines.push_back(
            "    " + s.read->key + ", serial " + s.read->serial + ", issued by " + s.read->issuer +
            "; " + rfc3339(s.read->not_before) + " to " + rfc3339(s.read->not_after)
        );
    }
    if (verbose || is_worth_a_word(s)) lines.push_back("    " + s.reason);
    if (is_worth_a_word(s) && !s.fix.empty()) lines.push_back("    to do: " + s.fix);
    return lines;
}

// Of the clients that nothing starts, and whose certificates are well until then.
std::vector<std::string> lines_for_starters(std::vector<status> const& all) {
    std::map<std::string, std::vector<status const*>> waiting;
    for (auto const& s : all) {
        if (s.waits_for_a_starter()) waiting[s.what.client].push_back(&s);
    }
    std::vector<std::string> lines;
    for (auto const& [client, some] : waiting) {
        lines.push_back(
            counted(some.size(), "certificate") + " of " + client + ": " + some.front()->start
        );
        lines.push_back("    to do: " + some.front()->fix);
    }
    if (!lines.empty()) lines.insert(lines.begin(), "");
    return lines;
}

bool is_a_problem(status const& s) { return certificate::is_a_problem(s.is); }

std::vector<std::pair<std::string_view, std::string>> labels_of(status const& s) {
    return {
        {"path", s.what.path.string()},
        {"client", s.what.client},
        {"names", joined(names_of(s), ",")},
    };
}

double seconds_of(moment m) { return static_cast<double>(m.time_since_epoch().count()); }

std::vector<sample> states_of(status const& s) {
    std::vector<sample> all;
    for (auto const one :
         {state::ok,
          state::due,
          state::every_run,
          state::overdue,
          state::late,
          state::expired,
          state::broken}) {
        auto labels = labels_of(s);
        labels.emplace_back("state", to_string(one));
        all.push_back({std::move(labels), one == s.is ? 1.0 : 0.0});
    }
    return all;
}

} // namespace

json::object to_json(std::vector<status> const& all, moment now) {
    json::array list;
    for (auto const& s : all)
        list.push_back(to_json(s, now));
    return {{"certificates", std::move(list)}, {"ok", std::ranges::none_of(all, is_a_problem)}};
}

std::vector<std::string>
lines_for(std::vector<status> const& all, moment now, std::size_t width, bool verbose) {
    if (all.empty()) return {"no certificates found"};
    std::vector<column> const columns{
        {"STATE"},
        {"DAYS LEFT", cells::numbers},
        {"RENEWAL"},
        {"CLIENT"},
        {"NAMES", cells::long_text},
        {"PATH"}};
    rows cells;
    for (auto const& s : all)
        cells.push_back(row_of(s, now));
    auto const table = aligned(columns, std::move(cells), width);
    std::vector<std::string> lines{table.front()};
    for (std::size_t i = 0; i < all.size(); ++i) {
        lines.push_back(table[i + 1]);
        std::ranges::move(words_about(all[i], verbose), std::back_inserter(lines));
    }
    std::ranges::move(lines_for_starters(all), std::back_inserter(lines));
    return lines;
}

result<void> outcome_of(std::vector<status> const& all) {
    auto const bad = static_cast<std::size_t>(std::ranges::count_if(all, is_a_problem));
    if (bad == 0) return {};
    return error{
        .kind = error_kind::problems_found,
        .message = std::to_string(bad) + " of " + counted(all.size(), "certificate") +
                   (bad == 1 ? " needs" : " need") + " attention",
    };
}

std::vector<metric_family> metrics_of(std::vector<status> const& all) {
    metric_family ends{
        "acme_dns01_certificate_not_after_timestamp_seconds",
        "When the certificate ends, in seconds since 1970.",
        {}};
    metric_family renewals{
        "acme_dns01_certificate_renewal_due_timestamp_seconds",
        "When its client's own rule renews the certificate, in seconds since 1970.",
        {}};
    metric_family states{
        "acme_dns01_certificate_state", "1 for the state of the certificate, 0 for others.", {}};
    auto unread = 0;
    for (auto const& s : all) {
        if (s.read) ends.samples.push_back({labels_of(s), seconds_of(s.read->not_after)});
        if (!s.read) ++unread;
        if (s.renewal_due) renewals.samples.push_back({labels_of(s), seconds_of(*s.renewal_due)});
        std::ranges::move(states_of(s), std::back_inserter(states.samples));
    }
    return {
        std::move(ends),
        std::move(renewals),
        std::move(states),
        {"acme_dns01_certificate_read_errors",
         "How many certificates, or places for them, could not be read.",
         {{{}, static_cast<double>(unread)}}},
    };
}

} // namespace acme_dns01::cli
