#include "caa/survey.hpp"
#include "challenge/plan.hpp"
#include "challenge/present.hpp"
#include "challenge/undo.hpp"
#include "challenge/wait/target.hpp"
#include "cli/commands/commands.hpp"
#include "clients/certbot.hpp"
#include "clients/hook_request.hpp"
#include "process/process.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace acme_dns01::cli {

using challenge::part_in_order;
using clients::hook_action;
using clients::hook_request;

namespace {

using challenges = std::vector<challenge::dns01>;
using entries = std::vector<journal::entry>;

// How a client goes on after a failed hook.
enum class after_failure {
    client_cleans_up, // it calls the cleanup hook
    hook_cleans_up,   // nothing: the hook itself has to
    client_goes_on,   // it asks the CA all the same, and cleans up afterwards
};

struct hook_call {
    std::string client;
    result<hook_request> request;
    after_failure then = after_failure::client_cleans_up;
    bool prints_record = false; // a line about the record on stdout
    bool waits_itself = false;  // and does not leave that to the last hook of its order
};

result<challenges> challenges_of(invocation const& call, hook_request const& request) {
    challenges found;
    for (auto const& wanted : request.challenges) {
        auto c = wanted.is_record_name ? challenge::make_challenge_at(wanted.name, wanted.value)
                                       : challenge::make_challenge(wanted.name, wanted.value);
        if (!c) return c.error();
        auto const allowed = call.set.allow.check(*c);
        if (!allowed) return allowed.error();
        found.push_back(std::move(*c));
    }
    return found;
}

// A client that names only the record at the end of an alias does not say which domain it proves.
boost::asio::awaitable<std::vector<result<void>>> check_caa(invocation& call, challenges asked) {
    std::vector<result<void>> all(asked.size());
    auto const& ca = call.set.caa.issuer;
    std::vector<std::string> domains;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; ca && i < asked.size(); ++i) {
        if (asked[i].domain == asked[i].fqdn.text()) continue;
        domains.push_back(asked[i].domain);
        places.push_back(i);
    }
    if (domains.empty()) co_return all;
    auto const permitted = co_await caa::check_permission(call.resolvers, *ca, domains, call.notes);
    for (std::size_t i = 0; i < places.size(); ++i)
        all[places[i]] = permitted[i];
    co_return all;
}

challenge::presentation
presentation_of(invocation& call, challenges wanted, hook_call const& hook, journal::run owner) {
    challenge::presentation p;
    p.challenges = std::move(wanted);
    p.owner = owner;
    p.remaining = hook.request->remaining;
    p.ttl = call.set.ttl;
    p.ask_caa = [&call](challenges asked) { return check_caa(call, std::move(asked)); };
    p.client_has_ended = [owner, runner = call.runner()] {
        return challenge::client_has_ended(owner, runner);
    };
    p.undoes_failures = hook.then == after_failure::hook_cleans_up;
    p.goes_on = hook.then == after_failure::client_goes_on;
    return p;
}

// A wrapper around a client's hook, not a shell, may be taken for a client of another name: each
// hook would have a client of its own.
part_in_order part_of(invocation& call, hook_request const& request, journal::run const& owner) {
    auto const& client = owner.process;
    challenge::hook_call_facts known;
    known.is_counted = request.is_counted;
    if (!known.is_counted) return part_in_order::alone;
    known.remaining = request.remaining;
    known.has_challenge = !request.challenges.empty();
    known.journal_is_lasting = call.journal().is_durable();
    known.client_is_certain =
        client != this_process() && !was_started_with(client, request.hook_variable);
    return challenge::part_of(known);
}

// Only the last hook of an order waits, for all of its records. A record that the journal does not
// have is waited for by its own hook, since no later one will find it.
challenge::targets
targets_to_await(invocation& call, journal::run const& owner, bool is_last, entries const& made) {
    auto targets = challenge::targets_of(challenge::records_of_order(call.outstanding(), owner));
    auto const others_will_wait = !is_last && call.journal().is_durable();
    auto const known = targets;
    if (others_will_wait) targets.clear();
    for (auto const& target : challenge::targets_of(made)) {
        if (std::ranges::count(known, target) == 0) targets.push_back(target);
    }
    return targets;
}

async_result<void>
wait_if_last(invocation& call, hook_call hook, journal::run owner, entries made) {
    if (call.set.no_wait) co_return result<void>();
    auto const is_last = hook.request->remaining == 0 || hook.waits_itself;
    auto const report = co_await wait_for(call, targets_to_await(call, owner, is_last, made));
    if (!report) co_return report.error();
    co_return result<void>();
}

