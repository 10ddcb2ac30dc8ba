#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/options.hpp"
#include "cli/output/resource_report.hpp"
#include "cli/output/sudden_end.hpp"

namespace acme_dns01::cli {

namespace json = boost::json;

namespace {

// Deleting a zone deletes everything below it.
result<void> may_delete(invocation& call, dns::name const& zone) {
    auto const itself = call.set.allow.check(zone);
    auto const below = zone.child("*");
    return itself && below ? call.set.allow.check(*below) : itself;
}

// As long as the API has not answered it may have been there before.
void would_leave_zone(invocation& call, dns::name const& zone) {
    auto const command = "acme-dns01" + call.set.same_place + " domain delete " + zone.text();
    auto const remedy = "if it was not there before, remove it with `" + command + "`";
    would_leave({zone.text()}, remedy, "zone");
}

result<void> confirm(invocation& call, dns::name const& zone) {
    if (call.set.yes) return {};
    auto const question = "type the domain's name to delete it with all its records: ";
    auto const answer = call.out.ask(question).value_or("");
    auto const typed = dns::name::parse(trimmed(answer));
    if (typed && *typed == zone) return {};
    auto const why =
        answer.empty() ? "nothing was typed" : in_quotes(answer, 80) + " is not its name";
    return usage_error(
        zone.text() + " was not deleted: " + why, "use --yes to delete it without asking"
    );
}

} // namespace

outcome domain_list(invocation& call, arguments) {
    auto const account = call.accounts.chosen();
    if (!account) co_return account.error();
    auto& api = (*account)->api();
    // The table does not show the zone files: only programs get them.
    auto const files =
        call.set.output.json ? digitalocean::zone_files::kept : digitalocean::zone_files::dropped;
    auto const& wanted = call.set.list;
    auto found =
        co_await read_list(wanted.all, api.list_all_domains(files), api.list_domains(wanted.page));
    if (!found) co_return found.error();
    show_list(call.out, std::move(*found), "domains", "domains");
    co_return result<void>();
}

outcome domain_show(invocation& call, arguments given) {
    auto const zone = only_zone("domain show", given);
    if (!zone) co_return zone.error();
    auto const account = call.accounts.for_name(*zone);
    if (!account) co_return account.error();
    auto const found = co_await (*account)->api().retrieve_domain(*zone);
    if (!found) co_return with_hint(found.error(), see_zones);
    json::object const machine{{"domain", to_json(*found)}};
    call.out.result(zone_file_lines(*found, call.out.width()), machine);
    co_return result<void>();
}

outcome domain_create(invocation& call, arguments given) {
    auto const zone = only_zone("domain create", given);
    if (!zone) co_return zone.error();
    auto const allowed = call.set.allow.check(*zone);
    if (!allowed) co_return allowed.error();
    auto const account = call.accounts.for_name(*zone);
    if (!account) co_return account.error();
    digitalocean::new_domain const wanted{*zone, call.set.ip_address};
    would_leave_zone(call, *zone);
    auto const created = co_await (*account)->api().create_domain(wanted);
    if (!created.outcome) would_leave({}, "");
    (*account)->forget_zones();
    if (!created.outcome) co_return created.outcome.error();
    if (created.was_found) call.out.warning(found_afterwards);
    json::object const machine{{"domain", to_json(*created.outcome)}};
    call.out.result(lines_for(std::vector{*created.outcome}, call.out.width()), machine);
    co_return result<void>();
}

outcome domain_delete(invocation& call, arguments given) {
    auto const zone = only_zone("domain delete", given);
    if (!zone) co_return zone.error();
    auto const allowed = may_delete(call, *zone);
    if (!allowed) co_return allowed.error();
    auto const confirmed = confirm(call, *zone);
    if (!confirmed) co_return confirmed.error();
    auto const account = call.accounts.for_name(*zone);
    if (!account) co_return account.error();
    auto const done = co_await (*account)->api().delete_domain(*zone);
    (*account)->forget_zones();
    if (!done) co_return done.error();
    if (*done == digitalocean::removal::already_gone) {
        co_return error{
            .kind = error_kind::not_found,
            .message = "there is no zone " + zone->text() + " in the account",
            .hint = see_zones,
        };
    }
    json::array const zones{json::object{{"zone", zone->text()}}};
    json::object const machine{{"removed", zones}};
    call.out.result({zone->text() + " removed with all its records"}, machine);
    co_return result<void>();
}

} // namespace acme_dns01::cli
