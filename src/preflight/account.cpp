#include "preflight/account.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>

namespace acme_dns01::preflight {

using digitalocean::sighting;
using services::account;

namespace {

constexpr auto where_tokens_are_made = "https://cloud.digitalocean.com/account/api/tokens";
constexpr auto try_again = "check again later";

// "" or " of account <name>".
std::string of_account(std::string const& section) {
    return section.empty() ? "" : " of account " + section;
}

std::string joined_scopes(token_scopes const& has, bool wanted) {
    std::vector<std::string> names;
    auto const add = [&](std::optional<bool> const& is, char const* name) {
        if (is == wanted) names.emplace_back(name);
    };
    add(has.reads, "domain:read");
    add(has.creates, "domain:create");
    add(has.removes, "domain:delete");
    return joined(names, ", ");
}

bool is_refused_limit(error const& e) { return e.kind == error_kind::rate_limited; }

// A server that does not answer says nothing about the token.
bool says_nothing(error const& e) {
    using enum error_kind;
    return e.kind != unauthorized && e.kind != configuration && e.kind != rejected;
}

finding token_failure(account::token_origin const& from, error const& e) {
    if (says_nothing(e)) return untold(check_id::token, e, try_again);
    auto f = wrong(check_id::token, e, where_tokens_are_made);
    f.evidence += (f.evidence.empty() ? "" : "; ") + ("the token comes from " + from.source);
    return f;
}

findings of_failed(asked_account const& a) {
    auto const& from = a.at->origin();
    auto const is_limited = is_refused_limit(*a.failure);
    constexpr auto why = "the API could not be asked";
    auto const cause = is_limited ? check_id::rate : check_id::token;
    findings found{
        is_limited ? not_checked(check_id::token, why, cause) : token_failure(from, *a.failure)};
    // Any answer has a date.
    found.push_back(check_clock(from.section, a.at->api().last_seen()));
    found.push_back(
        is_limited ? untold(check_id::rate, *a.failure, try_again)
                   : check_rate(from.section, a.at->api().last_seen(), 0)
    );
    return found;
}

std::optional<bool> answer_of(result<bool> const& r) {
    return r ? std::optional<bool>(*r) : std::optional<bool>();
}

boost::asio::awaitable<findings> about_account(asked_account a) {
    constexpr int forbidden = 403; // the token is good, and lacks domain:read
    auto const is_unreadable =
        a.failure && a.failure->kind == error_kind::unauthorized && a.failure->code == forbidden;
    if (a.failure && !is_unreadable) co_return of_failed(a);
    auto& api = a.at->api();
    auto const creates = co_await api.may_create_records(a.probed);
    auto const removes = co_await api.may_remove_records(a.probed);
    token_scopes const has{!a.failure, answer_of(creates), answer_of(removes)};
    auto const& from = a.at->origin();
    // A challenge takes a request to create its record and one to remove it.
    auto const needed = 2 * a.domains;
    findings found{check_scopes(from, has)};
    found.push_back(check_clock(from.section, api.last_seen()));
    found.push_back(check_rate(from.section, api.last_seen(), needed));
    co_return found;
}

// The findings of all names without a token, once for each text.
void add_once(findings& all, finding f) {
    if (std::ranges::count(all, f) == 0) all.push_back(std::move(f));
}

std::string holds(dns::name const& zone, dns::name const& name) {
    return "zone " + zone.text() + " of the account holds " + name.text();
}

finding no_zone(subject const& s, error const& e) {
    constexpr auto add_domain = "add the domain at DigitalOcean";
    if (!is_alias(s)) return wrong(check_id::zone, e, add_domain);
    return not_checked(
        check_id::zone, "the alias leads to " + end_of(s).text(), check_id::challenge
    );
}

bool is_missing(result<dns::name> const& zone) {
    return !zone && zone.error().kind == error_kind::zone_not_found;
}

// Each subject's account, asked for its zones.
class account_survey {
public:
    explicit account_survey(services::accounts& all) : accounts_(all) {}

    boost::asio::awaitable<findings> zone_of(subject& s) {
        if (s.barred) co_return without_permission();
        auto const found = accounts_.for_name(end_of(s));
        if (!found) {
            add_once(without_token_, wrong(check_id::token, found.error(), where_tokens_are_made));
            co_return without_token();
        }
        auto& a = entry(**found, s);
        if (a.failure) co_return without_answer();
        auto const publicly = s.chain ? s.chain->zone : std::optional<dns::name>();
        auto const zone = co_await a.at->zone_of(end_of(s), publicly);
        if (zone) {
            take(a, s, *zone);
            if (is_alias(s)) co_await find_home(s);
            findings const well_held{well(check_id::zone, holds(*zone, end_of(s)))};
            co_return well_held;
        }
        if (is_missing(zone)) {
            if (is_alias(s)) co_await find_home(s);
            if (is_alias(s)) s.outside = zone.error();
            findings const none{no_zone(s, zone.error())};
            co_return none;
        }
        a.failure = zone.error();
        co_return without_answer();
    }

    findings const& without_a_token() const { return without_token_; }
    std::vector<asked_account> const& asked() const { return asked_; }

private:
    static findings without_token() {
        return {not_checked(check_id::zone, "there is no usable token", check_id::token)};
    }
    static findings without_permission() {
        return {not_checked(check_id::zone, "its alias is not allowed", check_id::challenge)};
    }
    static findings without_answer() {
        return {not_checked(check_id::zone, "the API could not be asked", check_id::token)};
    }

    asked_account& entry(account& at, subject const& s) {
        auto found = std::ranges::find(asked_, &at, &asked_account::at);
        if (found == asked_.end()) {
            at.look_anew();
            asked_.push_back({&at, {}, s.base, false, 0});
            found = std::prev(asked_.end());
        }
        ++found->domains;
        return *found;
    }

