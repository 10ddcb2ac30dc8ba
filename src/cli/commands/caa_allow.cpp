#include "cli/commands/caa_allow.hpp"

#include "base/text.hpp"
#include "challenge/undo.hpp"
#include "cli/commands/wait_for.hpp"

#include <algorithm>

namespace acme_dns01::cli {

namespace {

using digitalocean::record_fields;
using made_records = std::vector<std::int64_t>;

result<record_fields>
fields_of(caa::property const& p, caa::change const& c, dns::name const& zone) {
    record_fields fields;
    fields.type = "CAA";
    fields.name = c.at.relative_to(zone);
    fields.data = p.value;
    fields.flags = p.flags;
    fields.tag = p.tag;
    return digitalocean::checked_new(fields, zone);
}

// Nobody else would look for it: the journal holds what challenges need.
void warn_of_twins(invocation& call, dns::name const& zone, caa::property const& p) {
    call.out.warning(
        "zone " + zone.text() + " may hold one more record CAA " + caa::to_string(p) +
        " than shown here, because the API did not report the result of a request: `acme-dns01 "
        "record list " +
        zone.text() + " --type CAA` shows it"
    );
}

// All of them are looked at before the first is sent.
result<std::vector<record_fields>> fields_for(caa::change const& c, dns::name const& zone) {
    std::vector<record_fields> all;
    for (auto const& p : c.added) {
        auto fields = fields_of(p, c, zone);
        if (!fields) return in_context("CAA " + caa::to_string(p), fields.error());
        all.push_back(std::move(*fields));
    }
    return all;
}

async_result<made_records>
create_all(invocation& call, digitalocean::client& api, dns::name zone, caa::change wanted) {
    auto const all = fields_for(wanted, zone);
    if (!all) co_return all.error();
    made_records made;
    for (std::size_t i = 0; i < all->size(); ++i) {
        auto const is_ours = [&made](std::int64_t id) { return std::ranges::count(made, id) > 0; };
        auto const created = co_await api.create_record(zone, (*all)[i], is_ours);
        if (created.may_have_copies) warn_of_twins(call, zone, wanted.added[i]);
        if (!created.outcome) {
            // Half a set may forbid what the whole one permits.
            co_await challenge::undo_ids(api, zone, made, call.notes);
            co_return created.outcome.error();
        }
        made.push_back(created.outcome->id);
    }
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

challenge::targets targets_of(caa::change const& c, dns::name const& zone) {
    challenge::targets targets;
    for (auto const& p : c.added)
        targets.push_back({zone, c.at, caa::to_string(p), dns::record_type::caa});
    return targets;
}

} // namespace

result<caa::request>
request_to_allow(invocation const& call, caa_subject const& subject, std::string const& domain) {
    auto const requests = requests_for(subject, {domain});
    if (!requests) return requests.error();
    auto request = requests->front();
    if (call.set.caa.wildcard_only) request.wildcard = true;
    return request;
}

caa::restrictions restrictions_of(invocation const& call) {
    auto const& given = call.set.caa;
    caa::restrictions wanted;
    wanted.account = given.account_uri.has_value();
    wanted.method = given.method.has_value();
    wanted.wildcard_only = given.wildcard_only;
    return wanted;
}

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

async_result<void> apply(invocation& call, dns::name zone, caa::change wanted) {
    auto const account = call.accounts.for_name(wanted.at);
    if (!account) co_return account.error();
    auto const made = co_await create_all(call, (*account)->api(), zone, wanted);
    if (!made) co_return made.error();
    auto const served = co_await wait_for(call, targets_of(wanted, zone));
    if (!served) co_return served.error();
    co_return result<void>();
}

async_result<caa::checked> verdict_after(invocation& call, caa::request asked) {
    call.resolvers.forget_validated();
    std::vector const one{std::move(asked)};
    auto all = co_await caa::decide_all(call.resolvers, one, call.notes);
    if (!all) co_return all.error();
    co_return std::move(all->front());
}

} // namespace acme_dns01::cli