// Of several records with equal names and values, this hook's own is its order's `remaining`-th.
void print_record(
    invocation& call, hook_call const& hook, challenges const& own, entries const& made
) {
    if (!hook.prints_record || own.empty()) return;
    auto const& c = own.front();
    auto const found = std::ranges::find_if(made, [&](auto const& e) {
        return e.domain == c.domain && e.value == c.value && e.remaining == hook.request->remaining;
    });
    if (found == made.end()) return;
    call.out.protocol_line(clients::certbot_auth_output(
        found->zone.text(), found->id.value_or(0), found->fqdn.text(), found->value
    ));
}

// Not before there is more to do than to plan: a hook that only plans opens no connection.
void confine(invocation& call) {
    if (call.confine) std::exchange(call.confine, {})();
}

// False, with a warning, if the journal takes no rows: this hook has to do its own work then.
result<bool> is_planned(
    invocation& call, challenges const& wanted, hook_call const& hook, journal::run const& owner
) {
    auto const token = call.accounts.check_token();
    if (!token) return token.error();
    auto const done = challenge::plan(call.journal(), wanted, owner, hook.request->remaining);
    if (!done) call.out.warning(done.error().text());
    if (!done) return false;
    for (auto const& c : wanted) {
        if (!hook.prints_record) break;
        call.out.protocol_line(clients::certbot_planned_output(c.fqdn.text(), c.value));
    }
    return true;
}

// The challenges that earlier hooks of the order have left to this one, and its own.
result<challenges>
challenges_of_order(invocation& call, challenges own, journal::run const& owner) {
    auto const rows = call.journal().outstanding();
    if (!rows) return rows.error();
    auto all = challenge::planned_challenges(*rows, owner);
    if (!all) return all;
    for (auto const& c : *all) {
        auto const allowed = call.set.allow.check(c);
        if (!allowed) return allowed.error();
    }
    std::ranges::move(own, std::back_inserter(*all));
    return all;
}

// A client that goes on asks the CA about the records that do exist: they have to be served.
outcome create_and_wait(
    invocation& call, challenges wanted, challenges own, hook_call hook, journal::run owner
) {
    auto cleaner = call.cleaner();
    challenge::presenter by(call.accounts, call.journal(), call.resolvers, cleaner, call.notes);
    auto const p = presentation_of(call, std::move(wanted), hook, owner);
    auto done = co_await by.present(p);
    if (!done.failures.empty() && !p.goes_on) co_return call.out.all_but_deciding(done.failures);
    print_record(call, hook, own, done.made);
    auto const waited = co_await wait_if_last(call, hook, owner, done.made);
    if (!done.failures.empty()) {
        if (!waited) call.out.warning(waited.error().text());
        co_return call.out.all_but_deciding(done.failures);
    }
    if (!waited && p.undoes_failures) {
        co_await challenge::undo(
            cleaner, call.journal(), p.challenges, done.made, owner, call.notes
        );
    }
    co_return waited;
}

outcome present_all(invocation& call, challenges own, hook_call hook) {
    auto const owner = challenge::run_of_client(hook.client, hook.request->order, call.runner());
    if (!owner) co_return owner.error();
    auto const part = part_of(call, *hook.request, *owner);
    if (part == part_in_order::early) {
        auto const planned = is_planned(call, own, hook, *owner);
        if (!planned) co_return planned.error();
        if (*planned) co_return result<void>();
        hook.waits_itself = true;
    }
    confine(call);
    auto all = own;
    if (part == part_in_order::last) {
        auto of_order = challenges_of_order(call, own, *owner);
        if (!of_order) co_return of_order.error();
        all = std::move(*of_order);
    }
    auto const done = co_await create_and_wait(call, all, own, hook, *owner);
    auto const has_others = all.size() > own.size();
    if (has_others) call.notes.warn_if_failed(call.journal().expect_last_cleanup(*owner));
    co_return done;
}

// An unusable zone in the client's record is no reason to leave the record behind.
std::optional<challenge::record_id> record_in(hook_request const& request) {
    if (!request.record) return std::nullopt;
    auto const zone = dns::name::parse(request.record->zone);
    if (!zone) return std::nullopt;
    return challenge::record_id{*zone, request.record->id};
}

// As the client names them.
boost::asio::awaitable<challenge::removals>
remove_named(invocation& call, challenges wanted, std::optional<challenge::record_id> id) {
    confine(call);
    auto by = call.cleaner();
    if (!id || wanted.empty()) {
        auto all = co_await by.remove_all(wanted);
        co_return all;
    }
    challenge::removals removal;
    auto const done = co_await by.remove(*id, wanted.front());
    removal.add(done);
    co_return removal;
}

