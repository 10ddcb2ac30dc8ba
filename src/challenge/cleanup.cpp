#include "challenge/cleanup.hpp"

#include "base/text.hpp"
#include "challenge/create.hpp"
#include "challenge/effective_names.hpp"
#include "challenge/side_by_side.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

std::string label(record_id const& r) { return r.zone.text() + "/" + std::to_string(r.id); }

error no_record(std::string_view text) {
    return {
        .kind = error_kind::usage,
        .message = in_quotes(text, 80) + " does not name a record",
        .hint = "write <zone>/<id>, such as example.com/28448446",
    };
}

error refused(record_id const& wanted, digitalocean::record const& found) {
    return {
        .kind = error_kind::usage,
        .message = "record " + label(wanted) + " is not removed: it is " +
                   printable(found.type, 16) + " at " + printable(found.name, 253) +
                   ", not TXT at a challenge name",
        .hint = "acme-dns01 removes challenge records only",
    };
}

error made_elsewhere(journal::entry const& row) {
    return {
        .kind = error_kind::zone_not_found,
        .message =
            "the record at " + row.fqdn.text() +
            " was created with another token, and the account of the present token has no zone " +
            row.zone.text(),
        .hint =
            "use the token of the account that has the zone, or choose that account with --account",
    };
}

auto age_of(journal::entry const& row) { return std::chrono::system_clock::now() - row.since; }

bool is_young(journal::entry const& row) { return age_of(row) < cleaner::late_limit; }

bool is_being_created_by_another(journal::entry const& row, journal::entry const& other) {
    auto const state = state_of(other.owner.process);
    auto const may_run =
        state == process_state::running || (state == process_state::elsewhere && is_young(other));
    return may_run && !other.id && other.zone == row.zone && other.fqdn == row.fqdn &&
           other.value == row.value && other.owner != row.owner;
}

error being_created(journal::entry const& row) {
    return {
        .kind = error_kind::server_error,
        .message = "the record at " + row.fqdn.text() +
                   " stays for now: another run is creating one with the same value",
        .hint = "try again when it is done",
    };
}

// Tokens are renewed, so another fingerprint may belong to the same account.
// error_kind::zone_not_found if the account of this token does not have the row's zone.
async_result<void> check_account(services::account& in, journal::entry const& row) {
    if (row.account.empty() || row.account == in.id()) co_return result<void>();
    auto const zone = co_await in.api().retrieve_domain(row.zone);
    if (zone) co_return result<void>();
    if (zone.error().kind != error_kind::not_found) co_return zone.error();
    co_return made_elsewhere(row);
}

// The full name of a TXT record in this zone; nothing for a record of another type.
std::optional<dns::name> txt_name(dns::name const& zone, digitalocean::record const& found) {
    auto const fqdn = dns::absolute_name(found.name, zone);
    return found.type == "TXT" && fqdn ? std::optional(*fqdn) : std::nullopt;
}

bool is_row_of(journal::entry const& row, dns::name const& zone, std::int64_t id) {
    return row.zone == zone && row.id == id;
}

std::string lane_of(dns::name const& fqdn, std::string const& value) {
    return fqdn.text() + " " + value;
}

using removal_of_one = std::function<async_result<cleaned>(std::size_t)>;

boost::asio::awaitable<removals>
remove_each(std::vector<std::string> lanes, removal_of_one remove) {
    auto const done = co_await side_by_side(std::move(lanes), std::move(remove));
    removals all;
    for (auto const& one : done)
        all.add(one);
    co_return all;
}

} // namespace

void cleaned::add(cleaned const& more) {
    removed.insert(removed.end(), more.removed.begin(), more.removed.end());
    already_gone.insert(already_gone.end(), more.already_gone.begin(), more.already_gone.end());
}

void removals::add(result<cleaned> const& done) {
    if (done) cleaned::add(*done);
    if (!done) failures.push_back(done.error());
}

