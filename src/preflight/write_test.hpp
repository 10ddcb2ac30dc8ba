#pragma once

#include "base/async_result.hpp"
#include "challenge/allow_list.hpp"
#include "challenge/cleanup.hpp"
#include "challenge/present.hpp"
#include "challenge/wait/loop.hpp"
#include "preflight/finding.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace acme_dns01::preflight {

// How records are created, awaited and removed; what is referred to must outlive the test.
struct writing {
    challenge::presenter& presenter;
    challenge::cleaner& cleaner;
    challenge::allow_list const& allow;
    journal::run owner;
    std::int64_t ttl = 30; // seconds
    std::function<async_result<challenge::propagation_report>(challenge::targets)> wait;
};

// Creates a challenge record of a domain of the zone that nobody has, awaits it and removes it,
// journalled like any other.
boost::asio::awaitable<findings> write_test(writing by, dns::name zone);

// acme-dns01-check-<random>.<zone>.
std::string probe_domain(dns::name const& zone);

// Each address and how long it took: pure.
findings check_propagation(dns::name const& zone, challenge::propagation_report const& report);

} // namespace acme_dns01::preflight
