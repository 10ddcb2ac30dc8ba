#pragma once

#include "base/error.hpp"
#include "digitalocean/record.hpp"
#include "net/http.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace acme_dns01::digitalocean {

// One page of a list, and how many entries there are in all.
template <class T>
struct page {
    std::vector<T> items;
    std::int64_t total = 0;
    bool is_last = true;
};

// What the API's answers contain. Unknown keys are ignored; a missing key or one of the wrong type
// is error_kind::bad_answer and is named. Lists are taken apart while they are read, so that a
// large one is not in memory twice.
result<page<domain>> domains_in(boost::json::value answer);
result<domain> domain_in(boost::json::value const& answer);
result<page<record>> records_in(boost::json::value answer);
result<record> record_in(boost::json::value const& answer);

// What an answer with another status than the expected one means. `doing` says what was asked for
// ("creating _acme-challenge.example.com in zone example.com"), `scope` is the custom scope that it
// takes ("domain:create"). The API's error object {"id", "message", "request_id"} is read if there
// is one; its message is kept as the server's words. A server may repeat the request in what it
// says: `token` is taken out.
error failure_of(
    net::response const& answer,
    std::string_view doing,
    std::string_view scope,
    std::string_view token = {}
);

} // namespace acme_dns01::digitalocean