void removals::add(removals const& more) {
    cleaned::add(more);
    failures.insert(failures.end(), more.failures.begin(), more.failures.end());
}

result<record_id> parse_record_id(std::string_view text) {
    auto const slash = text.rfind('/');
    auto const digits = slash == std::string_view::npos ? "" : text.substr(slash + 1);
    auto const id = number_in<std::int64_t>(digits);
    if (!id || *id <= 0) return no_record(text);
    auto const zone = dns::name::parse(text.substr(0, slash));
    if (!zone) return zone.error();
    if (zone->is_root()) return no_record(text);
    return record_id{*zone, *id};
}

std::vector<journal::entry> rows_to_clean(std::vector<journal::entry> const& rows, dns01 const& c) {
    std::vector<journal::entry> same_name;
    std::vector<journal::entry> same_domain;
    for (auto const& row : rows) {
        if (row.value != c.value || row.at == journal::state::planned) continue;
        if (row.fqdn == c.fqdn) same_name.push_back(row);
        if (row.domain == c.domain) same_domain.push_back(row);
    }
    return same_domain.empty() ? same_name : same_domain;
}

std::vector<journal::entry> cleaner::rows() {
    auto found = journal_.outstanding();
    if (found) return std::move(*found);
    log_.warning(found.error().text());
    return {};
}

async_result<cleaned> cleaner::remove(dns01 const& c) {
    auto const ours = rows_to_clean(rows(), c);
    if (ours.empty()) {
        auto found = co_await remove_unjournalled(c);
        co_return found;
    }
    cleaned all;
    for (auto const& row : ours) {
        auto const done = co_await remove_row(row);
        if (!done) co_return in_context(label_of(c), done.error());
        all.add(*done);
    }
    co_return all;
}

async_result<cleaned> cleaner::remove(record_id const& wanted) {
    for (auto const& row : rows()) {
        if (!is_row_of(row, wanted.zone, wanted.id)) continue;
        auto const allowed = allowed_.check(row.fqdn);
        if (!allowed) co_return allowed.error();
        auto done = co_await remove_row(row);
        co_return done;
    }
    auto const account = accounts_.for_name(wanted.zone);
    if (!account) co_return account.error();
    auto const found = co_await (*account)->api().retrieve_record(wanted.zone, wanted.id);
    if (!found && found.error().kind == error_kind::not_found) co_return cleaned{{}, {wanted}};
    if (!found) co_return found.error();
    auto const fqdn = txt_name(wanted.zone, *found);
    if (!fqdn || !is_challenge_name(*fqdn)) co_return refused(wanted, *found);
    auto const allowed = allowed_.check(*fqdn);
    if (!allowed) co_return allowed.error();
    auto done = co_await remove_at_api(**account, wanted);
    co_return done;
}

async_result<cleaned> cleaner::remove(record_id const& wanted, dns01 const& c) {
    auto const ours = rows_to_clean(rows(), c);
    for (auto const& row : ours) {
        if (!is_row_of(row, wanted.zone, wanted.id)) continue;
        auto done = co_await remove_row(row);
        co_return done;
    }
    auto where = c;
    if (ours.empty()) {
        auto effective = co_await effective_name(resolvers_, allowed_, c, log_);
        if (!effective) co_return effective.error();
        where = std::move(*effective);
    }
    auto const account = accounts_.for_name(where.fqdn);
    if (!account) co_return account.error();
    auto const found = co_await (*account)->api().retrieve_record(wanted.zone, wanted.id);
    if (!found && found.error().kind == error_kind::not_found) co_return cleaned{{}, {wanted}};
    if (!found) co_return in_context(label_of(where), found.error());
    auto const is_its_record =
        txt_name(wanted.zone, *found) == where.fqdn && found->data == where.value;
    auto removing = is_its_record ? remove_at_api(**account, wanted) : remove(where);
    auto done = co_await std::move(removing);
    co_return done;
}

