#include "challenge/create.hpp"

#include "challenge/wait/zone_check.hpp"
#include "digitalocean/record.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace acme_dns01::challenge {

namespace {

journal::entry entry_of(journal::intent const& wanted, std::int64_t key, std::int64_t id) {
    journal::entry made;
    static_cast<journal::intent&>(made) = wanted;
    made.key = key;
    made.at = journal::state::created;
    made.id = id;
    return made;
}

bool is_leftover(journal::entry const& row, journal::intent const& wanted) {
    return row.id && row.at == journal::state::created && row.owner != wanted.owner &&
           row.account == wanted.account && row.domain == wanted.domain &&
           row.zone == wanted.zone && row.fqdn == wanted.fqdn && row.value == wanted.value &&
           state_of(row.owner.process) == process_state::ended;
}

digitalocean::record_fields fields_of(journal::intent const& wanted, std::int64_t ttl) {
    digitalocean::record_fields fields;
    fields.type = "TXT";
    fields.name = wanted.fqdn.relative_to(wanted.zone);
    fields.data = wanted.value;
    fields.ttl = ttl;
    return fields;
}

journal::possible_copies copies_of(digitalocean::creation const& made) {
    if (!made.may_have_copies) return journal::possible_copies::none;
    return made.may_come_late ? journal::possible_copies::late : journal::possible_copies::possible;
}

} // namespace

bool is_the_record(digitalocean::record const& r, journal::intent const& wanted) {
    auto const name = wanted.fqdn.relative_to(wanted.zone);
    return r.type == "TXT" && r.data == wanted.value && r.name == name;
}

// The remembered zones may be older than the account's newest zone.
async_result<dns::name> creator::zone_for(dns01 const& c) {
    auto const zone = co_await account_.zone_of(c.fqdn, c.public_zone);
    if (!zone) co_return zone.error();
    if (!is_in_zone_below(c, *zone)) co_return *zone;
    auto const again = co_await account_.zone_instead_of(*zone, c.fqdn, c.public_zone);
    if (!again) co_return again.error();
    if (!is_in_zone_below(c, *again)) co_return *again;
    co_return delegated_further(c.fqdn, *again, *c.public_zone);
}

async_result<journal::entry>
creator::create(dns01 const& c, journal::run const& owner, std::int64_t remaining) {
    auto const zone = co_await zone_for(c);
    if (!zone) co_return in_context(label_of(c), zone.error());
    auto const plan = c.planned.value_or(planned_row{journal::no_row, remaining});
    journal::intent wanted{c.domain, *zone, c.fqdn, c.value, owner, plan.remaining, account_.id()};
    auto const adopted = co_await adopt_leftover(wanted, plan.key);
    if (!adopted) co_return in_context(label_of(c), adopted.error());
    if (adopted->has_value()) co_return **adopted;
    auto created = co_await create_anew(wanted, plan.key);
    if (!created && created.error().kind == error_kind::not_found) {
        auto const current = co_await account_.zone_instead_of(*zone, c.fqdn, c.public_zone);
        if (!current) co_return in_context(label_of(c), current.error());
        wanted.zone = *current;
        auto again = co_await create_anew(wanted, plan.key);
        created = std::move(again);
    }
    if (!created) co_return in_context(label_of(c), created.error());
    co_return created;
}

// Read once for all challenges. A row that another process has changed since is not adopted.
std::vector<journal::entry> creator::leftovers_of(journal::intent const& wanted) {
    if (!rows_) {
        auto rows = journal_.outstanding();
        if (!rows) log_.warning(rows.error().text());
        rows_ = rows ? std::move(*rows) : std::vector<journal::entry>();
    }
    std::vector<journal::entry> found;
    std::ranges::copy_if(*rows_, std::back_inserter(found), [&](auto const& row) {
        return is_leftover(row, wanted);
    });
    return found;
}

boost::asio::awaitable<void> creator::forget(std::int64_t key) {
    auto const written = co_await journal_.forget_with_others(key);
    log_.warn_if_failed(written);
}

auto creator::adopt_leftover(journal::intent const& wanted, std::int64_t planned)
    -> async_result<maybe_entry> {
    auto const leftovers = leftovers_of(wanted);
    for (auto const& row : leftovers) {
        auto const found = co_await account_.api().retrieve_record(row.zone, *row.id);
        auto const is_gone = !found && found.error().kind == error_kind::not_found;
        if (!found && !is_gone) {
            log_.note(found.error().text() + "; creating another");
            continue;
        }
        if (is_gone || !is_the_record(*found, wanted)) {
            co_await forget(row.key);
            continue;
        }
        auto const adopted = co_await journal_.adopt_with_others(row, wanted);
        if (!adopted) log_.warning(adopted.error().text());
        auto const is_being_swept = adopted && !adopted->has_value();
        if (is_being_swept) continue;
        log_.warn_if_failed(journal_.forget_planned(planned));
        auto entry = entry_of(wanted, adopted ? **adopted : journal::no_row, *row.id);
        entry.is_adopted = true;
        co_return entry;
    }
    co_return maybe_entry();
}

async_result<journal::entry> creator::create_anew(journal::intent wanted, std::int64_t planned) {
    auto const intended = co_await journal_.intend_with_others(wanted);
    if (!intended) log_.warning(intended.error().text());
    log_.warn_if_failed(journal_.forget_planned(planned));
    auto const key = intended ? *intended : journal::no_row;
    auto const fields = fields_of(wanted, ttl_);
    // Without a readable journal no record is known: two records are better than one that two
    // challenges share.
    std::function<bool(std::int64_t)> const known = [&](auto id) {
        auto const rows = journal_.outstanding();
        return rows && std::ranges::any_of(*rows, [&](auto const& row) {
                   return row.zone == wanted.zone && row.id == id;
               });
    };
    auto const made = co_await account_.api().create_record(wanted.zone, fields, known);
    if (!made.outcome) {
        if (!made.may_have_copies) co_await forget(key);
        co_return made.outcome.error();
    }
    auto const written =
        co_await journal_.created_with_others(key, made.outcome->id, copies_of(made));
    log_.warn_if_failed(written);
    co_return entry_of(wanted, key, made.outcome->id);
}

} // namespace acme_dns01::challenge
