#pragma once

#include "base/async_result.hpp"
#include "digitalocean/answers.hpp"
#include "digitalocean/fields.hpp"
#include "digitalocean/operation.hpp"
#include "digitalocean/record.hpp"
#include "digitalocean/requester.hpp"
#include "dns/name.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::digitalocean {

enum class removal { removed, already_gone };

// Whether a long listing keeps the text of each zone.
enum class zone_files { kept, dropped };

// What came of asking for a record.
struct creation {
    result<record> outcome = error();
    // It was asked for without a clear end: there may be a record like it besides the outcome, or
    // in spite of its failure.
    bool may_have_twins = false;
    // An answer did not come in time: such a record may still come into being.
    bool may_come_late = false;
    // It was not answered for but found afterwards: it may have been there before.
    bool was_found = false;
};

struct domain_creation {
    result<domain> outcome = error();
    bool was_found = false; // as above
};

// The Domains and Domain Records API, all of its operations. Errors say what was being done in
// which zone; error_kind::not_found where the zone or the record is not there.
class client {
public:
    // The requester must outlive the client.
    explicit client(requester& r) : requester_(r) {}

    async_result<page<domain>> list_domains(page_request wanted);
    async_result<std::vector<domain>> list_all_domains(zone_files wanted = zone_files::kept);
    // After a POST without a clear end the zone is looked for, as a record is below.
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

    // A request that may have been acted upon is not sent again before the zone was searched for
    // what it would have made: a record of these fields for which `is_taken`, asked with its id,
    // is false.
    boost::asio::awaitable<creation> create_record(
        dns::name const& zone,
        record_fields const& fields,
        std::function<bool(std::int64_t)> is_taken
    );

    // A list that does not end here is no list.
    static constexpr unsigned pages_max = 1000;

private:
    async_result<std::optional<record>> find_like(
        dns::name const& zone,
        record_fields const& fields,
        std::function<bool(std::int64_t)> const& is_taken
    );
    async_result<removal> remove(operation const& op);
    template <class T, class Read>
    async_result<T> read(operation const& op, Read how);

    requester& requester_;
};

} // namespace acme_dns01::digitalocean
