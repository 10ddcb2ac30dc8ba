#include "digitalocean/client.hpp"

#include "base/text.hpp"
#include "digitalocean/json.hpp"

#include <utility>

namespace acme_dns01::digitalocean {

namespace {

// Sums up pages, each one asked for by `next`.
template <class T>
class collection {
public:
    // True once everything is there.
    bool add(page<T> more) {
        for (auto& item : more.items)
            items_.push_back(std::move(item));
        return more.is_last;
    }
    std::string progress(std::string const& doing, std::int64_t total) const {
        return doing + ": " + std::to_string(items_.size()) + " of " + std::to_string(total);
    }
    std::vector<T> take() { return std::move(items_); }

private:
    std::vector<T> items_;
};

void drop_zone_files(std::vector<domain>& zones) {
    for (auto& zone : zones)
        zone.zone_file.reset();
}

error endless(std::string const& doing) {
    return in_context(doing, bad_answer("the list does not end"));
}

} // namespace

template <class T, class Read>
async_result<T> client::read(operation const& op, Read how) {
    auto answer = co_await requester_.send(op);
    if (!answer) co_return answer.error();
    auto found = how(std::move(*answer));
    if (!found) co_return in_context(op.doing, found.error());
    co_return std::move(*found);
}

async_result<page<domain>> client::list_domains(page_request wanted) {
    auto const op = listing_domains(wanted);
    auto found = co_await read<page<domain>>(op, domains_in);
    co_return found;
}

async_result<std::vector<domain>> client::list_all_domains(zone_files wanted) {
    collection<domain> all;
    for (unsigned number = 1; number <= pages_max; ++number) {
        page_request const next{number, per_page_max};
        auto found = co_await list_domains(next);
        if (!found) co_return found.error();
        if (wanted == zone_files::dropped) drop_zone_files(found->items);
        auto const total = found->total;
        if (all.add(std::move(*found))) co_return all.take();
        requester_.tell(all.progress("listing the zones", total));
    }
    co_return endless("listing the zones");
}

boost::asio::awaitable<domain_creation> client::create_domain(new_domain const& wanted) {
    auto const op = creating_domain(wanted);
    for (unsigned number = 1;; ++number) {
        auto outcome = co_await read<domain>(op, domain_in);
        domain_creation made{std::move(outcome), false};
        if (made.outcome || !is_ambiguous(made.outcome.error().kind)) co_return made;
        auto const in_time = co_await requester_.pause_after(number, made.outcome.error());
        if (!in_time) co_return made;
        auto found = co_await retrieve_domain(wanted.name);
        if (found) co_return domain_creation{std::move(found), true};
        if (found.error().kind != error_kind::not_found) co_return made;
    }
}

async_result<domain> client::retrieve_domain(dns::name const& zone) {
    auto const op = retrieving_domain(zone);
    auto found = co_await read<domain>(op, domain_in);
    co_return found;
}

async_result<removal> client::delete_domain(dns::name const& zone) {
    auto const op = deleting_domain(zone);
    auto done = co_await remove(op);
    co_return done;
}

async_result<page<record>>
client::list_records(dns::name const& zone, record_filter const& filter, page_request wanted) {
    auto const op = listing_records(zone, filter, wanted);
    auto found = co_await read<page<record>>(op, records_in);
    co_return found;
}

async_result<std::vector<record>>
client::list_all_records(dns::name const& zone, record_filter const& filter) {
    collection<record> all;
    auto const doing = listing_records(zone, filter, {}).doing;
    for (unsigned number = 1; number <= pages_max; ++number) {
        page_request const wanted{number, per_page_max};
        auto found = co_await list_records(zone, filter, wanted);
        if (!found) co_return found.error();
        auto const total = found->total;
        if (all.add(std::move(*found))) co_return all.take();
        requester_.tell(all.progress(doing, total));
    }
    co_return endless(doing);
}

async_result<std::optional<record>> client::find_like(
    dns::name const& zone,
    record_fields const& fields,
    std::function<bool(std::int64_t)> const& is_taken
) {
    record_filter filter;
    auto const name = dns::absolute_name(fields.name.value_or("@"), zone);
    if (name) filter.name = *name;
    filter.type = fields.type.value_or("");
    auto found = co_await list_all_records(zone, filter);
    if (!found) co_return found.error();
    for (auto& r : *found) {
        if (is_made_of(r, fields) && !is_taken(r.id)) co_return std::optional(std::move(r));
    }
    co_return std::optional<record>();
}

boost::asio::awaitable<creation> client::create_record(
    dns::name const& zone, record_fields const& fields, std::function<bool(std::int64_t)> is_taken
) {
    auto const op = creating_record(zone, fields);
    auto may_come_late = false;
    for (unsigned number = 1;; ++number) {
        auto outcome = co_await read<record>(op, record_in);
        creation made{std::move(outcome), number > 1, may_come_late};
        if (made.outcome || !is_ambiguous(made.outcome.error().kind)) co_return made;
        made.may_have_twins = true;
        may_come_late = may_come_late || made.outcome.error().kind == error_kind::too_slow;
        made.may_come_late = may_come_late;
        auto const in_time = co_await requester_.pause_after(number, made.outcome.error());
        if (!in_time) co_return made;
        auto found = co_await find_like(zone, fields, is_taken);
        if (!found) co_return made;
        if (*found) co_return creation{std::move(**found), number > 1, may_come_late, true};
    }
}

async_result<record> client::retrieve_record(dns::name const& zone, std::int64_t id) {
    auto const op = retrieving_record(zone, id);
    auto found = co_await read<record>(op, record_in);
    co_return found;
}

async_result<record>
client::update_record(dns::name const& zone, std::int64_t id, record_fields const& fields) {
    auto const op = updating_record(zone, id, fields);
    auto changed = co_await read<record>(op, record_in);
    co_return changed;
}

async_result<record>
client::patch_record(dns::name const& zone, std::int64_t id, record_fields const& fields) {
    auto const op = patching_record(zone, id, fields);
    auto changed = co_await read<record>(op, record_in);
    co_return changed;
}

async_result<removal> client::remove(operation const& op) {
    auto const answer = co_await requester_.send(op);
    if (answer) co_return removal::removed;
    if (answer.error().kind != error_kind::not_found) co_return answer.error();
    co_return requester_.was_doubtful() ? removal::removed : removal::already_gone;
}

async_result<removal> client::delete_record(dns::name const& zone, std::int64_t id) {
    auto const op = deleting_record(zone, id);
    auto done = co_await remove(op);
    co_return done;
}

} // namespace acme_dns01::digitalocean
