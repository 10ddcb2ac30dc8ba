#include "base/concurrent.hpp"
#include "cli/commands/persist_questions.hpp"
#include "cli/options/options.hpp"
#include "cli/output/challenge_report.hpp"
#include "cli/output/persist_report.hpp"
#include "persist/record.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

namespace acme_dns01::cli {

namespace json = boost::json;

namespace {

using persist::published;
using wishes = std::vector<persist::wish>;

// A handful of connections hides the API's latency, and its rate limit is reached all the same.
constexpr std::size_t names_at_once = 6;

// At one name a record with policy=wildcard is for the domain as well.
std::vector<persist::question> one_for_each_name(std::vector<persist::question> const& all) {
    std::vector<persist::question> merged;
    for (auto const& q : all) {
        auto const same = std::ranges::find(merged, q.domain, &persist::question::domain);
        if (same == merged.end())
            merged.push_back(q);
        else
            same->wildcard = same->wildcard || q.wildcard;
    }
    return merged;
}

persist::wish wish_for(persist::question const& q) {
    return {q.domain, std::nullopt, q.ca->issuers, persist::uris_of(*q.who, q.domain)};
}

persist::wish wish_for(persist::question const& q, persist_options const& set) {
    auto wish = wish_for(q);
    persist::record wanted{q.ca->issuers.front()};
    wanted.account_uri = persist::uris_taken(*q.who, q.domain).front();
    if (set.reusable) wanted.account_uri = persist::hashed_uri("*", *q.who);
    wanted.wildcard = q.wildcard;
    wanted.until = set.until;
    wish.wanted = std::move(wanted);
    return wish;
}

// Before anything is asked.
result<void> check_allowed(invocation& call, std::vector<persist::question> const& all) {
    for (auto const& q : all) {
        auto const allowed = call.set.allow.check(q.domain);
        if (!allowed) return allowed;
    }
    return call.accounts.check_token();
}

persist::publisher publisher_of(invocation& call) {
    return {call.accounts, call.journal(), call.set.record.ttl, call.notes};
}

// The values of those names for which it went well, and which they are. A failure of one name does
// not stop the others.
template <class T>
struct several {
    std::vector<T> good{};
    std::vector<std::size_t> names{};
    std::optional<error> failure{}; // of one name; the others' are reported
};

template <class T>
using task_of = std::function<async_result<T>(std::size_t)>;

template <class T>
boost::asio::awaitable<several<T>>
for_each_name(invocation& call, std::size_t count, task_of<T> one) {
    auto all = co_await a_few_at_once<result<T>>(names_at_once, count, one);
    several<T> found;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i]) {
            found.good.push_back(std::move(*all[i]));
            found.names.push_back(i);
            continue;
        }
        if (found.failure) call.out.another_failure(*found.failure);
        found.failure = all[i].error();
    }
    co_return found;
}

boost::asio::awaitable<several<persist::change>> look_at(invocation& call, wishes all) {
    auto by = publisher_of(call);
    task_of<persist::change> const one = [&](std::size_t i) { return by.look(all[i]); };
    auto changes = co_await for_each_name<persist::change>(call, all.size(), one);
    co_return changes;
}

boost::asio::awaitable<several<published>> publish(invocation& call, wishes all) {
    auto by = publisher_of(call);
    task_of<published> const one = [&](std::size_t i) { return by.publish(all[i]); };
    auto done = co_await for_each_name<published>(call, all.size(), one);
    co_return done;
}

template <class T>
std::vector<T> picked(std::vector<T> const& from, std::vector<std::size_t> const& names) {
    std::vector<T> chosen;
    for (auto const i : names)
        chosen.push_back(from[i]);
    return chosen;
}

result<void> ended_with(std::optional<error> const& failure) {
    return failure ? result<void>(*failure) : result<void>();
}

