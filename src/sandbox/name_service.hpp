#pragma once

#include "base/clock.hpp"
#include "dns/message.hpp"
#include "sandbox/account.hpp"
#include "sandbox/options.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace acme_dns01::sandbox {

// How often a server was asked a question.
struct query_count {
    std::string server; // its address
    dns::question asked;
    bool over_tcp = false;
    std::size_t count = 0;
};

// All name servers and the resolver without their sockets: the answers at each moment, and how each
// server misbehaves. Members throw std::invalid_argument for an address that no server has.
class name_service {
public:
    static constexpr seconds delay_max{3600};

    // The account must outlive this.
    name_service(
        account const& a, std::vector<name_server> servers, std::string const& resolver_address
    );

    std::vector<std::string> addresses() const;
    // The answer to a message that came to `address`. Nothing if the server stays silent, or the
    // message is not a question.
    std::optional<std::vector<std::uint8_t>> answer(
        std::string_view address,
        std::span<std::uint8_t const> wire,
        bool over_tcp,
        clock::time_point now
    );

    void set_behaviour(std::string_view address, behaviour b) { at(address).how = b; }
    // Until set, the resolver's delay is that of the latest name server, which is the worst that a
    // CA can see.
    void set_delay(std::string_view address, seconds delay);

    std::vector<query_count> queries() const;
    void clear_queries() { counts_.clear(); }

private:
    struct listener {
        behaviour how = behaviour::normal;
        std::optional<seconds> delay;
        bool is_resolver = false;
    };
    using count_key = std::tuple<std::string, dns::name, dns::record_type, bool>;

    listener& at(std::string_view address);
    seconds delay_of(listener const& l) const;
    void count(std::string_view address, dns::question const& asked, bool over_tcp);
    dns::message
    proper_answer(listener const& l, dns::message const& query, clock::time_point now) const;

    account const& account_;
    std::vector<name_server> servers_;
    std::map<std::string, listener, std::less<>> listeners_;
    std::map<count_key, std::size_t> counts_;
};

} // namespace acme_dns01::sandbox
