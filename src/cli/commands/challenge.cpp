#include "challenge/order.hpp"
#include "challenge/sweep.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/challenge_report.hpp"
#include "cli/placement.hpp"
#include "cli/sweep.hpp"
#include "cli/wait_for.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace acme_dns01::cli {

namespace json = boost::json;

namespace {

using challenges = std::vector<challenge::dns01>;

// The pairs, each once: the same challenge twice is one record.
result<challenges> pairs_in(session const& s, std::string_view name, arguments const& given) {
    if (given.size() % 2 != 0) return usage_of(name);
    challenges pairs;
    for (std::size_t i = 0; i < given.size(); i += 2) {
        auto pair = challenge::make_challenge(given[i], given[i + 1]);
        if (!pair) return pair.error();
        auto const allowed = s.may_touch(*pair);
        if (!allowed) return allowed.error();
        if (std::ranges::count(pairs, *pair) == 0) pairs.push_back(std::move(*pair));
    }
    return pairs;
}

// A `present` below `run` belongs to that; from the command line it is a run of its own, over when
// it ends.
journal::run own_run(session const& s) {
    auto const runner = parse_process_id(s.env().get(run_variable).value_or(""));
    if (runner && is_alive(*runner)) return {challenge::by_run, *runner, ""};
    return {challenge::by_hand, this_process(), ""};
}

std::vector<challenge::target> targets_of(std::vector<challenge::presented> const& records) {
    std::vector<challenge::target> targets;
    for (auto const& r : records)
        targets.push_back({r.zone, r.fqdn, r.value});
    return targets;
}

// Where the journal knows the zone, the API need not be asked.
std::optional<challenge::target>
known_target(std::vector<journal::entry> const& rows, challenge::dns01 const& c) {
    for (auto const& row : rows) {
        auto const is_meant = row.domain == c.domain || row.fqdn == c.fqdn;
        if (is_meant && row.value == c.value) return challenge::target_of(row);
    }
    return std::nullopt;
}

async_result<challenge::target> target_for(session& s, challenge::dns01 c) {
    auto const where = co_await placed_unless_known(s, c);
    if (!where) co_return where.error();
    auto const account = s.account_for(where->fqdn);
    if (!account) co_return account.error();
    auto const zone = co_await (*account)->zone_of(*where);
    if (!zone) co_return in_context(label_of(*where), zone.error());
    co_return challenge::target{*zone, where->fqdn, c.value};
}

result<std::vector<challenge::target>> outstanding_targets(session& s) {
    auto const durable = s.durable_journal();
    if (!durable) return durable.error();
    auto const rows = (*durable)->outstanding();
    if (!rows) return rows.error();
    std::vector<challenge::target> targets;
    for (auto const& row : *rows) {
        if (row.at == journal::state::created) targets.push_back(challenge::target_of(row));
    }
    return targets;
}

async_result<std::vector<challenge::target>> targets_for(session& s, challenges pairs) {
    if (pairs.empty()) co_return outstanding_targets(s);
    auto const rows = s.the_journal().outstanding();
    if (!rows) co_return rows.error();
    std::vector<challenge::target> targets;
    for (auto const& pair : pairs) {
        auto const known = known_target(*rows, pair);
        if (known) {
            targets.push_back(*known);
            continue;
        }
        auto target = co_await target_for(s, pair);
        if (!target) co_return target.error();
        targets.push_back(std::move(*target));
    }
    co_return targets;
}

async_result<challenge::cleaned> remove_by_id(session& s, challenge::record_id id) {
    auto const account = s.account_for(id.zone);
    if (!account) co_return account.error();
    challenge::cleaner cleaner(**account, s.the_journal(), s.set().allow, s.notes());
    auto done = co_await cleaner.remove(id);
    co_return done;
}

// `--id a.example/1 b.example/2`: neither a domain nor a value has a '/'.
void move_ids(arguments& given, std::vector<std::string>& ids) {
    auto const is_id = [](auto const& text) { return text.find('/') != std::string::npos; };
    std::ranges::copy_if(given, std::back_inserter(ids), is_id);
    std::erase_if(given, is_id);
}

result<std::vector<challenge::record_id>> ids_in(std::vector<std::string> const& texts) {
    std::vector<challenge::record_id> ids;
    for (auto const& text : texts) {
        auto id = challenge::parse_record_id(text);
        if (!id) return id.error();
        ids.push_back(std::move(*id));
    }
    return ids;
}

} // namespace

outcome present(session& s, arguments given) {
    auto const named = pairs_in(s, "present", given);
    if (!named) co_return named.error();
    if (named->empty()) co_return usage_of("present");
    auto const token = s.check_token();
    if (!token) co_return token.error();
    auto const pairs = co_await placed(s, *named);
    if (!pairs) co_return pairs.error();
    std::vector<challenge::presented> records;
    std::vector<std::string> lines;
    for (auto const& pair : *pairs) {
        auto const account = s.account_for(pair.fqdn);
        if (!account) co_return account.error();
        challenge::presenter presenter(**account, s.the_journal(), s.notes(), s.set().ttl);
        auto const record = co_await presenter.present(pair, own_run(s), 0);
        if (!record) co_return record.error();
        records.push_back(*record);
        lines.push_back(line_for(*record));
    }
    json::object machine{{"records", to_json(records)}, {"propagation", nullptr}};
    if (!s.set().no_wait) {
        auto const report = co_await wait_for(s, targets_of(records));
        if (!report) co_return report.error();
        lines.push_back(line_for(*report));
        machine["propagation"] = to_json(*report);
    }
    s.out().result(lines, machine);
    co_return result<void>();
}

outcome wait(session& s, arguments given) {
    auto const pairs = pairs_in(s, "wait", given);
    if (!pairs) co_return pairs.error();
    auto targets = co_await targets_for(s, *pairs);
    if (!targets) co_return targets.error();
    auto const nothing = targets->empty();
    auto const report = co_await wait_for(s, std::move(*targets));
    if (!report) co_return report.error();
    auto const line = nothing ? "nothing to wait for" : line_for(*report);
    json::object const machine{{"propagation", to_json(*report)}};
    s.out().result({line}, machine);
    co_return result<void>();
}

outcome cleanup(session& s, arguments given) {
    auto texts = s.set().ids;
    if (!texts.empty()) move_ids(given, texts);
    auto const pairs = pairs_in(s, "cleanup", given);
    if (!pairs) co_return pairs.error();
    auto const ids = ids_in(texts);
    if (!ids) co_return ids.error();
    if (pairs->empty() && ids->empty()) co_return usage_of("cleanup");
    removal_of_several removal;
    for (auto const& pair : *pairs) {
        auto const done = co_await remove_placed(s, pair);
        removal.add(done);
    }
    for (auto const& id : *ids) {
        auto const done = co_await remove_by_id(s, id);
        removal.add(done);
    }
    if (removal.failure) co_return *removal.failure;
    s.out().result(lines_for(removal.all), to_json(removal.all));
    co_return result<void>();
}

outcome status(session& s, arguments given) {
    auto const none = expect_no_arguments("status", given);
    if (!none) co_return none.error();
    auto const durable = s.durable_journal();
    if (!durable) co_return durable.error();
    auto const rows = (*durable)->outstanding();
    if (!rows) co_return rows.error();
    auto const now = std::chrono::system_clock::now();
    s.out().result(lines_for(*rows, now), to_json(*rows, now));
    co_return result<void>();
}

} // namespace acme_dns01::cli