async_result<cleaned> cleaner::remove(journal::entry row, std::chrono::seconds trust) {
    if (row.at == journal::state::planned) {
        auto const forgotten = journal_.forget_planned(row.key);
        if (!forgotten) co_return forgotten.error();
        co_return cleaned();
    }
    auto const domain = dns::name::parse(row.domain);
    if (!domain) co_return domain.error();
    auto const allowed = allowed_.check(*domain);
    if (!allowed) co_return allowed.error();
    auto const is_ours = co_await journal_.claim_with_others(row);
    if (!is_ours) co_return is_ours.error();
    if (!*is_ours) co_return cleaned();
    row.at = journal::state::removing;
    auto done = co_await remove_row(row, trust);
    if (!done) co_return in_context(row.domain, done.error());
    co_return done;
}

boost::asio::awaitable<removals>
cleaner::remove_all(std::vector<journal::entry> rows, std::chrono::seconds trust) {
    std::vector<std::string> lanes;
    for (auto const& row : rows)
        lanes.push_back(lane_of(row.fqdn, row.value));
    removal_of_one const one = [&](std::size_t i) { return remove(rows[i], trust); };
    auto all = co_await remove_each(std::move(lanes), one);
    co_return all;
}

boost::asio::awaitable<removals> cleaner::remove_all(std::vector<dns01> challenges) {
    std::vector<std::string> lanes;
    for (auto const& c : challenges)
        lanes.push_back(lane_of(c.fqdn, c.value));
    removal_of_one const one = [&](std::size_t i) { return remove(challenges[i]); };
    auto all = co_await remove_each(std::move(lanes), one);
    co_return all;
}

boost::asio::awaitable<removals> cleaner::remove_all(std::vector<record_id> wanted) {
    std::vector<std::string> lanes;
    for (auto const& id : wanted)
        lanes.push_back(label(id));
    removal_of_one const one = [&](std::size_t i) { return remove(wanted[i]); };
    auto all = co_await remove_each(std::move(lanes), one);
    co_return all;
}

// A record whose row is older is read: its owner may have made another one of it, and the id stays.
async_result<bool> cleaner::is_another_record(
    services::account& in, journal::entry const& row, std::chrono::seconds trust
) {
    if (age_of(row) < trust) co_return false;
    auto const found = co_await in.api().retrieve_record(row.zone, *row.id);
    if (!found && found.error().kind == error_kind::not_found) co_return false;
    if (!found) co_return found.error();
    if (is_the_record(*found, row)) co_return false;
    record_id const id{row.zone, *row.id};
    log_.warning(
        "record " + label(id) + " is not removed: it is no longer the TXT record that was created" +
        " at " + row.fqdn.text() + ", but " + printable(found->type, 16) + " at " +
        printable(found->name, 253) + " with " + printable(found->data, 80)
    );
    co_return true;
}

boost::asio::awaitable<void> cleaner::announce_removal(journal::entry const& row) {
    if (row.at == journal::state::removing) co_return;
    auto const written = co_await journal_.removing_with_others(row.key);
    log_.warn_if_failed(written);
}

boost::asio::awaitable<void> cleaner::forget(journal::entry const& row) {
    auto const written = co_await journal_.forget_with_others(row.key);
    log_.warn_if_failed(written);
}

