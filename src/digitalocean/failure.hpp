#pragma once

#include "base/error.hpp"
#include "net/http.hpp"

#include <string_view>

namespace acme_dns01::digitalocean {

// What an answer other than the expected one means. `doing` says what was asked for ("creating
// _acme-challenge.example.com in zone example.com"), `scope` which custom scope it takes
// ("domain:create"). The API's error object {"id", "message", "request_id"} is read where there is
// one; its message is kept as the server's words. A server may repeat the request in what it says:
// `token` is taken out.
error failure_of(
    net::response const& answer,
    std::string_view doing,
    std::string_view scope,
    std::string_view token = {}
);

} // namespace acme_dns01::digitalocean
