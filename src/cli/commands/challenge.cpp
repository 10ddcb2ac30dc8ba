#include "base/text.hpp"
#include "challenge/owner.hpp"
#include "challenge/present.hpp"
#include "challenge/wait/target.hpp"
#include "challenge/wait/zone_check.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/challenge_report.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>

namespace acme_dns01::cli {

namespace json = boost::json;
using challenge::propagation_report;
using challenge::server_state;
using std::chrono::system_clock;

namespace {

using challenges = std::vector<challenge::dns01>;
using entries = std::vector<journal::entry>;

// The pairs, each once: the same challenge twice is one record.
result<challenges> pairs_in(invocation const& call, std::string_view name, arguments const& given) {
    if (given.size() % 2 != 0) return usage_of(name);
    challenges pairs;
    for (std::size_t i = 0; i < given.size(); i += 2) {
        auto pair = challenge::make_challenge(given[i], given[i + 1]);
        if (!pair) return pair.error();
        auto const allowed = call.set.allow.check(*pair);
        if (!allowed) return allowed.error();
        if (std::ranges::count(pairs, *pair) == 0) pairs.push_back(std::move(*pair));
    }
    return pairs;
}

// dns-account-01, where an account is named.
result<challenges> for_its_account(invocation const& call, challenges pairs) {
    auto const& uri = call.set.caa.account_uri;
    if (!uri) return pairs;
    for (auto& pair : pairs) {
        auto labelled = challenge::for_account(pair, *uri);
        if (!labelled) return labelled.error();
        pair = std::move(*labelled);
    }
    return pairs;
}

async_result<challenge::targets> targets_of_call(invocation& call, challenges pairs) {
    if (!pairs.empty()) {
        auto found = co_await challenge::targets_for(
            call.accounts,
            call.journal(),
            call.resolvers,
            call.set.allow,
            std::move(pairs),
            call.notes
        );
        co_return found;
    }
    auto const durable = call.state.durable_journal();
    if (!durable) co_return durable.error();
    co_return challenge::outstanding_targets(**durable);
}

// The texts, and the words like them: `--id a.example/1 b.example/2`. Neither a domain nor a value
// has a '/'.
result<std::vector<challenge::record_id>>
take_ids(std::vector<std::string> texts, arguments& given) {
    auto const is_id = [by_id = !texts.empty()](auto const& text) {
        return by_id && text.find('/') != std::string::npos;
    };
    std::ranges::copy_if(given, std::back_inserter(texts), is_id);
    std::erase_if(given, is_id);
    std::vector<challenge::record_id> ids;
    for (auto const& text : texts) {
        auto id = challenge::parse_record_id(text);
        if (!id) return id.error();
        ids.push_back(std::move(*id));
    }
    return ids;
}

using states = std::map<std::string, server_state>; // by address

// Notes each change of an address's state once.
void note_changes(output& out, states& known, propagation_report const& report) {
    for (auto const& server : report.servers) {
        if (std::exchange(known[server.address], server.state) == server.state) continue;
        out.note(
            server.server + " (" + server.address + ") " + std::string(to_string(server.state)) +
            " after " + decimal(server.seconds, 2) + " s, " + counted(server.queries, "question")
        );
    }
}

// On a terminal all lines at once; with --verbose each change in a line that stays.
std::function<void(propagation_report const&)> progress_to(output& out, bool verbose) {
    if (out.shows_progress()) {
        return [&out](auto const& report) {
            out.progress(progress_lines(report, out.progress_extent()));
        };
    }
    if (!verbose) return {};
    return
        [&out, known = states()](auto const& report) mutable { note_changes(out, known, report); };
}

challenge::propagation_settings settings_of(invocation& call) {
    using enum challenge::asked_servers;
    challenge::propagation_settings wait;
    wait.resolvers = call.resolvers.addresses();
    wait.dns_port = call.resolvers.dns_port();
    wait.asked = call.resolvers.asks_authoritative() ? authoritative : resolvers;
    wait.limits = call.set.patience;
    wait.progress = progress_to(call.out, call.set.output.verbose);
    wait.ask_account = challenge::asks_account(call.accounts, call.notes);
    return wait;
}

void show_what_would_go(output& out, entries const& all, entries const& chosen) {
    auto const now = system_clock::now();
    auto machine = to_json(all, now);
    machine["removed"] = json::array();
    machine["would_remove"] = to_json(chosen, now).at("outstanding");
    std::vector<std::string> const nothing{"nothing to remove"};
    out.result(chosen.empty() ? nothing : lines_for(chosen, now), machine);
}

void show_what_went(output& out, challenge::cleaned const& all, entries const& left) {
    auto machine = to_json(left, system_clock::now());
    auto const gone = to_json(all);
    machine["removed"] = gone.at("removed");
    machine["already_gone"] = gone.at("already_gone");
    auto lines = lines_for(all);
    if (!left.empty()) lines.push_back(counted(left.size(), "record") + " still outstanding");
    out.result(lines, machine);
}

} // namespace

async_result<propagation_report> wait_for(invocation& call, challenge::targets wanted) {
    if (wanted.empty()) {
        propagation_report nothing;
        nothing.complete = true;
        co_return nothing;
    }
    auto const settings = settings_of(call);
    auto report = co_await challenge::wait_until_served(std::move(wanted), settings);
    if (!report) co_return report.error();
    for (auto const& warning : report->warnings)
        call.out.warning(warning);
    co_return report;
}

outcome present(invocation& call, arguments given) {
    auto const plain = pairs_in(call, "present", given);
    if (!plain) co_return plain.error();
    if (plain->empty()) co_return usage_of("present");
    auto const pairs = for_its_account(call, *plain);
    if (!pairs) co_return pairs.error();
    auto by = call.cleaner();
    challenge::presenter presenter(call.accounts, call.journal(), call.resolvers, by, call.notes);
    challenge::presentation wanted;
    wanted.challenges = *pairs;
    wanted.owner = challenge::run_of_present(call.runner());
    wanted.ttl = call.set.ttl;
    auto const done = co_await presenter.present(wanted);
    if (!done.failures.empty()) co_return call.out.all_but_deciding(done.failures);
    auto const& records = done.made;
    std::vector<std::string> lines;
    for (auto const& record : records)
        lines.push_back(line_for(record));
    json::object machine{{"records", to_json(records)}, {"propagation", nullptr}};
    if (!call.set.no_wait) {
        auto const report = co_await wait_for(call, challenge::targets_of(records));
        if (!report) co_return report.error();
        lines.push_back(line_for(*report));
        machine["propagation"] = to_json(*report);
    }
    call.out.result(lines, machine);
    co_return result<void>();
}

outcome wait(invocation& call, arguments given) {
    auto const pairs = pairs_in(call, "wait", given);
    if (!pairs) co_return pairs.error();
    auto targets = co_await targets_of_call(call, *pairs);
    if (!targets) co_return targets.error();
    auto const nothing = targets->empty();
    for (auto const& row : call.outstanding()) {
        auto const its = challenge::targets_of({row});
        if (std::ranges::count(*targets, its.front()) > 0) call.journal().take_up(row);
    }
    auto const report = co_await wait_for(call, std::move(*targets));
    if (!report) co_return report.error();
    auto const line = nothing ? "nothing to wait for" : line_for(*report);
    json::object const machine{{"propagation", to_json(*report)}};
    call.out.result({line}, machine);
    co_return result<void>();
}

outcome cleanup(invocation& call, arguments given) {
    auto const ids = take_ids(call.set.ids, given);
    if (!ids) co_return ids.error();
    auto const pairs = pairs_in(call, "cleanup", given);
    if (!pairs) co_return pairs.error();
    if (pairs->empty() && ids->empty()) co_return usage_of("cleanup");
    auto by = call.cleaner();
    auto removal = co_await by.remove_all(*pairs);
    auto const by_ids = co_await by.remove_all(*ids);
    removal.add(by_ids);
    if (!removal.failures.empty()) co_return call.out.all_but_deciding(removal.failures);
    call.out.result(lines_for(removal), to_json(removal));
    co_return result<void>();
}

outcome status(invocation& call, arguments) {
    auto const durable = call.state.durable_journal();
    if (!durable) co_return durable.error();
    auto const all = (*durable)->outstanding();
    if (!all) co_return all.error();
    auto const now = system_clock::now();
    call.out.result(lines_for(*all, now), to_json(*all, now));
    co_return result<void>();
}

outcome sweep(invocation& call, arguments) {
    auto const durable = call.state.durable_journal();
    if (!durable) co_return durable.error();
    auto const before = (*durable)->outstanding();
    if (!before) co_return before.error();
    auto const chosen =
        challenge::rows_to_sweep(*before, {system_clock::now(), call.set.older_than});
    if (call.set.dry_run) {
        show_what_would_go(call.out, *before, chosen);
        co_return result<void>();
    }
    auto by = call.cleaner();
    auto const removal = co_await by.remove_all(chosen, std::chrono::seconds(0));
    if (!removal.failures.empty()) co_return call.out.all_but_deciding(removal.failures);
    auto const left = (*durable)->outstanding();
    if (!left) co_return left.error();
    show_what_went(call.out, removal, *left);
    co_return result<void>();
}

} // namespace acme_dns01::cli