// A record that CAA makes useless is said before it is created.
outcome warn_of_caa(invocation& call, std::vector<persist::question> asked) {
    std::vector<caa::request> requests;
    for (auto const& q : asked)
        requests.push_back({q.domain, q.wildcard, q.ca->by, q.who->uri, persist::method});
    auto const all = co_await caa::decide_all(call.resolvers, requests, call.notes);
    if (!all) co_return all.error();
    for (auto const& c : *all) {
        if (c.decided.is != caa::verdict::permitted) call.out.warning(caa::objection_of(c).message);
    }
    co_return result<void>();
}

void append(std::vector<std::string>& lines, std::vector<std::string> more) {
    std::ranges::move(more, std::back_inserter(lines));
}

// One name's keys stand for themselves; several names are a list.
json::object machine_for(std::vector<json::object> each) {
    if (each.size() == 1) return std::move(each.front());
    json::array results;
    for (auto& one : each)
        results.push_back(std::move(one));
    return {{"results", std::move(results)}};
}

void print(invocation& call, std::vector<persist::checked> const& all, bool shows_records) {
    std::vector<std::string> lines;
    json::array results;
    for (auto const& one : all) {
        append(lines, shows_records ? lines_for_records(one) : lines_for(one));
        results.push_back(to_json(one));
    }
    call.warn_of_resolver();
    call.out.result(lines, {{"results", std::move(results)}});
}

void show_changes(invocation& call, wishes const& all, std::vector<persist::change> const& found) {
    std::vector<std::string> lines;
    std::vector<json::object> each;
    auto is_change = false;
    for (std::size_t i = 0; i < found.size(); ++i) {
        append(lines, lines_for(found[i], *all[i].wanted));
        each.push_back(to_json(found[i]));
        is_change = is_change || !found[i].id || !found[i].replaced.empty();
    }
    lines.emplace_back(is_change ? "nothing was changed: --yes applies this" : "nothing to change");
    auto machine = machine_for(std::move(each));
    machine["propagation"] = nullptr;
    machine["applied"] = false;
    call.out.result(lines, machine);
}

// Waits until every authoritative server serves the records, and judges them anew by a resolver
// that remembers nothing.
outcome show_published(
    invocation& call, wishes all, std::vector<persist::question> asked, std::vector<published> done
) {
    challenge::targets targets;
    for (auto const& p : done)
        targets.push_back({p.done.zone, p.done.fqdn, p.done.value});
    auto const served = co_await wait_for(call, targets);
    if (!served) co_return served.error();
    call.resolvers.forget_validated();
    auto const now = co_await persist::check_all(call.resolvers, asked, call.notes);
    if (!now) co_return now.error();
    call.warn_of_resolver();
    std::vector<std::string> lines;
    std::vector<json::object> each;
    for (std::size_t i = 0; i < done.size(); ++i) {
        auto shown = done[i].done;
        if (done[i].is_created) shown.id.reset();
        append(lines, lines_for(shown, *all[i].wanted));
        append(lines, lines_for((*now)[i]));
        each.push_back(to_json(done[i].done));
        each.back()["created"] = done[i].is_created;
        each.back()["check"] = to_json((*now)[i]);
    }
    lines.push_back(line_for(*served));
    auto machine = machine_for(std::move(each));
    machine["propagation"] = to_json(*served);
    machine["applied"] = true;
    call.out.result(lines, machine);
    co_return outcome_of(*now);
}

error nothing_there(persist::question const& q, persist::change const& c) {
    return {
        .kind = error_kind::not_found,
        .message =
            c.fqdn.text() + " has no record for " + q.ca->issuers.front() + " and this account",
        .hint =
            "`acme-dns01 persist show " + q.domain.text() + "` lists the records that are there",
    };
}

// The failure of the last name without a record; the others are reported.
std::optional<error> missing_there(
    invocation& call,
    std::vector<persist::question> const& asked,
    std::vector<persist::change> const& found
) {
    std::optional<error> failure;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].replaced.empty()) continue;
        if (failure) call.out.another_failure(*failure);
        failure = nothing_there(asked[i], found[i]);
    }
    return failure;
}

