#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/resource_list.hpp"
#include "cli/options/resource_options.hpp"
#include "cli/output/resource_report.hpp"

namespace acme_dns01::cli {

namespace json = boost::json;
using digitalocean::domain;

namespace {

constexpr auto see_list = "acme-dns01 domain list shows what the account has";

error with_hint(error cause) {
    if (cause.kind == error_kind::not_found && cause.hint.empty()) cause.hint = see_list;
    return cause;
}

result<dns::name> only_zone(std::string_view command, arguments const& given) {
    if (given.size() != 1) return usage_of(command);
    return zone_named(given.front());
}

// Programs get the zone files, which the table does not show.
async_result<digitalocean::page<domain>>
read_list(invocation& call, digitalocean::client& api, listing wanted) {
    if (!wanted.all) {
        auto page = co_await api.list_domains(wanted.page);
        co_return page;
    }
    auto const files =
        call.set.json ? digitalocean::zone_files::kept : digitalocean::zone_files::dropped;
    auto zones = co_await api.list_all_domains(files);
    if (!zones) co_return zones.error();
    auto const total = static_cast<std::int64_t>(zones->size());
    co_return digitalocean::page<domain>{std::move(*zones), total, true};
}

// With a zone goes everything below it.
result<void> may_delete(invocation& call, dns::name const& zone) {
    auto const itself = call.set.allow.check(zone);
    auto const below = zone.child("*");
    if (!itself || !below) return itself;
    return call.set.allow.check(*below);
}

result<void> confirm(invocation& call, dns::name const& zone) {
    if (call.set.own.contains("yes")) return {};
    auto const question = "type the domain's name to delete it with all its records: ";
    auto const answer = call.out.ask(question).value_or("");
    auto const typed = dns::name::parse(trimmed(answer));
    if (typed && *typed == zone) return {};
    auto const why =
        answer.empty() ? "nothing was typed" : "'" + printable(answer, 80) + "' is not its name";
    return error{
        .kind = error_kind::usage,
        .message = zone.text() + " was not deleted: " + why,
        .hint = "--yes deletes it without asking",
    };
}

} // namespace

outcome domain_list(invocation& call, arguments given) {
    auto const none = expect_no_arguments("domain list", given);
    if (!none) co_return none.error();
    auto const wanted = listing_in(call.set.own);
    if (!wanted) co_return wanted.error();
    auto const account = call.accounts.chosen();
    if (!account) co_return account.error();
    auto found = co_await read_list(call, (*account)->api(), *wanted);
    if (!found) co_return found.error();
    show_list(call, std::move(*found), "domains");
    co_return result<void>();
}

outcome domain_show(invocation& call, arguments given) {
    auto const zone = only_zone("domain show", given);
    if (!zone) co_return zone.error();
    auto const account = call.accounts.for_name(*zone);
    if (!account) co_return account.error();
    auto const found = co_await (*account)->api().retrieve_domain(*zone);
    if (!found) co_return with_hint(found.error());
    call.out.result(zone_file_lines(*found, call.out.width()), keyed_json(*found));
    co_return result<void>();
}

outcome domain_create(invocation& call, arguments given) {
    auto const zone = only_zone("domain create", given);
    if (!zone) co_return zone.error();
    auto const address = ip_address_in(call.set.own);
    if (!address) co_return address.error();
    auto const allowed = call.set.allow.check(*zone);
    if (!allowed) co_return allowed.error();
    auto const account = call.accounts.for_name(*zone);
    if (!account) co_return account.error();
    digitalocean::new_domain const wanted{*zone, *address};
    auto const created = co_await (*account)->api().create_domain(wanted);
    (*account)->forget_zones();
    if (!created.outcome) co_return created.outcome.error();
    if (created.was_found) call.out.warning(found_afterwards);
    auto const& made = *created.outcome;
    call.out.result(lines_for(std::vector{made}, call.out.width()), keyed_json(made));
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
            .hint = see_list,
        };
    }
    json::object const removed{{"zone", zone->text()}};
    call.out.result({zone->text() + " removed with all its records"}, removed_json(removed));
    co_return result<void>();
}

} // namespace acme_dns01::cli
