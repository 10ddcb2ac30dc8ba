#include "base/text.hpp"
#include "caa/change.hpp"
#include "challenge/undo.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/caa_report.hpp"
#include "cli/output/sudden_end.hpp"

#include <algorithm>
#include <iterator>

namespace acme_dns01::cli {

namespace {

using digitalocean::record_fields;

// The journal does not know this record: it holds those of challenges alone.
void warn_of_twins(invocation& call, dns::name const& zone, caa::property const& p) {
    call.out.warning(
        "zone " + zone.text() + " may hold one more record CAA " + caa::to_string(p) +
        " than shown here, because the API did not report the result of a request: "
        "`acme-dns01 record list " +
        zone.text() + " --type CAA` shows it"
    );
}

// These, and one that has been asked for unless `all` are made.
void would_leave_caa(
    invocation& call, dns::name const& zone, std::vector<std::int64_t> const& made, std::size_t all
) {
    auto const command = "`acme-dns01" + call.set.same_place + " record ";
    std::vector<std::string> labels;
    std::vector<std::string> remedies;
    for (auto const id : made) {
        labels.push_back(zone.text() + "/" + std::to_string(id));
        remedies.push_back(command + "delete " + zone.text() + " " + std::to_string(id) + "`");
    }
    auto const shown = command + "list " + zone.text() + " --type CAA`";
    if (made.size() < all) {
        labels.push_back("CAA in zone " + zone.text());
        remedies.push_back("look for the one that was asked for with " + shown);
    }
    would_leave(labels, "to undo the change: " + joined(remedies, ", "));
}

// All of them are checked before the first is sent.
result<std::vector<record_fields>> fields_for(caa::change const& c, dns::name const& zone) {
    std::vector<record_fields> all;
    for (auto const& p : c.added) {
        record_fields const fields{
            .type = "CAA",
            .name = c.at.relative_to(zone),
            .data = p.value,
            .flags = p.flags,
            .tag = p.tag};
        auto checked = digitalocean::checked_new(fields, zone);
        if (!checked) return in_context("CAA " + caa::to_string(p), checked.error());
        all.push_back(std::move(*checked));
    }
    return all;
}

async_result<std::vector<std::int64_t>>
create_all(invocation& call, digitalocean::client& api, dns::name zone, caa::change wanted) {
    auto const all = fields_for(wanted, zone);
    if (!all) co_return all.error();
    std::vector<std::int64_t> made;
    for (std::size_t i = 0; i < all->size(); ++i) {
        auto const is_ours = [&made](std::int64_t id) { return std::ranges::count(made, id) > 0; };
        would_leave_caa(call, zone, made, all->size());
        auto const created = co_await api.create_record(zone, (*all)[i], is_ours);
        if (created.may_have_copies) warn_of_twins(call, zone, wanted.added[i]);
        if (!created.outcome) {
            // Half a set may forbid what the whole one permits.
            co_await challenge::undo_ids(api, zone, made, call.notes);
            would_leave({}, "");
            co_return created.outcome.error();
        }
        made.push_back(created.outcome->id);
    }
    would_leave_caa(call, zone, made, all->size());
    co_return made;
}

// A name and the DNS wildcards that may answer for it, the closest first.
std::vector<dns::name> owners_of(dns::name const& at, dns::name const& zone) {
    std::vector<dns::name> owners{at};
    for (auto level = at; level != zone; level = level.parent()) {
        auto wildcard = level.parent().child("*");
        if (wildcard) owners.push_back(std::move(*wildcard));
    }
    return owners;
}

// The same change at the name where its records really stand: where a DNS wildcard has answered for
// the domain (RFC 4592), at the wildcard, since a record at the domain would hide all that the
// wildcard gives it.
async_result<caa::change> where_it_stands(invocation& call, dns::name zone, caa::change wanted) {
    if (wanted.kept.empty() || wanted.added.empty()) co_return wanted;
    auto const account = call.accounts.for_name(wanted.at);
    if (!account) co_return account.error();
    for (auto const& owner : owners_of(wanted.at, zone)) {
        digitalocean::record_filter const caa_there{owner, "CAA"};
        auto const records = co_await (*account)->api().list_all_records(zone, caa_there);
        if (!records) co_return records.error();
        if (records->empty()) continue;
        wanted.at = owner;
        break;
    }
    co_return wanted;
}

// The verdict is left out where nothing was decided anew.
void report(
    invocation& call,
    dns::name const& zone,
    caa::change const& c,
    caa::checked const* verdict,
    std::string_view last_line = {}
) {
    auto machine = to_json(c);
    machine["zone"] = zone.text();
    machine["applied"] = call.set.yes && !c.added.empty();
    auto lines = lines_for(c);
    if (verdict != nullptr) {
        machine["verdict"] = to_json(*verdict);
        std::ranges::move(lines_for(*verdict), std::back_inserter(lines));
    }
    if (!last_line.empty()) lines.emplace_back(last_line);
    call.out.result(lines, machine);
}

// Creates the records, waits until every authoritative server serves them, and decides anew by a
// resolver that remembers nothing.
outcome apply(invocation& call, dns::name zone, caa::change wanted, caa::request asked) {
    auto const account = call.accounts.for_name(wanted.at);
    if (!account) co_return account.error();
    auto const made = co_await create_all(call, (*account)->api(), zone, wanted);
    if (!made) co_return made.error();
    challenge::targets targets;
    for (auto const& p : wanted.added)
        targets.push_back({zone, wanted.at, caa::to_string(p), dns::record_type::caa});
    auto const served = co_await wait_for(call, targets);
    if (!served) co_return served.error();
    call.resolvers.forget_validated();
    std::vector const one{std::move(asked)};
    auto const now = co_await caa::decide_all(call.resolvers, one, call.notes);
    if (!now) co_return now.error();
    report(call, zone, wanted, &now->front());
    co_return outcome_of(*now);
}

} // namespace

outcome caa_allow(invocation& call, arguments given) {
    if (given.size() != 1) co_return usage_of("caa allow");
    auto requests = co_await caa_requests(call, given);
    if (!requests) co_return requests.error();
    auto& asked = requests->front();
    auto const& set = call.set.caa;
    asked.wildcard = asked.wildcard || set.wildcard_only;
    auto const token = call.accounts.check_token();
    if (!token) co_return token.error();
    auto const account = call.accounts.for_name(asked.domain);
    if (!account) co_return account.error();
    auto const zone = co_await (*account)->zone_of(asked.domain);
    if (!zone) co_return in_context(asked.domain.text(), zone.error());
    auto const now = co_await caa::decide_all(call.resolvers, *requests, call.notes);
    if (!now) co_return now.error();
    call.warn_of_resolver();
    caa::restrictions const narrow{
        set.account_uri.has_value(), set.method.has_value(), set.wildcard_only};
    auto const change = caa::change_for(asked, narrow, now->front().climb, *zone);
    if (!change) co_return change.error();
    auto const wanted = co_await where_it_stands(call, *zone, *change);
    if (!wanted) co_return wanted.error();
    auto const allowed = call.set.allow.check(wanted->at);
    if (!allowed) co_return allowed.error();
    if (wanted->added.empty()) {
        caa::change const none{asked.domain, {}, {}};
        report(call, *zone, none, &now->front(), "nothing to change");
        co_return result<void>();
    }
    if (!call.set.yes) {
        report(call, *zone, *wanted, nullptr, "nothing was changed: --yes applies this");
        co_return result<void>();
    }
    auto done = co_await apply(call, *zone, *wanted, asked);
    co_return done;
}

} // namespace acme_dns01::cli
