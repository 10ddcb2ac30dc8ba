#pragma once

#include "digitalocean/record.hpp"
#include "dns/name.hpp"
#include "net/http.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::digitalocean {

// One request of the Domains and Domain Records API and the answer it expects: pure. Source of all
// paths, parameters, statuses and scopes: DigitalOcean's API reference of March 2026.
struct operation {
    net::request request;
    unsigned expected = 200;
    std::string doing;      // "creating www.example.com in zone example.com": for messages
    std::string_view scope; // which a token with custom scopes needs
};

// Which part of a list: pages count from 1 and have at most per_page_max entries. The defaults are
// the API's: page 1, of 20 entries.
struct page_request {
    std::optional<unsigned> number{};
    std::optional<unsigned> per_page{};
};

constexpr unsigned per_page_max = 200;

struct new_domain {
    dns::name name;
    std::string ip_address{}; // of an A or AAAA record at the apex; empty: no record
};

struct record_filter {
    std::optional<dns::name> name{}; // absolute
    std::string type{};              // empty: all
};

operation listing_domains(page_request wanted);
operation creating_domain(new_domain const& wanted);
operation retrieving_domain(dns::name const& zone);
operation deleting_domain(dns::name const& zone);

operation listing_records(dns::name const& zone, record_filter const& filter, page_request wanted);
operation creating_record(dns::name const& zone, record_fields const& fields);
// A request that is refused for what it lacks, unless it is refused before.
operation creating_nothing(dns::name const& zone);
operation retrieving_record(dns::name const& zone, std::int64_t id);
operation updating_record(dns::name const& zone, std::int64_t id, record_fields const& fields);
operation patching_record(dns::name const& zone, std::int64_t id, record_fields const& fields);
operation deleting_record(dns::name const& zone, std::int64_t id);

} // namespace acme_dns01::digitalocean
