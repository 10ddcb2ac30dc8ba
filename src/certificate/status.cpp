#include "certificate/status.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "certificate/folder.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

namespace acme_dns01::certificate {

using std::chrono::days;
using std::chrono::seconds;

namespace fs = std::filesystem;

// Of one file of a lineage.
struct inspector::finding {
    std::string broken; // empty if it is not
    std::string note;   // why it was not looked at; empty if it was
};

namespace {

constexpr std::size_t url_max = 300;

dates dates_of(leaf const& l) { return {l.not_before, l.not_after}; }

std::string day_of(moment m) { return rfc3339(m).substr(0, 10); }

// Whether the names are those of domains.txt, in whatever order.
bool has_names(leaf const& of, std::vector<std::string> const& wanted) {
    std::set<std::string> const has(of.domains.begin(), of.domains.end());
    return has == std::set<std::string>(wanted.begin(), wanted.end());
}

std::string without_blanks_around(std::string const& text) { return std::string(trimmed(text)); }

std::string rule_in_words(lineage const& l, leaf const& of) {
    auto const when = *due(l.renewed, dates_of(of));
    if (l.renewed.changed) return "as its names are not those that are configured";
    if (l.renewed.is == rule::kind::at) return "as its settings say";
    return in_words(of.not_after - when) + " before the end";
}

// What its client does with it when nothing is wrong.
std::string plan_of(status const& s) {
    auto const& client = s.what.client;
    if (client.empty()) return "no ACME client is known to renew it";
    if (!s.what.skipped.empty()) return client + " will not renew it: " + s.what.skipped;
    return client + " renews it from " + day_of(*s.renewal_due) + " on, " +
           rule_in_words(s.what, *s.read) + "; " + s.start;
}

std::string why_every_run(status const& s) {
    if (s.what.renewed.is == rule::kind::at) return "as its settings say";
    return "as the margin is as long as its life of " + in_words(dates_of(*s.read).life());
}

std::string advice_to_start(status const& s) {
    auto const& client = s.what.client;
    if (client.empty()) return "renew it by hand before " + day_of(s.read->not_after);
    if (!s.what.skipped.empty()) return s.what.advice;
    if (!s.started_by.empty()) return {};
    if (client == "certbot") return "run `systemctl enable --now certbot.timer`";
    if (client == "acme.sh") return "run `acme.sh --install-cronjob`";
    return "start " + client + " daily with a systemd timer or cron";
}

std::string run_by_hand(lineage const& l) {
    if (l.client.empty()) return "replace it";
    if (!l.skipped.empty()) return l.advice;
    if (!l.by_hand.empty()) return "run `" + l.by_hand + "`, and read what it says";
    return "run " + l.client + " by hand, and read what it says";
}

// Once by hand, and if nothing does it for good.
std::string advice_to_renew(status const& s) {
    auto const starts = s.what.skipped.empty() && s.started_by.empty() && !s.what.client.empty();
    return run_by_hand(s.what) + (starts ? "; then " + advice_to_start(s) : "");
}

// A margin that fits the life.
std::string advice_on_margin(status const& s) {
    auto const life = dates_of(*s.read).life();
    auto const share = s.what.renewed.is == rule::kind::at ? life * 2 / 3 : life / 3;
    auto const count = std::max<std::int64_t>(share / days(1), 1);
    auto text = s.what.settings;
    auto const at = text.find("<n>");
    if (at != std::string::npos) text.replace(at, 3, std::to_string(count));
    return text;
}

std::string fix_of(status const& s) {
    auto const& l = s.what;
    switch (s.is) {
    case state::ok:
        return advice_to_start(s);
    case state::due:
        return l.skipped.empty() && !s.started_by.empty() ? "" : advice_to_renew(s);
    case state::every_run:
        return advice_on_margin(s);
    case state::late:
        return l.skipped.empty() ? advice_on_margin(s) : l.advice;
    case state::overdue:
    case state::expired:
        return advice_to_renew(s);
    case state::broken:
        return run_by_hand(l);
    }
    return {};
}

} // namespace

bool status::waits_for_a_starter() const {
    return is == state::ok && !what.client.empty() && what.skipped.empty() && started_by.empty() &&
           !suggested;
}

inspector::chain const& inspector::chain_in(std::string const& pem) {
    auto const found = chains_.find(pem);
    if (found != chains_.end()) return found->second;
    auto const all = certificates_in(pem);
    chain read;
    if (!all) read.why = all.error().message;
    if (all) read.first = all->front();
    for (std::size_t i = 0; all && i + 1 < all->size(); ++i) {
        if (!is_issued_by((*all)[i], (*all)[i + 1])) read.why = "its certificates do not fit";
    }
    return chains_.emplace(pem, std::move(read)).first->second;
}

inspector::finding
inspector::check_key(lineage const& l, handle const& certificate, std::string const& pem) const {
    auto const text = l.key.empty() ? result<std::string>(pem) : contents_of(l.key);
    auto const file = "the key " + l.key.string();
    if (!text && is_forbidden(text.error()))
        return {"", file + " " + text.error().message + ", so it was not checked"};
    if (!text) return {file + " " + text.error().message, ""};
    auto const fits = has_key(certificate, *text);
    if (!fits && !l.needs_key) return {};
    if (!fits) return {file + " is of no use: " + fits.error().message, ""};
    if (*fits) return {};
    return {l.key.empty() ? "the key in it does not fit" : file + " does not fit", ""};
}

inspector::finding inspector::check_chain(lineage const& l, std::vector<handle> const& all) {
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        if (!is_issued_by(all[i], all[i + 1])) return {"the chain in it does not fit", ""};
    }
    if (l.chain.empty()) {
        auto const is_there = all.size() > 1 || !l.needs_chain || is_issued_by(all[0], all[0]);
        return {is_there ? "" : "the chain is missing: it has no certificate of its issuer", ""};
    }
    auto const file = "the chain " + l.chain.string();
    auto const text = contents_of(l.chain);
    if (!text && is_forbidden(text.error()))
        return {"", file + " " + text.error().message + ", so it was not checked"};
    if (!text) return {file + " " + text.error().message, ""};
    auto const& issuers = chain_in(*text);
    if (!issuers.why.empty()) return {file + " is of no use: " + issuers.why, ""};
    return {is_issued_by(all[0], issuers.first) ? "" : file + " does not fit", ""};
}

