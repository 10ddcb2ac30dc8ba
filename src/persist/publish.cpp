#include "persist/publish.hpp"

#include "process/process.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <utility>

namespace acme_dns01::persist {

namespace {

// A request to create a record cannot arrive any later: the default deadline and a minute.
constexpr std::chrono::seconds late_limit{360};

using digitalocean::record_fields;

std::string where(dns::name const& zone, std::int64_t id) {
    return "record " + zone.text() + "/" + std::to_string(id);
}

bool is_young(journal::entry const& row) {
    return std::chrono::system_clock::now() - row.since < late_limit;
}

// Another run; this process is at one name only once.
bool may_run(journal::entry const& row) {
    if (row.owner.process == this_process()) return false;
    auto const state = state_of(row.owner.process);
    return state == process_state::running || (state == process_state::elsewhere && is_young(row));
}

// A row without a value is that of a removal.
bool may_come_late(journal::entry const& row) {
    return !row.value.empty() && is_young(row) &&
           (!row.id || row.others == journal::possible_copies::late);
}

bool is_of_wish(record const& r, wish const& w) {
    return std::ranges::count(w.issuers, r.issuer) > 0 &&
           std::ranges::count(w.account_uris, r.account_uri) > 0;
}

record_fields fields_of(dns::name const& zone, change const& c, std::optional<std::int64_t> ttl) {
    record_fields fields;
    fields.type = "TXT";
    fields.name = c.fqdn.relative_to(zone);
    fields.data = c.value;
    fields.ttl = ttl;
    return fields;
}

journal::possible_copies copies_of(digitalocean::creation const& made) {
    using enum journal::possible_copies;
    if (!made.may_have_copies) return none;
    return made.may_come_late ? late : possible;
}

error at_work(dns::name const& fqdn) {
    return {
        .kind = error_kind::server_error,
        .message = "another run is changing the records at " + fqdn.text(),
        .hint = "try again when it is done",
    };
}

} // namespace

change change_for(
    wish const& w,
    dns::name const& zone,
    dns::name const& fqdn,
    std::vector<digitalocean::record> const& there
) {
    change c{zone, fqdn, w.wanted ? to_text(*w.wanted) : ""};
    for (auto const& r : there) {
        if (r.type != "TXT" || r.name != fqdn.relative_to(zone)) continue;
        auto const read = parse_record(r.data);
        if (!is_of_wish(read, w)) {
            c.kept.push_back(r);
        } else if (!c.id && read == w.wanted) {
            c.id = r.id;
            c.value = r.data;
        } else {
            c.replaced.push_back(r);
        }
    }
    return c;
}

async_result<void> publisher::list_in(place& at) {
    digitalocean::record_filter const filter{at.fqdn, "TXT"};
    auto found = co_await at.account->api().list_all_records(at.zone, filter);
    if (!found) co_return found.error();
    at.records = std::move(*found);
    co_return result<void>();
}

// The zone that was remembered may be gone.
async_result<void> publisher::list(place& at) {
    auto listed = co_await list_in(at);
    if (listed || listed.error().kind != error_kind::not_found) co_return listed;
    auto const zone = co_await at.account->zone_instead_of(at.zone, at.fqdn);
    if (!zone) co_return zone.error();
    at.zone = *zone;
    auto again = co_await list_in(at);
    co_return again;
}

auto publisher::find(wish const& w) -> async_result<place> {
    auto fqdn = record_name(w.domain);
    if (!fqdn) co_return fqdn.error();
    auto const account = accounts_.for_name(w.domain);
    if (!account) co_return account.error();
    auto const zone = co_await (*account)->zone_of(*fqdn);
    if (!zone) co_return in_context(w.domain.text(), zone.error());
    co_return place{*account, *zone, std::move(*fqdn)};
}

async_result<change> publisher::look(wish w) {
    auto at = co_await find(w);
    if (!at) co_return at.error();
    auto const listed = co_await list(*at);
    if (!listed) co_return in_context(w.domain.text(), listed.error());
    co_return change_for(w, at->zone, at->fqdn, at->records);
}

// Rows of runs that have ended are no hindrance: what they created is listed.
result<void> publisher::give_way(dns::name const& fqdn, std::int64_t key) {
    auto const rows = journal_.standing();
    log_.warn_if_failed(rows ? result<void>() : rows.error());
    auto const is_before_us = [&](auto const& row) {
        return row.fqdn == fqdn && row.key < key && may_run(row);
    };
    if (!rows || std::ranges::none_of(*rows, is_before_us)) return {};
    return at_work(fqdn);
}

boost::asio::awaitable<void> publisher::forget(std::int64_t key) {
    auto const written = co_await journal_.forget_with_others(key);
    log_.warn_if_failed(written);
}

// The records that earlier runs have created were listed. A row is kept only while its request may
// still arrive.
boost::asio::awaitable<void> publisher::settle(place const& at, std::int64_t key) {
    auto const rows = journal_.standing();
    if (!rows) co_return;
    for (auto const& row : *rows) {
        auto const is_ours = row.key == key;
        if (row.fqdn != at.fqdn || (!is_ours && may_run(row))) continue;
        auto const has_come = !row.id && std::ranges::any_of(at.records, [&](auto const& r) {
            return r.data == row.value;
        });
        if (has_come || !may_come_late(row)) {
            co_await forget(row.key);
        } else if (!is_ours) {
            log_.warning(
                "a record that an earlier run asked for may still appear at " + at.fqdn.text() +
                ": run this command again in " + std::to_string(late_limit.count() / 60) +
                " minutes"
            );
        }
    }
}

async_result<published> publisher::publish(wish w) {
    auto found = co_await find(w);
    if (!found) co_return found.error();
    auto& at = *found;
    auto const value = w.wanted ? to_text(*w.wanted) : "";
    journal::run const owner{std::string(journal::standing_client), this_process(), ""};
    journal::intent const row{w.domain.text(), at.zone, at.fqdn, value, owner, 0, at.account->id()};
    auto const intended = co_await journal_.intend_with_others(row);
    if (!intended) log_.warning(intended.error().text());
    auto const key = intended ? *intended : journal::no_row;
    auto done = co_await publish_at(std::move(at), w, key);
    if (!done) co_return in_context(w.domain.text(), done.error());
    co_return done;
}

async_result<published> publisher::publish_at(place at, wish const& w, std::int64_t key) {
    auto ready = give_way(at.fqdn, key);
    if (ready) {
        auto listed = co_await list(at);
        ready = std::move(listed);
    }
    if (!ready) {
        co_await forget(key);
        co_return ready.error();
    }
    published p{change_for(w, at.zone, at.fqdn, at.records)};
    if (w.wanted && !p.done.id) {
        auto made = co_await create(at, std::move(p.done), key);
        if (!made) co_return made.error();
        p = std::move(*made);
    } else {
        co_await forget(key);
    }
    auto done = co_await remove_replaced(at, std::move(p));
    if (done) co_await settle(at, key);
    co_return done;
}

async_result<published> publisher::create(place& at, change c, std::int64_t key) {
    std::function<bool(std::int64_t)> const is_taken = [&](std::int64_t id) {
        return std::ranges::count(at.records, id, &digitalocean::record::id) > 0;
    };
    auto const fields = fields_of(at.zone, c, ttl_);
    auto const made = co_await at.account->api().create_record(at.zone, fields, is_taken);
    if (!made.outcome) {
        if (!made.may_have_copies) co_await forget(key);
        co_return made.outcome.error();
    }
    c.id = made.outcome->id;
    auto const written = co_await journal_.created_with_others(key, *c.id, copies_of(made));
    log_.warn_if_failed(written);
    published p{std::move(c)};
    p.is_created = true;
    if (!made.may_have_copies) co_return p;
    // It may be there twice: one of them goes.
    auto const listed = co_await list_in(at);
    log_.warn_if_failed(listed);
    if (!listed) co_return p;
    std::ranges::copy_if(at.records, std::back_inserter(p.copies), [&](auto const& r) {
        return r.data == p.done.value && r.id != *p.done.id &&
               std::ranges::count(p.done.replaced, r.id, &digitalocean::record::id) == 0;
    });
    co_return p;
}

async_result<published> publisher::remove_replaced(place const& at, published p) {
    auto all = p.done.replaced;
    all.insert(all.end(), p.copies.begin(), p.copies.end());
    for (auto const& r : all) {
        auto const gone = co_await at.account->api().delete_record(at.zone, r.id);
        if (!gone && p.done.id) {
            auto const made = where(at.zone, *p.done.id) + " is there, but another that it makes "
                                                           "superfluous could not be removed";
            co_return in_context(made, gone.error());
        }
        if (!gone) co_return gone.error();
        auto& list = *gone == digitalocean::removal::removed ? p.removed : p.already_gone;
        list.push_back(r.id);
    }
    co_return p;
}

} // namespace acme_dns01::persist
