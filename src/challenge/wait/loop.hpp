#pragma once

#include "base/async_result.hpp"
#include "challenge/wait/schedule.hpp"
#include "challenge/wait/target.hpp"
#include "dns/delegation.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <vector>

namespace acme_dns01::challenge {

// One address over all names: the worst state, the seconds of the slowest.
struct server_report {
    std::string server;
    std::string address;
    server_state state = server_state::unasked;
    double seconds = 0; // until it served, or so far
    unsigned queries = 0;
};

struct propagation_report {
    bool complete = false;
    bool by_resolvers = false;
    std::size_t names = 0;
    std::size_t names_served = 0; // on every address that was not left out
    double elapsed = 0;           // seconds
    std::vector<server_report> servers;
    // Addresses that failed and were left out of a complete wait.
    std::vector<std::string> warnings;
};

// The servers that are asked for the records.
enum class asked_servers {
    authoritative, // every address of the zone's name servers
    resolvers,     // if those cannot be reached: answers are older, and not what a CA sees
};

// Asks the DigitalOcean account for the hosts of a zone's name servers: none if it does not answer
// in time.
using hosts_in_account =
    std::function<boost::asio::awaitable<std::vector<dns::name>>(dns::name zone, deadline until)>;

struct propagation_settings {
    std::vector<dns::endpoint> resolvers;
    std::uint16_t dns_port = 53;
    asked_servers asked = asked_servers::authoritative;
    patience limits;
    // Called at most every report_interval, and at the end; may be empty.
    std::function<void(propagation_report const&)> progress;
    // Called once before the wait for a zone whose servers do not look like DigitalOcean's; may be
    // empty.
    hosts_in_account ask_account;
};

constexpr std::size_t questions_in_flight_max = 64;
constexpr clock::duration report_interval = std::chrono::milliseconds(100);

// A resolver remembers that a record was not there, so it is asked only when the record should be
// there, or after half of a shorter timeout.
constexpr clock::duration first_question_to_resolvers = std::chrono::seconds(10);

// Asks every address of every authoritative server of the zones, directly and without recursion,
// until all serve all values. One loop for all of them. Addresses without a route are left out.
// error_kind::not_propagated names the servers that lack a record and their last answers, or says
// that none answers at all; error_kind::dns_failure if a zone's servers cannot be found;
// error_kind::zone_not_found, as soon as it is known, if the public DNS has the zone elsewhere or
// not at all, or has a zone of its own below it for the name.
async_result<propagation_report> wait_until_served(targets wanted, propagation_settings settings);

} // namespace acme_dns01::challenge