inspector::finding
inspector::check_other(fs::path const& file, leaf const& of, std::string const& pem) const {
    auto const text = contents_of(file);
    if (!text && is_forbidden(text.error()))
        return {"", file.string() + " " + text.error().message + ", so it was not checked"};
    if (!text) return {file.string() + " " + text.error().message, ""};
    if (text->starts_with(without_blanks_around(pem))) return {};
    auto const all = certificates_in(*text);
    auto const first = all ? read_leaf(all->front()) : all.error();
    if (!first) return {file.string() + " is of no use: " + first.error().message, ""};
    if (first->fingerprint == of.fingerprint) return {};
    return {file.string() + " begins with another certificate", ""};
}

inspector::finding inspector::check_files(
    lineage const& l, std::vector<handle> const& all, std::string const& pem, leaf const& of
) {
    std::vector<finding> found{check_key(l, all[0], pem), check_chain(l, all)};
    for (auto const& other : l.others)
        found.push_back(check_other(other, of, pem));
    finding worst;
    for (auto& one : found) {
        if (worst.broken.empty()) worst.broken = std::move(one.broken);
        if (worst.note.empty()) worst.note = std::move(one.note);
    }
    return worst;
}

std::string inspector::start_of(lineage const& l, starter const* by) const {
    if (l.client.empty()) return {};
    if (by != nullptr) return "started by " + by->what;
    auto const nothing = "no timer or cron entry was found that starts " + l.client;
    auto const& unread = starters_.unread;
    return unread.empty() ? nothing
                          : nothing + ", but " + joined(unread, ", ") + " could not be read";
}

std::string inspector::when_due(status const& s) const {
    auto const late = now_ - *s.renewal_due;
    auto const since = day_of(*s.renewal_due) + ", " + rule_in_words(s.what, *s.read);
    auto const is_overdue = late > patience_with_clients;
    return (is_overdue ? "not renewed for " + in_words(late) + ": it was due on " : "due since ") +
           since + "; " + s.start;
}

std::string inspector::reason_of(status const& s) const {
    auto const plan = plan_of(s);
    auto const end = day_of(s.read->not_after);
    auto const is_due = s.renewal_due && now_ >= *s.renewal_due && s.what.skipped.empty();
    switch (s.is) {
    case state::due:
        return is_due ? when_due(s) : "it ends on " + end + "; " + plan;
    case state::every_run:
        return "every run of " + s.what.client + " renews it, " + why_every_run(s);
    case state::overdue:
        return when_due(s);
    case state::late:
        if (!s.what.skipped.empty()) return plan;
        return "it ends on " + end + ", and " + s.what.client + " renews it no earlier than " +
               day_of(*s.renewal_due);
    case state::expired:
        return "it ended on " + end + "; " + (is_due ? when_due(s) : plan);
    case state::broken:
        return "it is not valid before " + rfc3339(s.read->not_before);
    case state::ok:
        return plan;
    }
    return plan;
}