void show_removal(invocation& call, std::vector<persist::change> const& found) {
    std::vector<std::string> lines;
    std::vector<published> would;
    for (auto const& c : found) {
        append(lines, lines_for_removal(c));
        auto& one = would.emplace_back();
        one.done = c;
        std::ranges::transform(
            c.replaced, std::back_inserter(one.removed), &digitalocean::record::id
        );
    }
    lines.emplace_back("nothing was removed: --yes removes this");
    json::object const machine{
        {"removed", json::array()},
        {"already_gone", json::array()},
        {"would_remove", to_json_removed(would).at("removed")}};
    call.out.result(lines, machine);
}

// What was there. Nothing is printed where nothing was.
std::vector<persist::change> show_removed(invocation& call, std::vector<published> const& done) {
    std::vector<std::string> lines;
    std::vector<persist::change> there;
    for (auto const& p : done) {
        there.push_back(p.done);
        if (!p.done.replaced.empty()) append(lines, lines_for_removed(p));
    }
    auto const has_any = [](auto const& c) { return !c.replaced.empty(); };
    if (std::ranges::any_of(there, has_any)) call.out.result(lines, to_json_removed(done));
    return there;
}

} // namespace

outcome persist_set(invocation& call, arguments given) {
    auto const each = co_await full_persist_questions(call, given);
    if (!each) co_return each.error();
    auto const asked = one_for_each_name(*each);
    if (call.set.persist.reusable && asked.front().who->by != persist::form::hash)
        co_return usage_error("--reusable is for the hashed form", "give --form hash as well");
    auto const allowed = check_allowed(call, asked);
    if (!allowed) co_return allowed.error();
    wishes all;
    for (auto const& q : asked)
        all.push_back(wish_for(q, call.set.persist));
    if (!call.set.yes) {
        auto const found = co_await look_at(call, all);
        if (found.good.empty()) co_return *found.failure;
        auto const warned = co_await warn_of_caa(call, picked(asked, found.names));
        call.notes.warn_if_failed(warned);
        show_changes(call, picked(all, found.names), found.good);
        co_return ended_with(found.failure);
    }
    auto const done = co_await publish(call, all);
    if (done.good.empty()) co_return *done.failure;
    auto const wanted = picked(all, done.names);
    auto shown = co_await show_published(call, wanted, picked(asked, done.names), done.good);
    if (!done.failure) co_return shown;
    if (!shown) call.out.another_failure(shown.error());
    co_return *done.failure;
}

outcome persist_check(invocation& call, arguments given) {
    auto const asked = co_await full_persist_questions(call, given);
    if (!asked) co_return asked.error();
    auto const all = co_await persist::check_all(call.resolvers, *asked, call.notes);
    if (!all) co_return all.error();
    print(call, *all, false);
    co_return outcome_of(*all);
}

outcome persist_show(invocation& call, arguments given) {
    if (given.empty()) co_return usage_of("persist show");
    auto const asked = co_await persist_questions(call, given);
    if (!asked) co_return asked.error();
    auto const all = co_await persist::check_all(call.resolvers, *asked, call.notes);
    if (!all) co_return all.error();
    print(call, *all, true);
    co_return result<void>();
}

outcome persist_remove(invocation& call, arguments given) {
    auto const each = co_await full_persist_questions(call, given);
    if (!each) co_return each.error();
    auto const asked = one_for_each_name(*each);
    auto const allowed = check_allowed(call, asked);
    if (!allowed) co_return allowed.error();
    wishes all;
    for (auto const& q : asked)
        all.push_back(wish_for(q));
    if (!call.set.yes) {
        auto const found = co_await look_at(call, all);
        if (found.failure) co_return *found.failure;
        auto const missing = missing_there(call, asked, found.good);
        if (missing) co_return *missing;
        show_removal(call, found.good);
        co_return result<void>();
    }
    auto const done = co_await publish(call, all);
    auto const gone = show_removed(call, done.good);
    auto const missing = missing_there(call, picked(asked, done.names), gone);
    if (missing && done.failure) call.out.another_failure(*missing);
    co_return ended_with(done.failure ? done.failure : missing);
}

} // namespace acme_dns01::cli
