#include "challenge/present.hpp"

#include "digitalocean/failure.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

using digitalocean::awaitable_result;

namespace {

// A row of a journal that fails has key 0, which no row has: everything about it is then left out.
constexpr std::int64_t no_row = 0;

presented as_presented(journal::intent const& wanted, std::int64_t id, bool created) {
    return {
        wanted.zone, id, wanted.fqdn.relative_to(wanted.zone), wanted.fqdn, wanted.value, created};
}

bool is_leftover(journal::entry const& row, journal::intent const& wanted) {
    return row.id && row.at == journal::state::created && row.owner != wanted.owner &&
           row.domain == wanted.domain && row.zone == wanted.zone && row.fqdn == wanted.fqdn &&
           row.value == wanted.value && !is_alive(row.owner.process);
}

bool is_the_record(digitalocean::record const& r, journal::intent const& wanted) {
    return r.type == "TXT" && r.data == wanted.value &&
           r.name == wanted.fqdn.relative_to(wanted.zone);
}

} // namespace

awaitable_result<presented>
presenter::present(challenge const& c, journal::run const& owner, std::int64_t remaining) {
    auto const zone = co_await account_.zone_of(c.fqdn);
    if (!zone) co_return in_context(c.domain, zone.error());
    journal::intent wanted{c.domain, *zone, c.fqdn, c.value, owner, remaining};
    auto const adopted = co_await adopt_leftover(wanted);
    if (!adopted) co_return in_context(c.domain, adopted.error());
    if (adopted->has_value()) co_return **adopted;
    auto created = co_await create(wanted);
    if (!created && created.error().kind == error_kind::not_found) {
        account_.distrust_zones();
        auto const current = co_await account_.zone_of(c.fqdn);
        if (!current) co_return in_context(c.domain, current.error());
        wanted.zone = *current;
        auto again = co_await create(wanted);
        created = std::move(again);
    }
    if (!created) co_return in_context(c.domain, created.error());
    co_return created;
}

auto presenter::adopt_leftover(journal::intent const& wanted) -> awaitable_result<maybe_presented> {
    auto const rows = journal_.outstanding();
    if (!rows) {
        log_.warning(rows.error().text());
        co_return maybe_presented();
    }
    for (auto const& row : *rows) {
        if (!is_leftover(row, wanted)) continue;
        auto const found = co_await account_.api().retrieve_record(row.zone, *row.id);
        auto const is_gone = !found && found.error().kind == error_kind::not_found;
        if (!found && !is_gone) {
            log_.note(found.error().text() + "; creating another");
            continue;
        }
        auto const is_there = found && is_the_record(*found, wanted);
        if (is_there) {
            auto const key = journal_.intend(wanted);
            if (key) log_.warn_if_failed(journal_.created(*key, *row.id));
        }
        log_.warn_if_failed(journal_.forget(row.key));
        if (is_there) co_return as_presented(wanted, *row.id, false);
    }
    co_return maybe_presented();
}

awaitable_result<presented> presenter::create(journal::intent wanted) {
    auto const intended = journal_.intend(wanted);
    if (!intended) log_.warning(intended.error().text());
    auto const key = intended ? *intended : no_row;
    digitalocean::new_txt const txt{wanted.zone, wanted.fqdn, wanted.value, ttl_};
    auto record = co_await account_.api().create_txt(txt);
    if (!record && digitalocean::is_ambiguous(record.error())) {
        auto found = co_await look_up_after(record.error(), wanted);
        record = std::move(found);
    } else if (!record) {
        log_.warn_if_failed(journal_.forget(key));
    }
    if (!record) co_return record.error();
    log_.warn_if_failed(journal_.created(key, record->id));
    co_return as_presented(wanted, record->id, true);
}

awaitable_result<digitalocean::record>
presenter::look_up_after(error failure, journal::intent const& wanted) {
    log_.note(failure.text() + "; looking whether the record was created all the same");
    auto const found = co_await account_.api().find_records(wanted.zone, wanted.fqdn, "TXT");
    auto const rows = journal_.outstanding();
    if (!found || !rows) co_return failure;
    for (auto const& record : *found) {
        auto const known = [&](auto const& row) { return row.id == record.id; };
        if (is_the_record(record, wanted) && std::ranges::none_of(*rows, known)) co_return record;
    }
    co_return failure;
}

} // namespace acme_dns01::challenge
