#include "dns/delegation.hpp"

#include "dns/first_answer.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace acme_dns01::dns {

namespace {

// A zone none of whose first servers answers will not have been delegated further.
constexpr std::size_t asked_for_delegation_max = 3;
// The zones above are large and near; one that takes longer is left for the next.
constexpr clock::duration parent_patience = std::chrono::milliseconds(500);

bool is_delegated(message const& answer, name const& asked) {
    return !hosts_of(answer.answer, asked).empty() || !hosts_of(answer.authority, asked).empty();
}

std::vector<name> delegated_to(message const& answer, name const& zone) {
    auto hosts = hosts_of(answer.answer, zone);
    return hosts.empty() ? hosts_of(answer.authority, zone) : hosts;
}

boost::asio::awaitable<std::optional<name>>
zone_above(resolver const& r, name zone, deadline until) {
    question const above{zone.parent(), record_type::soa};
    auto const answer = co_await r.look_up(above, until);
    if (!answer) co_return std::nullopt;
    co_return apex_named_in(*answer, above.asked);
}

boost::asio::awaitable<std::vector<endpoint>>
servers_above(resolver const& r, name parent, std::uint16_t port, deadline until) {
    question const asked{parent, record_type::ns};
    auto const answer = co_await r.look_up(asked, until);
    if (!answer) co_return std::vector<endpoint>();
    auto hosts = hosts_of(answer->answer, parent);
    hosts.resize(std::min(hosts.size(), asked_for_delegation_max));
    auto const servers = co_await addresses_of(r, std::move(hosts), until);
    if (!servers) co_return std::vector<endpoint>();
    co_return askable(*servers, port, asked_for_delegation_max);
}

boost::asio::awaitable<void>
ask_above(std::vector<endpoint> servers, name zone, delegation& found, deadline until) {
    question const asked{zone, record_type::ns};
    ask_options const options{false, std::min(until.left(), parent_patience)};
    std::function<bool(message const&)> const delegates = [&](message const& answer) {
        auto const said = standing_in(answer, zone);
        if (said != standing::unknown) found.is = said;
        return said == standing::delegated;
    };
    auto const told = co_await first_answer(servers, asked, options, delegates);
    auto const is_delegated = told && told->answer && found.is == standing::delegated;
    if (is_delegated) found.hosts = delegated_to(*told->answer, zone);
}

struct delegated_servers {
    delegation above;
    std::vector<name_server> servers;
};

boost::asio::awaitable<delegated_servers>
servers_by_delegation(resolver const& r, name zone, std::uint16_t port) {
    delegated_servers found;
    found.above = co_await delegation_of(r, zone, port);
    auto const servers = co_await addresses_of(r, found.above.hosts, r.limit());
    if (servers) found.servers = *servers;
    co_return found;
}

} // namespace

standing standing_in(message const& answer, name const& zone) {
    if (answer.code == response_code::noerror) {
        if (answer.authoritative && !hosts_of(answer.answer, zone).empty())
            return standing::delegated;
        if (!hosts_of(answer.authority, zone).empty()) return standing::delegated;
    }
    auto const is_negative =
        answer.code == response_code::noerror || answer.code == response_code::nxdomain;
    if (!answer.authoritative || !is_negative) return standing::unknown;
    // Said by the zone itself, it would be no word of the one above.
    auto const speaker = apex_named_in(answer, zone);
    return speaker && *speaker != zone ? standing::not_delegated : standing::unknown;
}

boost::asio::awaitable<delegation> delegation_of(resolver const& r, name zone, std::uint16_t port) {
    auto const until = r.limit().at_most(parent_limit);
    delegation found;
    found.parent = co_await zone_above(r, zone, until);
    if (!found.parent) co_return found;
    auto const servers = co_await servers_above(r, *found.parent, port, until);
    co_await ask_above(servers, zone, found, until);
    co_return found;
}

async_result<zone_servers> authoritative_servers(resolver const& r, name zone, std::uint16_t port) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto const both = co_await (own_servers(r, zone) && servers_by_delegation(r, zone, port));
    auto const& own = std::get<0>(both);
    auto const& delegated = std::get<1>(both);
    zone_servers found{delegated.servers, delegated.above};
    if (own) found.servers.insert(found.servers.end(), own->begin(), own->end());
    if (found.servers.empty() && found.above.is == standing::not_delegated) {
        co_return no_servers(zone, found.above.parent->text() + " does not delegate it");
    }
    if (found.servers.empty()) co_return own.error();
    sort_and_thin(found.servers);
    co_return found;
}

boost::asio::awaitable<std::optional<name>>
public_zone(resolver const& r, name challenge_name, std::uint16_t port) {
    auto const zone = co_await zone_above(r, challenge_name, r.limit());
    if (!zone) co_return std::nullopt;
    auto const servers = co_await own_servers(r, *zone);
    if (!servers) co_return zone;
    question const itself{challenge_name, record_type::ns};
    auto const asked = askable(*servers, port, asked_for_delegation_max);
    ask_options const options;
    std::function<bool(message const&)> const any = [](auto const&) { return true; };
    auto const told = co_await first_answer(asked, itself, options, any);
    auto const is_cut = told && told->answer && is_delegated(*told->answer, challenge_name);
    co_return is_cut ? challenge_name : *zone;
}

} // namespace acme_dns01::dns
