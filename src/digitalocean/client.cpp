#include "digitalocean/client.hpp"

#include <utility>

namespace acme_dns01::digitalocean {

namespace {

result<page<domain>> domains_without_files_in(boost::json::value answer) {
    auto found = domains_in(std::move(answer));
    if (!found) return found;
    for (auto& zone : found->items)
        zone.zone_file.reset();
    return found;
}

// An answer is believed only if it is about what was asked for. Of a record these are name, type
// and data: the API ignores what its type does not use, and writes an IPv6 address in its own way.
auto record_as(record_fields const& fields, std::int64_t id = 0) {
    record_fields wanted;
    wanted.type = fields.type;
    wanted.name = fields.name;
    if (fields.type != "AAAA") wanted.data = fields.data;
    return [wanted, id](boost::json::value const& answer) {
        auto found = record_in(answer);
        if (!found || (is_made_of(*found, wanted) && (id == 0 || found->id == id))) return found;
        return result<record>(bad_answer("it is about another record"));
    };
}

auto domain_as(dns::name const& zone) {
    return [zone](boost::json::value const& answer) {
        auto found = domain_in(answer);
        auto const name = found ? dns::name::parse(found->name) : found.error();
        if (!found || (name && *name == zone)) return found;
        return result<domain>(bad_answer("it is about another zone"));
    };
}

void add_length(std::size_t& all, record const& r) { all += r.name.size() + r.data.size(); }
void add_length(std::size_t& all, domain const& d) {
    all += d.name.size() + d.zone_file.value_or("").size();
}

} // namespace

template <class T, class Read>
async_result<T> client::read(operation op, Read how) {
    auto end = co_await requester_.send(op);
    if (!end.outcome) co_return end.outcome.error();
    auto found = how(std::move(*end.outcome));
    if (!found) co_return in_context(op.doing, found.error());
    co_return std::move(*found);
}

template <class T, class Operation, class Read>
async_result<std::vector<T>> client::read_all(Operation page_operation, Read how) {
    std::vector<T> all;
    std::size_t length = 0;
    std::string doing;
    for (unsigned number = 1; number <= pages_max && length <= list_length_max; ++number) {
        page_request const wanted{number, per_page_max};
        auto op = page_operation(wanted);
        doing = op.doing;
        auto found = co_await read<page<T>>(std::move(op), how);
        if (!found) co_return found.error();
        for (auto& item : found->items) {
            add_length(length, item);
            all.push_back(std::move(item));
        }
        if (found->is_last) co_return all;
        if (found->items.empty()) break;
        auto const total = std::to_string(found->total);
        requester_.show_progress(doing + ": " + std::to_string(all.size()) + " of " + total);
    }
    co_return in_context(doing, bad_answer("the list does not end"));
}

// The record may be gone because of an earlier attempt whose answer was lost: then we removed it.
async_result<removal> client::remove(operation op) {
    auto const end = co_await requester_.send(op);
    if (end.outcome) co_return removal::removed;
    if (end.outcome.error().kind != error_kind::not_found) co_return end.outcome.error();
    co_return end.was_doubtful ? removal::removed : removal::already_gone;
}

async_result<page<domain>> client::list_domains(page_request wanted) {
    return read<page<domain>>(listing_domains(wanted), domains_in);
}

async_result<std::vector<domain>> client::list_all_domains(zone_files wanted) {
    auto const how = wanted == zone_files::kept ? domains_in : domains_without_files_in;
    return read_all<domain>(listing_domains, how);
}

async_result<domain> client::retrieve_domain(dns::name const& zone) {
    return read<domain>(retrieving_domain(zone), domain_as(zone));
}

async_result<removal> client::delete_domain(dns::name const& zone) {
    return remove(deleting_domain(zone));
}

async_result<page<record>>
client::list_records(dns::name const& zone, record_filter const& filter, page_request wanted) {
    return read<page<record>>(listing_records(zone, filter, wanted), records_in);
}

async_result<std::vector<record>>
client::list_all_records(dns::name const& zone, record_filter const& filter) {
    auto const next = [zone, filter](page_request p) { return listing_records(zone, filter, p); };
    return read_all<record>(next, records_in);
}

async_result<record> client::retrieve_record(dns::name const& zone, std::int64_t id) {
    return read<record>(retrieving_record(zone, id), record_as({}, id));
}

async_result<record>
client::update_record(dns::name const& zone, std::int64_t id, record_fields const& fields) {
    return read<record>(updating_record(zone, id, fields), record_as(fields, id));
}

async_result<record>
client::patch_record(dns::name const& zone, std::int64_t id, record_fields const& fields) {
    return read<record>(patching_record(zone, id, fields), record_as(fields, id));
}

async_result<removal> client::delete_record(dns::name const& zone, std::int64_t id) {
    return remove(deleting_record(zone, id));
}

boost::asio::awaitable<domain_creation> client::create_domain(new_domain const& wanted) {
    auto const op = creating_domain(wanted);
    auto const how = domain_as(wanted.name);
    for (unsigned number = 1;; ++number) {
        auto outcome = co_await read<domain>(op, how);
        domain_creation made{std::move(outcome), false};
        if (made.outcome || !is_ambiguous(made.outcome.error().kind)) co_return made;
        auto const in_time = co_await requester_.pause_after(number, made.outcome.error());
        if (!in_time) co_return made;
        auto found = co_await retrieve_domain(wanted.name);
        if (found) co_return domain_creation{std::move(found), true};
        if (found.error().kind != error_kind::not_found) co_return made;
    }
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
    auto const how = record_as(fields);
    auto may_come_late = false;
    for (unsigned number = 1;; ++number) {
        auto outcome = co_await read<record>(op, how);
        creation made{std::move(outcome), number > 1, may_come_late};
        if (made.outcome || !is_ambiguous(made.outcome.error().kind)) co_return made;
        // The request may have been carried out: look before sending another.
        made.may_have_copies = true;
        may_come_late = may_come_late || made.outcome.error().kind == error_kind::too_slow;
        made.may_come_late = may_come_late;
        auto const in_time = co_await requester_.pause_after(number, made.outcome.error());
        if (!in_time) co_return made;
        auto found = co_await find_like(zone, fields, is_taken);
        if (!found) co_return made;
        if (*found) co_return creation{std::move(**found), number > 1, may_come_late, true};
    }
}

async_result<bool> client::is_permitted(operation op) {
    auto const end = co_await requester_.send(op);
    if (end.outcome) co_return in_context(op.doing, bad_answer("it accepts what cannot be"));
    auto const kind = end.outcome.error().kind;
    if (kind == error_kind::unauthorized) co_return false;
    if (kind == error_kind::not_found || kind == error_kind::rejected) co_return true;
    co_return end.outcome.error();
}

async_result<bool> client::may_create_records(dns::name const& zone) {
    return is_permitted(creating_nothing(zone));
}

// An id is above 0.
async_result<bool> client::may_remove_records(dns::name const& zone) {
    return is_permitted(deleting_record(zone, 0));
}

} // namespace acme_dns01::digitalocean
