#pragma once

#include "base/async_result.hpp"
#include "digitalocean/answers.hpp"
#include "digitalocean/operation.hpp"
#include "digitalocean/record.hpp"
#include "digitalocean/requester.hpp"
#include "dns/name.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace acme_dns01::digitalocean {

enum class removal { removed, already_gone };

// Whether a long listing keeps the text of each zone.
enum class zone_files { kept, dropped };

// How the creation of a record ended.
struct creation {
    result<record> outcome = error();
    // A request had no clear answer: there may be another record like this one, or one in spite
    // of the failure.
    bool may_have_copies = false;
    // An answer did not come in time: such a copy may still come into being.
    bool may_come_late = false;
    // The record was found after a request without a clear answer: it may have been there before.
    bool was_found = false;
};

struct domain_creation {
    result<domain> outcome = error();
    bool was_found = false; // as above
};

// The Domains and Domain Records API, all of its operations. Errors say what was being done in
// which zone; error_kind::not_found if the zone or the record does not exist.
class client {
public:
    // The requester must outlive the client.
    explicit client(requester& r) : requester_(r) {}
    boost::asio::any_io_executor const& executor() const { return requester_.executor(); }

    async_result<page<domain>> list_domains(page_request wanted);
    async_result<std::vector<domain>> list_all_domains(zone_files wanted = zone_files::kept);
    // After a POST without a clear answer the zone is looked for, as a record is below.
    boost::asio::awaitable<domain_creation> create_domain(new_domain const& wanted);
    async_result<domain> retrieve_domain(dns::name const& zone);
    async_result<removal> delete_domain(dns::name const& zone);

    async_result<page<record>>
    list_records(dns::name const& zone, record_filter const& filter, page_request wanted);
    async_result<std::vector<record>>
    list_all_records(dns::name const& zone, record_filter const& filter);
    async_result<record> retrieve_record(dns::name const& zone, std::int64_t id);
    // PUT and PATCH.
    async_result<record>
    update_record(dns::name const& zone, std::int64_t id, record_fields const& fields);
    async_result<record>
    patch_record(dns::name const& zone, std::int64_t id, record_fields const& fields);
    async_result<removal> delete_record(dns::name const& zone, std::int64_t id);

    // A request that may have been carried out, or whose answer is about another record, is not
    // sent again before the zone was searched for the record it would have made: one of these
    // fields whose id is not `is_taken`.
    boost::asio::awaitable<creation> create_record(
        dns::name const& zone,
        record_fields const& fields,
        std::function<bool(std::int64_t)> is_taken
    );

    // Whether the token may create and remove records, without doing either: a request that cannot
    // succeed, for a record without a type and for one that cannot exist, is refused for another
    // reason where the token has the scope.
    async_result<bool> may_create_records(dns::name const& zone);
    async_result<bool> may_remove_records(dns::name const& zone);

    std::optional<sighting> const& last_seen() const { return requester_.last_seen(); }

    // A longer list is a server that never ends one.
    static constexpr unsigned pages_max = 1000;
    static constexpr std::size_t list_length_max = 256UL * 1024 * 1024; // bytes of text

private:
    // By value: the caller's operation is gone when the coroutine runs.
    template <class T, class Read>
    async_result<T> read(operation op, Read how);
    template <class T, class Operation, class Read>
    async_result<std::vector<T>> read_all(Operation page_operation, Read how);
    async_result<removal> remove(operation op);
    async_result<bool> is_permitted(operation op);
    async_result<std::optional<record>> find_like(
        dns::name const& zone,
        record_fields const& fields,
        std::function<bool(std::int64_t)> const& is_taken
    );

    requester& requester_;
};

} // namespace acme_dns01::digitalocean
