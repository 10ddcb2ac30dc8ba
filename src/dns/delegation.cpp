#include "dns/delegation.hpp"

#include "base/concurrent.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace acme_dns01::dns {

using boost::asio::awaitable;

namespace {

// If the first servers of a parent zone do not know a delegation, the others will not either.
constexpr std::size_t asked_for_delegation_max = 3;
// Parent zones have fast servers nearby; a slow one is given up for the next.
constexpr clock::duration parent_patience = std::chrono::milliseconds(500);

std::string cannot_find(name const& zone) {
    auto const type = std::string(zone.is_root() ? "" : "zone ");
    return "the name servers of " + type + shown(zone) + " cannot be found";
}

error no_servers(name const& zone, std::string_view why) {
    return {
        .kind = error_kind::dns_failure,
        .message = cannot_find(zone) + ": " + std::string(why),
    };
}

void append_addresses(
    std::vector<name_server>& servers, name const& host, std::vector<record> const& records
) {
    std::size_t count = 0;
    for (auto const& r : records) {
        if (r.type != record_type::a && r.type != record_type::aaaa) continue;
        boost::system::error_code ec;
        auto const address = boost::asio::ip::make_address(r.data, ec);
        if (ec || count++ >= addresses_of_host_max) continue;
        servers.push_back({host, address});
    }
}

std::vector<name_server> sorted_and_unique(std::vector<name_server> servers) {
    std::ranges::sort(servers, {}, [](auto const& s) { return std::pair(s.host, s.address); });
    std::set<boost::asio::ip::address> known;
    std::erase_if(servers, [&](auto const& s) { return !known.insert(s.address).second; });
    servers.resize(std::min(servers.size(), addresses_of_zone_max));
    return servers;
}

std::vector<record> with_owner(message const& answer, name const& host) {
    std::vector<record> found;
    std::ranges::copy_if(answer.additional, std::back_inserter(found), [&](record const& r) {
        return r.owner == host;
    });
    return found;
}

std::vector<name> delegated_to(message const& answer, name const& zone) {
    auto hosts = hosts_of(answer.answer, zone);
    return hosts.empty() ? hosts_of(answer.authority, zone) : hosts;
}

awaitable<std::optional<name>> parent_zone(resolver const& r, name zone, deadline until) {
    question const above{zone.parent(), record_type::soa};
    auto const answer = co_await r.look_up(above, until);
    if (!answer) co_return std::nullopt;
    co_return zone_named_in(*answer, above.asked);
}

awaitable<void>
ask_parent(std::vector<endpoint> servers, name zone, delegation& found, deadline until) {
    question const asked{zone, record_type::ns};
    ask_options const options{.patience = std::min(until.left(), parent_patience)};
    // "Not delegated" is kept, and the next server asked: this one may be behind.
    std::function<bool(message const&)> const delegates = [&](message const& answer) {
        auto const status = delegation_status_in(answer, zone);
        if (status != delegation_status::unknown) found.status = status;
        return status == delegation_status::delegated;
    };
    auto const came = co_await first_answer(servers, asked, options, delegates);
    if (found.status != delegation_status::delegated) co_return;
    auto const& answer = *came.back().answer;
    found.hosts = delegated_to(answer, zone);
    // A server of both zones answers for the lower one: its addresses are no glue.
    if (answer.authoritative) co_return;
    for (auto const& host : found.hosts)
        if (host.is_within(zone)) append_addresses(found.glue, host, with_owner(answer, host));
}

awaitable<zone_servers> servers_by_delegation(resolver const& r, name zone, std::uint16_t port) {
    zone_servers found;
    found.above = co_await delegation_of(r, zone, port);
    auto const servers = co_await addresses_of(r, found.above.hosts, r.limit());
    if (servers) found.servers = *servers;
    co_return found;
}

} // namespace

delegation_status delegation_status_in(message const& answer, name const& zone) {
    using enum delegation_status;
    auto const is_noerror = answer.code == response_code::noerror;
    if (is_noerror && !hosts_of(answer.authority, zone).empty()) return delegated;
    if (is_noerror && answer.authoritative && !hosts_of(answer.answer, zone).empty())
        return delegated;
    auto const is_negative = is_noerror || answer.code == response_code::nxdomain;
    if (!answer.authoritative || !is_negative) return unknown;
    // If the zone itself says that it has no NS records, its parent has not spoken.
    auto const speaker = zone_named_in(answer, zone);
    return speaker && *speaker != zone ? not_delegated : unknown;
}

awaitable<delegation> delegation_of(resolver const& r, name zone, std::uint16_t port) {
    auto const until = r.limit().at_most(parent_limit);
    delegation found;
    found.parent = co_await parent_zone(r, zone, until);
    if (!found.parent) co_return found;
    auto const servers = co_await own_servers(r, *found.parent, until, asked_for_delegation_max);
    if (!servers) co_return found;
    auto const asked = reachable(*servers, port, asked_for_delegation_max);
    co_await ask_parent(asked, zone, found, until);
    co_return found;
}

