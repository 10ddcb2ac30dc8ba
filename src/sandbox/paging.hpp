#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acme_dns01::sandbox {

// The parameters after the '?' of a target, decoded, in their order.
using query_parameters = std::vector<std::pair<std::string, std::string>>;

// A parsed request target: "/v2/domains?page=2" is {"v2", "domains"} and {page: 2}, and so is
// "/v2/domains/?page=2", which some clients send. Text that is not a target has no segments.
struct target {
    std::vector<std::string> segments;
    query_parameters query;

    static target parse(std::string_view text);
    std::string path() const;
    // The first one of that name, or an empty text.
    std::string parameter(std::string_view name) const;
};

// The requested part of a listing. A value that is not a number counts as absent, one out of bounds
// as the nearest bound.
struct page {
    static constexpr std::size_t size_default = 20;
    static constexpr std::size_t size_max = 200;

    std::size_t number = 1;
    std::size_t size = size_default;

    static page of(target const& t);
    // The indices of the first item and of the one after the last, of `total` items.
    std::pair<std::size_t, std::size_t> bounds(std::size_t total) const;
    // {} if everything is on one page, as the API does.
    boost::json::object links(std::string_view base_url, target const& t, std::size_t total) const;
};

} // namespace acme_dns01::sandbox