    static void take(asked_account& a, subject& s, dns::name const& zone) {
        s.zone = zone;
        if (!is_alias(s)) s.home_zone = zone;
        if (!a.has_zone) a.probed = zone;
        a.has_zone = true;
    }

    boost::asio::awaitable<void> find_home(subject& s) {
        auto const account = accounts_.for_name(s.challenge);
        if (!account) co_return;
        auto const zone = co_await (*account)->zone_of(s.challenge);
        if (zone) s.home_zone = *zone;
    }

    services::accounts& accounts_;
    findings without_token_;
    std::vector<asked_account> asked_;
};

std::string difference_text(std::chrono::seconds ahead) {
    auto const amount = std::to_string(std::abs(ahead.count())) + " s";
    return amount + (ahead.count() > 0 ? " ahead of" : " behind");
}

// What only an answer of the API would have shown.
void append_unasked(findings& found) {
    auto const has_token_finding = !found.empty();
    auto const cause = has_token_finding ? check_id::token : check_id::challenge;
    constexpr auto why = "no account was asked";
    if (!has_token_finding) found.push_back(not_checked(check_id::token, why, cause));
    found.push_back(not_checked(check_id::clock, why, cause));
    found.push_back(not_checked(check_id::rate, why, cause));
}

} // namespace

finding check_scopes(account::token_origin const& from, token_scopes const& has) {
    auto const token = "the token" + of_account(from.section);
    auto const evidence =
        "the token comes from " + from.source + (from.warning.empty() ? "" : "; " + from.warning);
    auto const missing = joined_scopes(has, false);
    if (!missing.empty()) {
        return wrong(
            check_id::token,
            error_kind::unauthorized,
            token + " lacks " + missing,
            evidence,
            std::string("create a token with domain:read, domain:create and domain:delete at ") +
                where_tokens_are_made + " and use it instead"
        );
    }
    if (!has.creates || !has.removes) {
        return doubtful(
            check_id::token,
            token + " is accepted, but whether it may create and remove records is not known",
            evidence,
            try_again
        );
    }
    if (!from.warning.empty()) {
        auto const fix = "chmod 600 " + shell_word(from.source);
        return doubtful(check_id::token, from.warning, evidence, fix);
    }
    return well(
        check_id::token, token + " is accepted, and has " + joined_scopes(has, true), evidence
    );
}

finding check_clock(std::string const& section, std::optional<sighting> const& seen) {
    constexpr std::chrono::seconds warning_from{60};
    constexpr std::chrono::hours error_from{1};
    constexpr auto fix =
        "set this host's clock, for instance by running systemd-timesyncd or chrony";
    auto const api = "the API's" + of_account(section);
    if (!seen) return not_checked(check_id::clock, "the API did not answer", check_id::token);
    if (!seen->server_time)
        return well(check_id::clock, "the API's answers have no date to compare the clock with");
    auto const ahead =
        std::chrono::round<std::chrono::seconds>(seen->own_time - *seen->server_time);
    auto const evidence =
        "here " + utc_time(seen->own_time) + ", there " + utc_time(*seen->server_time);
    auto const text = "this host's clock is " + difference_text(ahead) + " " + api;
    if (std::chrono::abs(ahead) >= error_from)
        return wrong(check_id::clock, error_kind::configuration, text, evidence, fix);
    if (std::chrono::abs(ahead) >= warning_from)
        return doubtful(check_id::clock, text, evidence, fix);
    return well(check_id::clock, "this host's clock agrees with " + api, evidence);
}

finding
check_rate(std::string const& section, std::optional<sighting> const& seen, std::size_t needed) {
    if (!seen) return not_checked(check_id::rate, "the API did not answer", check_id::token);
    auto const& rate = seen->rate;
    if (!rate.remaining || rate.limit == 0)
        return well(check_id::rate, "the API's answers name no limit");
    auto const left = static_cast<std::size_t>(std::max<std::int64_t>(*rate.remaining, 0));
    auto const limit =
        rate.limit ? std::to_string(left) + " of " + std::to_string(*rate.limit) + " requests are"
                   : counted(left, "request is", "requests are");
    auto const text = limit + " left to the token" + of_account(section) + " this hour";
    auto const until = rate.reset ? "the oldest request counts until " + utc_time(*rate.reset) : "";
    constexpr auto fix = "wait, or let fewer clients share the token";
    if (left < needed) {
        auto const few = text + ", and these domains take " + std::to_string(needed);
        auto f = wrong(check_id::rate, error_kind::rate_limited, few, until, fix);
        f.requests_left = rate.remaining;
        return f;
    }
    auto const is_low = rate.limit && *rate.limit > 0 && *rate.remaining * 10 < *rate.limit;
    auto f =
        is_low ? doubtful(check_id::rate, text, until, fix) : well(check_id::rate, text, until);
    f.requests_left = rate.remaining;
    return f;
}

boost::asio::awaitable<zone_report>
find_zones(services::accounts& all, std::vector<subject>& subjects) {
    zone_report report;
    account_survey zones(all);
    for (auto& s : subjects) {
        auto found = co_await zones.zone_of(s);
        report.zones.push_back(std::move(found));
    }
    report.without_token = zones.without_a_token();
    report.accounts = zones.asked();
    co_return report;
}

boost::asio::awaitable<findings> check_accounts(zone_report const& of) {
    auto all = of.without_token;
    for (auto const& a : of.accounts) {
        auto const found = co_await about_account(a);
        all.insert(all.end(), found.begin(), found.end());
    }
    if (of.accounts.empty()) append_unasked(all);
    co_return all;
}

} // namespace acme_dns01::preflight