async_result<zone_servers> authoritative_servers(resolver const& r, name zone, std::uint16_t port) {
    auto own_look_up = own_servers(r, zone, r.limit());
    auto parent_look_up = servers_by_delegation(r, zone, port);
    auto const both = co_await both_at_once(std::move(own_look_up), std::move(parent_look_up));
    auto const& [own, delegated] = both;
    auto all = delegated.servers;
    if (own) all.insert(all.end(), own->begin(), own->end());
    if (all.empty() && delegated.above.status == delegation_status::not_delegated) {
        co_return no_servers(zone, shown(*delegated.above.parent) + " does not delegate it");
    }
    auto const is_incomplete = !own && is_own_shortage(own.error());
    if (all.empty() || is_incomplete) co_return own.error();
    co_return zone_servers{sorted_and_unique(std::move(all)), delegated.above};
}

awaitable<std::optional<name>>
public_zone(resolver const& r, name challenge_name, std::uint16_t port) {
    auto const zone = co_await parent_zone(r, challenge_name, r.limit());
    if (!zone) co_return std::nullopt;
    auto const servers = co_await own_servers(r, *zone, r.limit());
    if (!servers) co_return zone;
    question const itself{challenge_name, record_type::ns};
    auto const asked = reachable(*servers, port, asked_for_delegation_max);
    ask_options const options;
    std::function<bool(message const&)> const any = [](auto const&) { return true; };
    auto const came = co_await first_answer(asked, itself, options, any);
    auto const is_zone_itself = !came.empty() && came.back().answer &&
                                !delegated_to(*came.back().answer, challenge_name).empty();
    if (is_zone_itself) co_return challenge_name;
    co_return zone->is_root() ? std::nullopt : zone;
}

std::vector<name> hosts_of(std::vector<record> const& records, name const& zone) {
    std::vector<name> hosts;
    for (auto const& text : data_of(records, record_type::ns, zone)) {
        auto const host = name::parse(text);
        if (host && hosts.size() < hosts_max) hosts.push_back(*host);
    }
    return hosts;
}

async_result<std::vector<name_server>>
own_servers(resolver const& r, name zone, deadline until, std::size_t hosts_asked_max) {
    question const asked{zone, record_type::ns};
    auto const answer = co_await r.look_up(asked, until);
    if (!answer) co_return in_context(cannot_find(zone), answer.error());
    auto hosts = hosts_of(answer->answer, zone);
    if (hosts.empty()) {
        co_return no_servers(zone, "the public DNS has none (" + to_string(answer->code) + ")");
    }
    hosts.resize(std::min(hosts.size(), hosts_asked_max));
    auto servers = co_await addresses_of(r, std::move(hosts), until);
    if (!servers) co_return in_context(cannot_find(zone), servers.error());
    co_return servers;
}

async_result<std::vector<name_server>>
addresses_of(resolver const& r, std::vector<name> hosts, deadline until) {
    std::vector<async_result<message>> look_ups;
    for (auto const& host : hosts) {
        for (auto const type : {record_type::a, record_type::aaaa}) {
            question const about{host, type};
            look_ups.push_back(r.look_up(about, until));
        }
    }
    auto const found = co_await all_at_once(std::move(look_ups));
    std::vector<name_server> servers;
    error failure{.kind = error_kind::dns_failure, .message = "they have no address"};
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i]) {
            failure = found[i].error();
            if (is_own_shortage(failure)) co_return failure;
            continue;
        }
        append_addresses(servers, hosts[i / 2], found[i]->answer);
    }
    if (servers.empty()) co_return failure;
    co_return sorted_and_unique(std::move(servers));
}

std::vector<endpoint>
reachable(std::vector<name_server> const& servers, std::uint16_t port, std::size_t count_max) {
    std::vector<endpoint> chosen;
    for (auto const& server : servers) {
        endpoint const address(server.address, port);
        if (has_route(address)) chosen.push_back(address);
    }
    auto const is_v4 = [](endpoint const& e) { return e.address().is_v4(); };
    std::stable_partition(chosen.begin(), chosen.end(), is_v4);
    chosen.resize(std::min(chosen.size(), count_max));
    return chosen;
}

std::optional<name> zone_named_in(message const& answer, name const& asked) {
    auto const is_alias = [](auto const& r) {
        return r.type == record_type::cname || r.type == record_type::dname;
    };
    if (std::ranges::any_of(answer.answer, is_alias)) return std::nullopt;
    for (auto const* section : {&answer.answer, &answer.authority}) {
        for (auto const& r : *section) {
            if (r.type == record_type::soa && asked.is_within(r.owner)) return r.owner;
        }
    }
    return std::nullopt;
}

} // namespace acme_dns01::dns
