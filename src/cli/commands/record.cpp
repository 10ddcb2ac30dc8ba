#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/resource_report.hpp"
#include "cli/output/sudden_end.hpp"

namespace acme_dns01::cli {

namespace json = boost::json;
using challenge::record_id;
using digitalocean::record;
using digitalocean::record_fields;

namespace {

error no_record(record_id const& wanted) {
    return {
        .kind = error_kind::not_found,
        .message =
            "there is no record " + std::to_string(wanted.id) + " in zone " + wanted.zone.text(),
        .hint = "run `acme-dns01 record list " + wanted.zone.text() + "` to see its records",
    };
}

error about_record(error cause, record_id const& wanted) {
    return with_hint(std::move(cause), no_record(wanted).hint);
}

// `example.com 28448446` or `example.com/28448446`.
result<record_id> only_record(std::string_view command, arguments const& given) {
    auto const in_one = given.size() == 1 && given.front().find('/') != std::string::npos;
    if (in_one) return challenge::parse_record_id(given.front());
    if (given.size() != 2) return usage_of(command);
    return challenge::parse_record_id(given[0] + "/" + given[1]);
}

// error_kind::configuration unless `allow` covers the record of this name.
result<void> may_write(invocation& call, std::string const& name, dns::name const& zone) {
    if (!call.set.allow.is_limited()) return {};
    auto const fqdn = dns::absolute_name(name, zone);
    if (!fqdn) return fqdn.error();
    return call.set.allow.check(*fqdn);
}

async_result<record>
writable_record(invocation& call, digitalocean::client& api, record_id const& wanted) {
    auto found = co_await api.retrieve_record(wanted.zone, wanted.id);
    if (!found) co_return about_record(found.error(), wanted);
    auto const allowed = may_write(call, found->name, wanted.zone);
    if (!allowed) co_return allowed.error();
    co_return found;
}

void show(invocation& call, record const& r) {
    call.out.result(lines_for(std::vector{r}, call.out.width()), {{"domain_record", to_json(r)}});
}

// The journal does not know this record, since it is meant to stay.
void would_leave_asked_for(invocation& call, dns::name const& zone, record_fields const& wanted) {
    auto const name = wanted.name.value_or("@");
    auto const type = wanted.type.value_or("");
    auto const list = "`acme-dns01" + call.set.same_place + " record list " + zone.text() +
                      " --name=" + shell_word(name) + " --type " + type + "`";
    would_leave(
        {type + " " + name + " in zone " + zone.text()},
        "look for it with " + list + "; `acme-dns01 help record delete` says how to remove it"
    );
}

// A type alone changes nothing: it only says what the record is.
result<void> expect_change(record_fields const& fields, std::string_view command) {
    if (fields != record_fields{.type = fields.type}) return {};
    auto usage = usage_of(command);
    usage.message = "'" + std::string(command) + "' was given nothing to change";
    return usage;
}

// The checks depend on the record's type, and the API wants it as well: it is looked up unless it
// is given. What can be refused without a request is refused first.
async_result<record_fields> checked_fields(
    invocation& call, digitalocean::client& api, record_id const& wanted, record_fields fields
) {
    if (fields.type) {
        auto const sound = digitalocean::checked_change(fields, wanted.zone, "");
        if (!sound) co_return sound.error();
    }
    if (!fields.type || call.set.allow.is_limited()) {
        auto const found = co_await writable_record(call, api, wanted);
        if (!found) co_return found.error();
        if (!fields.type) fields.type = found->type;
    }
    auto checked = digitalocean::checked_change(std::move(fields), wanted.zone, "");
    if (!checked) co_return checked.error();
    auto const allowed = may_write(call, checked->name.value_or("@"), wanted.zone);
    if (checked->name && !allowed) co_return allowed.error();
    co_return checked;
}

} // namespace

// The two are checked apart, since a type such as SOA limits what else may be given.
result<digitalocean::record_filter> filter_of(record_fields const& given, dns::name const& zone) {
    constexpr auto any_type = "TXT";
    record_fields const type{.type = given.type.value_or(any_type)};
    auto const checked_type = digitalocean::checked_change(type, zone, "");
    if (!checked_type) return checked_type.error();
    auto const checked_name = digitalocean::checked_change({.name = given.name}, zone, any_type);
    if (!checked_name) return checked_name.error();
    digitalocean::record_filter filter;
    if (given.type) filter.type = *checked_type->type;
    if (!checked_name->name) return filter;
    auto const whole = dns::absolute_name(*checked_name->name, zone);
    if (!whole) return in_context("--name", whole.error());
    filter.name = *whole;
    return filter;
}

outcome record_list(invocation& call, arguments given) {
    auto const zone = only_zone("record list", given);
    if (!zone) co_return zone.error();
    auto const filter = filter_of(call.set.record, *zone);
    if (!filter) co_return filter.error();
    auto const account = call.accounts.for_name(*zone);
    if (!account) co_return account.error();
    auto& api = (*account)->api();
    auto const& wanted = call.set.list;
    auto found = co_await read_list(
        wanted.all,
        api.list_all_records(*zone, *filter),
        api.list_records(*zone, *filter, wanted.page)
    );
    if (!found) co_return with_hint(found.error(), see_zones);
    show_list(call.out, std::move(*found), "records", "domain_records");
    co_return result<void>();
}

outcome record_show(invocation& call, arguments given) {
    auto const wanted = only_record("record show", given);
    if (!wanted) co_return wanted.error();
    auto const account = call.accounts.for_name(wanted->zone);
    if (!account) co_return account.error();
    auto const found = co_await (*account)->api().retrieve_record(wanted->zone, wanted->id);
    if (!found) co_return about_record(found.error(), *wanted);
    show(call, *found);
    co_return result<void>();
}

outcome record_create(invocation& call, arguments given) {
    auto const zone = only_zone("record create", given);
    if (!zone) co_return zone.error();
    auto const checked = digitalocean::checked_new(call.set.record, *zone);
    if (!checked) co_return checked.error();
    auto const allowed = may_write(call, checked->name.value_or("@"), *zone);
    if (!allowed) co_return allowed.error();
    auto const account = call.accounts.for_name(*zone);
    if (!account) co_return account.error();
    std::function<bool(std::int64_t)> const is_taken = [](auto) { return false; };
    would_leave_asked_for(call, *zone, *checked);
    auto const made = co_await (*account)->api().create_record(*zone, *checked, is_taken);
    if (!made.outcome) {
        would_leave({}, "");
        co_return with_hint(made.outcome.error(), see_zones);
    }
    if (made.was_found) call.out.warning(found_afterwards);
    show(call, *made.outcome);
    co_return result<void>();
}

outcome record_change(invocation& call, arguments given) {
    auto const wanted = only_record(call.command, given);
    if (!wanted) co_return wanted.error();
    auto const expected = expect_change(call.set.record, call.command);
    if (!expected) co_return expected.error();
    auto const account = call.accounts.for_name(wanted->zone);
    if (!account) co_return account.error();
    auto& api = (*account)->api();
    auto const checked = co_await checked_fields(call, api, *wanted, call.set.record);
    if (!checked) co_return checked.error();
    auto const is_patch = call.command.ends_with("patch");
    auto const send =
        is_patch ? &digitalocean::client::patch_record : &digitalocean::client::update_record;
    auto const changed = co_await (api.*send)(wanted->zone, wanted->id, *checked);
    if (!changed) co_return about_record(changed.error(), *wanted);
    show(call, *changed);
    co_return result<void>();
}

outcome record_delete(invocation& call, arguments given) {
    auto const wanted = only_record("record delete", given);
    if (!wanted) co_return wanted.error();
    auto const account = call.accounts.for_name(wanted->zone);
    if (!account) co_return account.error();
    auto& api = (*account)->api();
    if (call.set.allow.is_limited()) {
        auto const found = co_await writable_record(call, api, *wanted);
        if (!found) co_return found.error();
    }
    auto const done = co_await api.delete_record(wanted->zone, wanted->id);
    if (!done) co_return done.error();
    if (*done == digitalocean::removal::already_gone) co_return no_record(*wanted);
    auto const line = wanted->zone.text() + "/" + std::to_string(wanted->id) + " removed";
    json::array const ids{json::object{{"zone", wanted->zone.text()}, {"id", wanted->id}}};
    json::object const machine{{"removed", ids}};
    call.out.result({line}, machine);
    co_return result<void>();
}

} // namespace acme_dns01::cli
