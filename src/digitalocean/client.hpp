#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "digitalocean/record.hpp"
#include "dns/name.hpp"
#include "net/https_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::digitalocean {

template <class T>
using awaitable_result = boost::asio::awaitable<result<T>>;

// One page of a list, and how many there are in all.
template <class T>
struct page {
    std::vector<T> items;
    std::int64_t total = 0;
    bool is_last = true;
};

// What to create: a TXT record at an absolute name.
struct new_txt {
    dns::name zone;
    dns::name fqdn;
    std::string value;
    std::int64_t ttl = 30; // seconds; DigitalOcean takes no less than 30
};

enum class removal { removed, already_gone };

// The operations of the Domains and Domain Records API that the challenge needs, one request
// each. Errors say what was being done in which zone, and carry the API's message and request id.
class client {
public:
    static constexpr unsigned per_page_max = 200;

    // `https` must outlive the client.
    client(net::https_client& https, secret const& token, deadline limit)
        : https_(https), token_(token), limit_(limit) {}

    // Pages count from 1.
    awaitable_result<page<domain>> list_domains(unsigned number);
    // Nothing where the account has no such zone.
    awaitable_result<std::optional<domain>> find_domain(dns::name const& zone);

    // error_kind::not_found where the account has no such zone.
    awaitable_result<record> create_txt(new_txt const& wanted);
    awaitable_result<record> retrieve_record(dns::name const& zone, std::int64_t id);
    // All records of one type at one name, following pages up to `pages_max`.
    awaitable_result<std::vector<record>>
    find_records(dns::name const& zone, dns::name const& fqdn, std::string_view type);
    awaitable_result<removal> delete_record(dns::name const& zone, std::int64_t id);

    static constexpr unsigned pages_max = 500;

private:
    struct operation {
        net::request request;
        unsigned expected = 200;
        std::string doing;
        std::string_view scope;
    };
    awaitable_result<boost::json::value> perform(operation const& op);

    net::https_client& https_;
    secret const& token_;
    deadline limit_;
};

} // namespace acme_dns01::digitalocean
