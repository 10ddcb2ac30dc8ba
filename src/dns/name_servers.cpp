#include "dns/name_servers.hpp"

#include "base/concurrent.hpp"

#include <algorithm>
#include <utility>

namespace acme_dns01::dns {

namespace {

std::string cannot_find(name const& zone) {
    return "the name servers of zone " + zone.text() + " cannot be found";
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

} // namespace

error no_servers(name const& zone, std::string_view why) {
    return {
        .kind = error_kind::dns_failure,
        .message = cannot_find(zone) + ": " + std::string(why),
    };
}

std::vector<name> hosts_of(std::vector<record> const& records, name const& zone) {
    std::vector<name> hosts;
    for (auto const& text : data_of(records, record_type::ns, zone)) {
        auto const host = name::parse(text);
        if (host && hosts.size() < hosts_max) hosts.push_back(*host);
    }
    return hosts;
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

std::vector<endpoint>
askable(std::vector<name_server> const& servers, std::uint16_t port, std::size_t count_max) {
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

std::optional<name> apex_named_in(message const& answer, name const& asked) {
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
    error none{.kind = error_kind::dns_failure, .message = "they have no address"};
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i]) {
            none = found[i].error();
            continue;
        }
        append_addresses(servers, hosts[i / 2], found[i]->answer);
    }
    if (servers.empty()) co_return none;
    sort_and_thin(servers);
    co_return servers;
}

async_result<std::vector<name_server>> own_servers(resolver const& r, name zone) {
    question const asked{zone, record_type::ns};
    auto const answer = co_await r.look_up(asked, r.limit());
    if (!answer) co_return in_context(cannot_find(zone), answer.error());
    auto const hosts = hosts_of(answer->answer, zone);
    if (hosts.empty()) {
        co_return no_servers(zone, "the public DNS has none (" + to_string(answer->code) + ")");
    }
    auto servers = co_await addresses_of(r, hosts, r.limit());
    if (!servers) co_return no_servers(zone, servers.error().message);
    co_return servers;
}

} // namespace acme_dns01::dns