// As one call of an order whose calls are counted; there is at most one challenge in it.
boost::asio::awaitable<challenge::removals> remove_in_order(
    invocation& call, challenges wanted, challenge::cleanup_call what, part_in_order part
) {
    auto const rows = call.outstanding();
    auto own = entries();
    if (!wanted.empty()) own = challenge::rows_of_call(rows, what);
    if (part == part_in_order::early && challenge::may_be_left_to_the_last(own)) {
        auto const left = challenge::leave_to_the_last(call.journal(), own);
        if (left) co_return challenge::removals();
        call.out.warning(left.error().text());
    }
    auto const unknown = own.empty() ? wanted : challenges();
    auto all = co_await remove_named(call, unknown, what.record);
    if (part == part_in_order::last) {
        for (auto const& row : challenge::rows_left_to_the_last(rows, what.owner)) {
            if (std::ranges::count(own, row.key, &journal::entry::key) == 0) own.push_back(row);
        }
    }
    auto by = call.cleaner();
    auto const removed = co_await by.remove_all(own);
    all.add(removed);
    co_return all;
}

outcome remove_all(invocation& call, challenges wanted, hook_call hook) {
    auto const& request = *hook.request;
    challenge::cleanup_call what;
    what.owner = {hook.client, calling_process(hook.client), request.order};
    what.remaining = request.remaining;
    what.record = record_in(request);
    if (!wanted.empty()) what.about = wanted.front();
    auto const part = part_of(call, request, what.owner);
    auto removing = request.is_counted ? remove_in_order(call, wanted, what, part)
                                       : remove_named(call, wanted, what.record);
    auto const removal = co_await std::move(removing);
    if (!removal.failures.empty()) co_return call.out.all_but_deciding(removal.failures);
    co_return result<void>();
}

outcome remove_what_is_left(invocation& call, std::string client) {
    journal::run const owner{client, calling_process(client), ""};
    auto by = call.cleaner();
    auto const removal = co_await challenge::undo_run(by, call.journal(), owner);
    if (!removal.failures.empty()) co_return call.out.all_but_deciding(removal.failures);
    co_return result<void>();
}

outcome answer(invocation& call, hook_call hook) {
    if (!hook.request) co_return hook.request.error();
    auto const action = hook.request->action;
    if (action == hook_action::decline) call.out.end_with(1);
    if (action == hook_action::decline || action == hook_action::nothing) co_return result<void>();
    if (action == hook_action::finish) {
        auto done = co_await remove_what_is_left(call, hook.client);
        co_return done;
    }
    auto const wanted = challenges_of(call, *hook.request);
    if (!wanted) co_return wanted.error();
    auto work = action == hook_action::present ? present_all(call, *wanted, hook)
                                               : remove_all(call, *wanted, hook);
    auto done = co_await std::move(work);
    co_return done;
}

// For clients that read their hook's stdout, or show it as their own.
outcome answer_silently(invocation& call, hook_call hook) {
    call.out.leave_stdout_to_the_client();
    return answer(call, std::move(hook));
}

} // namespace

outcome hook_certbot_auth(invocation& call, arguments) {
    auto const then = after_failure::client_goes_on;
    return answer(call, {"certbot", clients::certbot_auth_request(call.env), then, true});
}

outcome hook_certbot_cleanup(invocation& call, arguments) {
    return answer(call, {"certbot", clients::certbot_cleanup_request(call.env)});
}

outcome hook_dehydrated(invocation& call, arguments given) {
    return answer_silently(call, {"dehydrated", clients::dehydrated_request(given, call.env)});
}

outcome hook_lego(invocation& call, arguments given) {
    return answer_silently(call, {"lego", clients::lego_request(given)});
}

outcome hook_uacme(invocation& call, arguments given) {
    return answer_silently(
        call, {"uacme", clients::uacme_request(given), after_failure::hook_cleans_up}
    );
}

outcome hook_pair(invocation& call, arguments given) {
    call.out.leave_stdout_to_the_client();
    auto const has_both = given.size() == 2;
    if (!has_both) co_return usage_of(call.command);
    auto const is_acmesh = call.command.starts_with("hook acmesh");
    auto const adds = call.command.ends_with("-add");
    auto const action = adds ? hook_action::present : hook_action::cleanup;
    auto request = is_acmesh ? clients::acmesh_request(action, given[0], given[1], call.env)
                             : clients::getssl_request(action, given[0], given[1]);
    std::string const client = is_acmesh ? "acme.sh" : "getssl";
    hook_call hook{client, std::move(request), after_failure::hook_cleans_up};
    auto done = co_await answer(call, std::move(hook));
    co_return done;
}

} // namespace acme_dns01::cli