async_result<cleaned> cleaner::remove_row(journal::entry const& row, std::chrono::seconds trust) {
    auto const account = accounts_.for_name(row.fqdn);
    if (!account) co_return account.error();
    journal_.take_up(row);
    cleaned all;
    if (row.id) {
        auto const is_changed = co_await is_another_record(**account, row, trust);
        if (!is_changed) co_return is_changed.error();
        if (*is_changed) {
            co_await forget(row);
            co_return all;
        }
        co_await announce_removal(row);
        record_id const wanted{row.zone, *row.id};
        auto const done = co_await remove_at_api(**account, wanted);
        if (!done) co_return done;
        all.add(*done);
    }
    // By name and value: a record whose id is not known, and the copies of a request without a
    // clear end.
    auto is_zone_there = !all.removed.empty();
    auto may_come_late = is_young(row) && (!row.id || row.others == journal::possible_copies::late);
    if (!row.id || row.others != journal::possible_copies::none) {
        auto const done = co_await remove_matching(**account, row.zone, row.fqdn, row.value, &row);
        if (!done && done.error().kind != error_kind::not_found) co_return done;
        if (done) all.add(*done);
        is_zone_there = is_zone_there || done;
        may_come_late = may_come_late && done && done->removed.empty();
    }
    // "Not found" proves nothing if the zone is another account's.
    if (!is_zone_there) {
        auto const checked = co_await check_account(**account, row);
        if (!checked) co_return checked.error();
    }
    if (!may_come_late) co_await forget(row);
    co_return all;
}

async_result<cleaned> cleaner::remove_unjournalled(dns01 const& c) {
    auto const where = co_await effective_name(resolvers_, allowed_, c, log_);
    if (!where) co_return where.error();
    auto const account = accounts_.for_name(where->fqdn);
    if (!account) co_return account.error();
    journal::entry record;
    static_cast<journal::intent&>(record
    ) = {.domain = c.domain, .zone = {}, .fqdn = where->fqdn, .value = c.value, .owner = {}};
    journal_.take_up(record);
    auto zone = co_await (*account)->zone_of(where->fqdn, where->public_zone);
    if (!zone) co_return in_context(label_of(*where), zone.error());
    auto done = co_await remove_matching(**account, *zone, where->fqdn, c.value);
    auto const is_zone_gone = !done && done.error().kind == error_kind::not_found;
    if (is_zone_gone) {
        auto const other =
            co_await (*account)->zone_instead_of(*zone, where->fqdn, where->public_zone);
        if (!other) co_return in_context(label_of(*where), other.error());
        auto again = co_await remove_matching(**account, *other, where->fqdn, c.value);
        done = std::move(again);
    }
    if (!done) co_return in_context(label_of(*where), done.error());
    co_return done;
}

async_result<cleaned> cleaner::remove_matching(
    services::account& in,
    dns::name const& zone,
    dns::name const& fqdn,
    std::string_view value,
    journal::entry const* known
) {
    digitalocean::record_filter const filter{fqdn, "TXT"};
    auto const found = co_await in.api().list_all_records(zone, filter);
    if (!found) co_return found.error();
    auto const journalled = rows();
    auto const is_contested = std::ranges::any_of(journalled, [&](auto const& row) {
        return known != nullptr && is_being_created_by_another(*known, row);
    });
    cleaned all;
    for (auto const& record : *found) {
        auto const has_record = [&](auto const& row) { return is_row_of(row, zone, record.id); };
        if (record.data != value || record.name != fqdn.relative_to(zone)) continue;
        if (std::ranges::any_of(journalled, has_record)) continue;
        if (is_contested) co_return being_created(*known);
        record_id const wanted{zone, record.id};
        auto const done = co_await remove_at_api(in, wanted);
        if (!done) co_return done.error();
        all.add(*done);
    }
    co_return all;
}

async_result<cleaned> cleaner::remove_at_api(services::account& in, record_id const& wanted) {
    journal::entry record;
    record.zone = wanted.zone;
    record.id = wanted.id;
    journal_.take_up(record);
    auto const outcome = co_await in.api().delete_record(wanted.zone, wanted.id);
    if (!outcome) co_return outcome.error();
    journal_.drop(wanted.zone, wanted.id);
    cleaned done;
    auto& list = *outcome == digitalocean::removal::removed ? done.removed : done.already_gone;
    list.push_back(wanted);
    co_return done;
}

} // namespace acme_dns01::challenge
