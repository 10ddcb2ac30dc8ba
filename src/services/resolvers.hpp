#pragma once

#include "base/async_result.hpp"
#include "dns/resolver.hpp"
#include "dns/validating_resolver.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::services {

struct resolver_settings {
    std::vector<dns::endpoint> configured; // empty: the system's
    std::string trust_anchor;              // a file; empty: the root's key
    std::uint16_t dns_port = 53;           // of authoritative servers
    // False if only resolvers can be reached: no authoritative server is asked then.
    bool asks_authoritative = true;
};

// The resolvers of one run, made when first needed.
class resolvers {
public:
    resolvers(boost::asio::any_io_executor executor, resolver_settings set)
        : executor_(std::move(executor)), settings_(std::move(set)) {}
    resolvers(resolvers const&) = delete;
    resolvers& operator=(resolvers const&) = delete;

    // Finds name servers and their addresses; remembers answers until the run ends.
    dns::resolver const& caching();

    // Validates as a CA's resolver does. error_kind::configuration for a bad trust anchor;
    // error_kind::dns_failure if neither the root nor a resolver answers.
    async_result<dns::validating_resolver const*> validating();
    // Whether it asks its way down from the root. False before validating().
    bool recurses() const {
        return validating_ && validating_->note.empty() && settings_.configured.empty();
    }
    // Why its answers may differ from a CA's; empty if they do not.
    std::string validation_note() const { return validating_ ? validating_->note : std::string(); }
    // The next validating() starts without remembered answers.
    void forget_validated() { validating_.reset(); }

    std::vector<dns::endpoint> addresses() const;
    std::uint16_t dns_port() const { return settings_.dns_port; }
    bool asks_authoritative() const { return settings_.asks_authoritative; }

private:
    boost::asio::any_io_executor executor_;
    resolver_settings settings_;
    std::optional<dns::resolver> caching_;
    std::optional<dns::reachable_resolver> validating_;
};

} // namespace acme_dns01::services
