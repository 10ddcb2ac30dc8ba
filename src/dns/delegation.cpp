#include "dns/delegation.hpp"

#include "base/concurrent.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::dns {

namespace {

// The DNS itself gets along with 13 servers for the root; a zone with more is not ours to serve.
constexpr std::size_t hosts_max = 32;
// A zone none of whose first servers answers will not have been delegated further.
constexpr std::size_t asked_for_delegation_max = 3;

std::string cannot_find(name const& zone) {
    return "the name servers of zone " + zone.text() + " cannot be found";
}

error no_servers(name const& zone, std::string_view why) {
    return {
        .kind = error_kind::dns_failure,
        .message = cannot_find(zone) + ": " + std::string(why),
        .hint = "is the domain delegated to ns1.digitalocean.com, ns2.digitalocean.com and "
                "ns3.digitalocean.com at its registrar?",
    };
}

std::vector<name> hosts_of(message const& answer, name const& zone) {
    std::vector<name> hosts;
    for (auto const& text : data_of(answer.answer, record_type::ns, zone)) {
        auto const host = name::parse(text);
        if (host && hosts.size() < hosts_max) hosts.push_back(*host);
    }
    return hosts;
}

void append_addresses(
    std::vector<name_server>& servers, name const& host, std::vector<record> const& records
) {
    for (auto const& r : records) {
        if (r.type != record_type::a && r.type != record_type::aaaa) continue;
        boost::system::error_code ec;
        auto const address = boost::asio::ip::make_address(r.data, ec);
        if (!ec) servers.push_back({host, address});
    }
}

void sort_and_thin(std::vector<name_server>& servers) {
    std::ranges::sort(servers, {}, [](auto const& s) { return std::pair(s.host, s.address); });
    std::vector<name_server> kept;
    for (auto const& server : servers) {
        auto const same = [&](auto const& other) { return other.address == server.address; };
        if (std::ranges::none_of(kept, same)) kept.push_back(server);
    }
    servers = std::move(kept);
}

// RFC 2308 2: the SOA record of the answer, or of a negative one, names the zone.
std::optional<name> apex_named_in(message const& answer, name const& below) {
    // Behind an alias the SOA record is that of the zone where it leads.
    auto const is_alias = [](auto const& r) { return r.type == record_type::cname; };
    if (std::ranges::any_of(answer.answer, is_alias)) return std::nullopt;
    for (auto const* section : {&answer.answer, &answer.authority}) {
        for (auto const& r : *section) {
            if (r.type == record_type::soa && below.is_within(r.owner)) return r.owner;
        }
    }
    return std::nullopt;
}

bool is_delegated(message const& answer, name const& asked) {
    auto const names_servers = [&](auto const& r) {
        return r.type == record_type::ns && r.owner == asked;
    };
    return std::ranges::any_of(answer.answer, names_servers) ||
           std::ranges::any_of(answer.authority, names_servers);
}

} // namespace

boost::asio::awaitable<result<std::vector<name_server>>>
authoritative_servers(resolver const& r, name zone) {
    question const asked{zone, record_type::ns};
    auto const answer = co_await r.look_up(asked);
    if (!answer) co_return in_context(cannot_find(zone), answer.error());
    auto const hosts = hosts_of(*answer, zone);
    if (hosts.empty()) {
        co_return no_servers(zone, "the public DNS has none (" + to_string(answer->code) + ")");
    }
    std::vector<boost::asio::awaitable<result<message>>> look_ups;
    for (auto const& host : hosts) {
        for (auto const type : {record_type::a, record_type::aaaa}) {
            question const about{host, type};
            look_ups.push_back(r.look_up(about));
        }
    }
    auto const found = co_await all_at_once(std::move(look_ups));
    std::vector<name_server> servers;
    std::string why = "they have no address";
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i]) {
            why = found[i].error().message;
            continue;
        }
        append_addresses(servers, hosts[i / 2], found[i]->answer);
    }
    if (servers.empty()) co_return no_servers(zone, why);
    sort_and_thin(servers);
    co_return servers;
}

boost::asio::awaitable<std::optional<name>>
public_zone(resolver const& r, name challenge_name, std::uint16_t port) {
    question const above{challenge_name.parent(), record_type::soa};
    auto const answer = co_await r.look_up(above);
    if (!answer) co_return std::nullopt;
    auto const zone = apex_named_in(*answer, above.asked);
    if (!zone) co_return std::nullopt;
    auto const servers = co_await authoritative_servers(r, *zone);
    if (!servers) co_return zone;
    question const itself{challenge_name, record_type::ns};
    for (std::size_t i = 0; i < std::min(servers->size(), asked_for_delegation_max); ++i) {
        endpoint const address((*servers)[i].address, port);
        if (!has_route(address)) continue;
        ask_options const options;
        auto const told = co_await ask(address, itself, options);
        if (told) co_return is_delegated(*told, challenge_name) ? challenge_name : *zone;
    }
    co_return zone;
}

} // namespace acme_dns01::dns
