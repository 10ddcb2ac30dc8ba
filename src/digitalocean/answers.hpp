#pragma once

#include "base/error.hpp"
#include "digitalocean/record.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <vector>

namespace acme_dns01::digitalocean {

// One page of a list, and how many entries there are in all.
template <class T>
struct page {
    std::vector<T> items;
    std::int64_t total = 0;
    bool is_last = true;
};

// What the API's answers hold. Unknown keys are ignored; a missing or mistyped one is
// error_kind::bad_answer and names the key. The answer is taken apart as it is read, so that a
// large one is not in memory twice.
result<page<domain>> domains_in(boost::json::value answer);
result<domain> domain_in(boost::json::value const& answer);
result<page<record>> records_in(boost::json::value answer);
result<record> record_in(boost::json::value const& answer);

} // namespace acme_dns01::digitalocean