// Whether the client renews it is told as well.
status inspector::broken(status s, std::string why, bool is_closed) {
    auto const& l = s.what;
    s.is = state::broken;
    s.reason = std::move(why);
    if (!l.skipped.empty() && !l.failure)
        s.reason += "; " + l.client + " will not renew it: " + l.skipped;
    s.fix = is_closed ? "run acme-dns01 as a user who may read it, such as root" : run_by_hand(l);
    return s;
}

status inspector::judged(status s, std::vector<handle> const& all, std::string const& pem) {
    auto& l = s.what;
    if (l.wanted_names && !has_names(*s.read, *l.wanted_names)) l.renewed.changed = l.wanted_since;
    auto const valid = dates_of(*s.read);
    s.renewal_due = due(l.renewed, valid);
    s.is = judge({now_, valid, l.renewed, !l.skipped.empty(), wanted_left_});
    if (s.is == state::broken) return broken(s, reason_of(s));
    auto const files = check_files(l, all, pem, *s.read);
    if (!files.broken.empty()) return broken(std::move(s), files.broken);
    s.unchecked = files.note;
    s.reason = reason_of(s) + (files.note.empty() ? "" : "; " + files.note);
    s.fix = fix_of(s);
    if (s.waits_for_a_starter() && !starters_.unread.empty())
        s.fix = "run acme-dns01 as root to be sure, or " + s.fix;
    return s;
}

status inspector::inspect(lineage l) {
    status s;
    auto const* const by = starter_of(starters_, l);
    s.start = start_of(l, by);
    if (by != nullptr) {
        s.started_by = by->what;
        apply_command_line(l, by->command);
    }
    s.what = std::move(l);
    auto const& what = s.what;
    if (what.failure) return broken(s, what.failure->message, is_forbidden(*what.failure));
    auto const text = contents_of(what.certificate);
    auto const all = text ? certificates_in(*text) : text.error();
    auto read = all ? read_leaf(all->front()) : all.error();
    if (!read) {
        auto const file = what.certificate == what.path ? "" : what.certificate.string() + ": ";
        return broken(s, file + read.error().message, is_forbidden(read.error()));
    }
    s.read = std::move(*read);
    return judged(std::move(s), *all, *text);
}

std::vector<status> sorted_by_urgency(std::vector<status> all) {
    // Those that clients have come first, so that they stay.
    std::ranges::stable_sort(all, std::greater(), [](status const& s) {
        return !s.what.client.empty();
    });
    std::set<std::string> certificates;
    std::set<fs::path> files;
    std::vector<status> kept;
    for (auto& s : all) {
        auto const is_new = files.insert(real_path(s.what.path)).second;
        auto const is_other = !s.read || certificates.insert(s.read->fingerprint).second;
        if (is_new && (is_other || !s.what.client.empty())) kept.push_back(std::move(s));
    }
    using order = std::tuple<int, moment, fs::path>;
    std::ranges::sort(kept, {}, [](status const& s) {
        return order(-static_cast<int>(s.is), s.read ? s.read->not_after : moment(), s.what.path);
    });
    return kept;
}

double days_left(leaf const& of, moment now) {
    using tenths = std::chrono::duration<double, std::ratio<8640>>;
    return std::floor(tenths(of.not_after - now).count()) / 10;
}

double share_left(leaf const& of, moment now) {
    auto const life = static_cast<double>((of.not_after - of.not_before).count());
    auto const left = static_cast<double>((of.not_after - now).count());
    return life <= 0 ? 0 : std::clamp(std::floor(100 * left / life) / 100, 0.0, 1.0);
}

void add_window(status& s, window const& suggested, moment now) {
    auto const passed = now >= suggested.end;
    auto const& url = suggested.explanation;
    auto const why = url.empty() ? "" : " (" + printable(url, url_max) + ")";
    if (passed && (s.fix.empty() || s.waits_for_a_starter()))
        s.fix = "renew it now: " + advice_to_renew(s);
    s.suggested = suggested;
    s.reason += "; the CA suggests a renewal from " + rfc3339(suggested.start) + " to " +
                rfc3339(suggested.end) + (passed ? ": renew now" : "") + why;
}

} // namespace acme_dns01::certificate
