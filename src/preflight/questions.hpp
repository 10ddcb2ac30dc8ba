#pragma once

#include "base/async_result.hpp"
#include "base/semaphore.hpp"
#include "dns/exchange.hpp"
#include "dns/resolver.hpp"
#include "dns/validating_resolver.hpp"
#include "services/resolvers.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace acme_dns01::preflight {

// How long one server has to answer one question. dns::ask repeats it after 0.3 s, which leaves
// enough for a server on the other side of the world that loses a datagram.
inline constexpr clock::duration server_patience = std::chrono::milliseconds(800);

// How long the validating resolver has: a CA gives up sooner than our own commands.
inline constexpr clock::duration resolver_patience = std::chrono::seconds(5);

// The DNS as all probes of one check ask it: together they have at most
// dns::validating_resolver::at_once_max questions in flight.
class questions {
public:
    // Never fails: `no_validation` says why the validating resolver cannot be asked.
    static boost::asio::awaitable<questions> make(services::resolvers& by);

    // Of the resolver.
    dns::resolver const& look_ups() const { return look_ups_; }
    async_result<dns::message> look_up(dns::question asked) const;

    // One server, `options` without patience.
    async_result<dns::message>
    ask(dns::endpoint server, dns::question asked, dns::ask_options options = {}) const;

    // Aliases followed and signatures checked. Its failure says so where there is no resolver.
    boost::asio::awaitable<dns::validated> validate(dns::question asked) const;
    dns::validating_resolver const* validating() const { return validating_; }
    error const& no_validation() const { return no_validation_; }

    async_semaphore const& places() const { return places_; }
    std::uint16_t port() const { return port_; }
    // False if only resolvers can be reached.
    bool asks_authoritative() const { return asks_authoritative_; }

private:
    questions(
        services::resolvers& by, dns::validating_resolver const* library, async_semaphore places
    );

    dns::resolver look_ups_;
    dns::validating_resolver const* validating_ = nullptr;
    error no_validation_;
    async_semaphore places_;
    std::uint16_t port_;
    bool asks_authoritative_;
};

} // namespace acme_dns01::preflight
