#include "caa/survey.hpp"
#include "challenge/present.hpp"
#include "challenge/undo.hpp"
#include "challenge/wait/target.hpp"
#include "cli/commands/commands.hpp"
#include "clients/certbot.hpp"
#include "clients/hook_request.hpp"
#include "process/process.hpp"

#include <algorithm>
#include <optional>

namespace acme_dns01::cli {

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
async_result<void> check_caa(invocation& call, challenges asked) {
    std::vector<std::string> domains;
    for (auto const& c : asked) {
        if (c.domain != c.fqdn.text()) domains.push_back(c.domain);
    }
    auto const& ca = call.set.caa.issuer;
    if (!ca || domains.empty()) co_return result<void>();
    auto permission =
        co_await caa::check_permission(call.resolvers, *ca, std::move(domains), call.notes);
    co_return permission;
}

challenge::presentation
presentation_of(invocation& call, challenges wanted, journal::run owner, std::int64_t remaining) {
    challenge::presentation p;
    p.challenges = std::move(wanted);
    p.owner = owner;
    p.remaining = remaining;
    p.ttl = call.set.ttl;
    p.ask_caa = [&call](challenges asked) { return check_caa(call, std::move(asked)); };
    p.client_has_ended = [owner, runner = call.runner()] {
        return challenge::client_has_ended(owner, runner);
    };
    return p;
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
wait_if_last(invocation& call, hook_request request, journal::run owner, entries made) {
    if (call.set.no_wait) co_return result<void>();
    auto const is_last = request.remaining == 0;
    auto const report = co_await wait_for(call, targets_to_await(call, owner, is_last, made));
    if (!report) co_return report.error();
    co_return result<void>();
}

void print_record(output& out, journal::entry const& made) {
    out.protocol_line(clients::certbot_auth_output(
        made.zone.text(), made.id.value_or(0), made.fqdn.text(), made.value
    ));
}

outcome present_all(invocation& call, challenges wanted, hook_call hook) {
    auto const owner = challenge::run_of_client(hook.client, hook.request->order, call.runner());
    if (!owner) co_return owner.error();
    auto cleaner = call.cleaner();
    challenge::presenter by(call.accounts, call.journal(), call.resolvers, cleaner, call.notes);
    auto p = presentation_of(call, std::move(wanted), *owner, hook.request->remaining);
    p.undoes_failures = hook.then == after_failure::hook_cleans_up;
    auto const created = co_await by.present(p);
    if (!created) {
        if (hook.then != after_failure::client_goes_on) co_return created.error();
        // The order's other records have to be served before the CA is asked.
        auto const others = co_await wait_if_last(call, *hook.request, *owner, entries());
        if (!others) call.out.warning(others.error().text());
        co_return created.error();
    }
    if (hook.prints_record && !created->empty()) print_record(call.out, created->front());
    auto waited = co_await wait_if_last(call, *hook.request, *owner, *created);
    if (!waited && p.undoes_failures) {
        co_await challenge::undo(
            cleaner, call.journal(), p.challenges, *created, *owner, call.notes
        );
    }
    co_return waited;
}

// An unusable zone in the client's record is no reason to leave the record behind.
std::optional<challenge::record_id> record_in(hook_request const& request) {
    if (!request.record) return std::nullopt;
    auto const zone = dns::name::parse(request.record->zone);
    if (!zone) return std::nullopt;
    return challenge::record_id{*zone, request.record->id};
}

outcome remove_all(invocation& call, challenges wanted, hook_request request) {
    auto by = call.cleaner();
    auto const id = record_in(request);
    challenge::removals removal;
    for (auto const& c : wanted) {
        auto removing = id ? by.remove(*id, c) : by.remove(c);
        auto const done = co_await std::move(removing);
        removal.add(done);
    }
    if (removal.failure) co_return *removal.failure;
    co_return result<void>();
}

outcome remove_what_is_left(invocation& call, std::string client) {
    journal::run const owner{client, calling_process(client), ""};
    auto by = call.cleaner();
    auto const removal = co_await challenge::undo_run(by, call.journal(), owner);
    if (removal.failure) co_return *removal.failure;
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
                                               : remove_all(call, *wanted, *hook.request);
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
    auto const translate = is_acmesh ? clients::acmesh_request : clients::getssl_request;
    auto request =
        translate(adds ? hook_action::present : hook_action::cleanup, given[0], given[1]);
    std::string const client = is_acmesh ? "acme.sh" : "getssl";
    hook_call hook{client, std::move(request), after_failure::hook_cleans_up};
    auto done = co_await answer(call, std::move(hook));
    co_return done;
}

} // namespace acme_dns01::cli
