#include "sandbox/name_service.hpp"

#include "sandbox/answers.hpp"

#include <algorithm>
#include <stdexcept>

namespace acme_dns01::sandbox {

namespace {

// Beyond this many different questions, new ones are not counted.
constexpr std::size_t counts_max = 100'000;

dns::message truncated_answer(dns::message const& query, bool authoritative) {
    auto m = empty_answer(query, dns::response_code::noerror);
    m.authoritative = authoritative;
    m.truncated = true;
    return m;
}

} // namespace

name_service::name_service(
    account const& a, std::vector<name_server> servers, std::string const& resolver_address
)
    : account_(a), servers_(std::move(servers)) {
    for (auto const& server : servers_) {
        for (auto const& address : server.addresses)
            listeners_[address].delay = server.delay;
    }
    if (listeners_.contains(resolver_address))
        throw std::invalid_argument("a name server has the resolver's address");
    listeners_[resolver_address].is_resolver = true;
}

std::vector<std::string> name_service::addresses() const {
    std::vector<std::string> all;
    for (auto const& [address, l] : listeners_)
        all.push_back(address);
    return all;
}

name_service::listener& name_service::at(std::string_view address) {
    auto const found = listeners_.find(address);
    if (found == listeners_.end())
        throw std::invalid_argument("no server at " + std::string(address));
    return found->second;
}

void name_service::set_delay(std::string_view address, seconds delay) {
    // Written so that NaN is refused as well.
    if (!(delay >= seconds(0) && delay <= delay_max))
        throw std::invalid_argument("a publishing delay must be between 0 and 3600 seconds");
    at(address).delay = delay;
}

seconds name_service::delay_of(listener const& l) const {
    if (l.delay) return *l.delay;
    auto latest = seconds(0);
    for (auto const& [address, other] : listeners_)
        latest = std::max(latest, other.delay.value_or(seconds(0)));
    return latest;
}

void name_service::count(std::string_view address, dns::question const& asked, bool over_tcp) {
    count_key key(address, asked.asked, asked.type, over_tcp);
    if (counts_.size() < counts_max || counts_.contains(key)) ++counts_[std::move(key)];
}

dns::message name_service::proper_answer(
    listener const& l, dns::message const& query, clock::time_point now
) const {
    zone_snapshot const published(account_, now - to_duration(delay_of(l)));
    if (l.is_resolver) return recursive_answer(published, servers_, query);
    return authoritative_answer(published, query);
}

std::optional<std::vector<std::uint8_t>> name_service::answer(
    std::string_view address,
    std::span<std::uint8_t const> wire,
    bool over_tcp,
    clock::time_point now
) {
    auto const query = dns::from_wire(wire);
    if (!query || query->response) return std::nullopt;
    auto const& l = at(address);
    count(address, query->asked, over_tcp);
    if (l.how == behaviour::silent) return std::nullopt;
    dns::message m;
    if (l.how == behaviour::servfail) {
        m = empty_answer(*query, dns::response_code::servfail);
    } else if (l.how == behaviour::refused) {
        m = empty_answer(*query, dns::response_code::refused);
    } else if (l.how == behaviour::lame) {
        m = empty_answer(*query, dns::response_code::noerror);
    } else if (l.how == behaviour::truncating && !over_tcp) {
        m = truncated_answer(*query, !l.is_resolver);
    } else {
        m = proper_answer(l, *query, now);
    }
    return encoded(std::move(m), *query, over_tcp);
}

std::vector<query_count> name_service::queries() const {
    std::vector<query_count> all;
    for (auto const& [key, count] : counts_) {
        auto const& [server, asked, type, over_tcp] = key;
        all.push_back({server, {asked, type}, over_tcp, count});
    }
    return all;
}

} // namespace acme_dns01::sandbox
