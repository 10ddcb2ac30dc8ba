#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acme_dns01::sandbox {

// What stands behind the '?' of a target, decoded, in its order.
using query_parameters = std::vector<std::pair<std::string, std::string>>;

// A request's target, cut up: "/v2/domains?page=2" is {"v2", "domains"} and {page: 2}, and so is
// "/v2/domains/?page=2", as some clients have it. Nothing of it is trusted: what is no target has
// no segments.
struct target {
    std::vector<std::string> segments;
    query_parameters query;

    static target parse(std::string_view text);
    std::string path() const;
    // The first one of that name, or nothing.
    std::string parameter(std::string_view name) const;
};

// Which part of a listing is asked for. What is no number counts as absent, what is out of bounds
// as the nearest bound.
struct page {
    static constexpr std::size_t size_default = 20;
    static constexpr std::size_t size_max = 200;

    std::size_t number = 1;
    std::size_t size = size_default;

    static page of(target const& t);
    // The first item's index, and the one behind the last item's, of `total`.
    std::pair<std::size_t, std::size_t> bounds(std::size_t total) const;
    // {} where everything is on one page, as the API has it.
    boost::json::object links(std::string_view base_url, target const& t, std::size_t total) const;
};

} // namespace acme_dns01::sandbox
