#include "challenge/wait/zone_check.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>
#include <set>

namespace acme_dns01::challenge {

using boost::asio::awaitable;

namespace {

constexpr auto domain_of_digitalocean = "digitalocean.com";
// After this time the wait goes on without the account's answer.
constexpr std::chrono::seconds check_limit{2};

std::vector<dns::name> hosts_of(dns::zone_servers const& publicly) {
    std::set<dns::name> hosts(publicly.above.hosts.begin(), publicly.above.hosts.end());
    for (auto const& server : publicly.servers)
        hosts.insert(server.host);
    return {hosts.begin(), hosts.end()};
}

async_result<std::vector<digitalocean::record>>
name_server_records(services::accounts& all, dns::name zone) {
    auto const account = all.for_name(zone);
    if (!account) co_return account.error();
    digitalocean::record_filter const filter{zone, "NS"};
    auto records = co_await (*account)->api().list_all_records(zone, filter);
    co_return records;
}

awaitable<std::vector<dns::name>>
hosts_in(services::accounts& all, log notes, dns::name zone, deadline until) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto const executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, until.end());
    boost::system::error_code ec;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ec);
    auto const first = co_await (name_server_records(all, zone) || timer.async_wait(token));
    std::vector<dns::name> hosts;
    if (first.index() == 1) co_return hosts;
    auto const& records = std::get<0>(first);
    if (!records) {
        notes.note(records.error().text());
        co_return hosts;
    }
    for (auto const& r : *records) {
        auto const host = dns::name::parse(r.data);
        if (host && r.name == "@") hosts.push_back(*host);
    }
    co_return hosts;
}

} // namespace

hosts_in_account asks_account(services::accounts& all, log notes) {
    return [&all, notes](dns::name zone, deadline until) {
        return hosts_in(all, notes, std::move(zone), until);
    };
}

async_result<dns::zone_servers>
public_servers(dns::resolver resolver, dns::name zone, std::uint16_t port) {
    auto found = co_await dns::authoritative_servers(resolver, zone, port);
    if (!found) {
        auto failure = found.error();
        if (failure.hint.empty()) failure.hint = delegation_hint;
        co_return failure;
    }
    if (found->above.status == dns::delegation_status::not_delegated) {
        co_return not_delegated(zone, found->above.parent);
    }
    co_return found;
}

error not_delegated(dns::name const& zone, std::optional<dns::name> const& parent) {
    auto const above = parent ? shown(*parent) : "the zone above";
    return {
        .kind = error_kind::zone_not_found,
        .message = "zone " + zone.text() + " is not delegated: the name servers of " + above +
                   " have no NS records for it, so no CA finds it",
        .hint = "add NS records for it to " + above +
                ", or delete the zone at DigitalOcean so that its names belong to " + above,
    };
}

error delegated_further(dns::name const& fqdn, dns::name const& zone, dns::name const& below) {
    return {
        .kind = error_kind::zone_not_found,
        .message = "a CA looks for " + fqdn.text() + " in zone " + below.text() + ", which " +
                   zone.text() +
                   " delegates to other name servers; the DigitalOcean account has only zone " +
                   zone.text(),
        .hint =
            "create the record where " + below.text() +
            " is hosted, or add it as a domain of this account and delegate it there, or remove "
            "its NS records from " +
            zone.text(),
    };
}

std::optional<error> found_further_down(wait_state const& state) {
    for (std::size_t i = 0; i < state.names.size(); ++i) {
        std::optional<dns::name> below;
        auto is_certain = true;
        for (std::size_t k = 0; k < state.probes.size(); ++k) {
            auto const& p = state.probes[k];
            if (p.name != i || p.state == server_state::unreachable) continue;
            if (p.state == server_state::lame && state.last_answers[k].refers) {
                below = state.last_answers[k].refers;
            } else {
                is_certain = false;
            }
        }
        if (is_certain && below) {
            return delegated_further(state.names[i].fqdn, state.names[i].zone, *below);
        }
    }
    return std::nullopt;
}

bool looks_foreign(dns::zone_servers const& publicly) {
    auto const home = dns::name::parse(domain_of_digitalocean).value();
    return std::ranges::none_of(hosts_of(publicly), [&](dns::name const& host) {
        return host.is_within(home);
    });
}

std::optional<error> hosted_elsewhere(
    dns::name const& zone,
    dns::zone_servers const& publicly,
    std::vector<dns::name> const& account_hosts,
    std::vector<dns::name_server> const& account_servers
) {
    auto const public_hosts = hosts_of(publicly);
    if (account_servers.empty() || publicly.servers.empty()) return std::nullopt;
    auto const same_host = std::ranges::find_first_of(public_hosts, account_hosts);
    auto const at = &dns::name_server::address;
    auto const same_address =
        std::ranges::find_first_of(publicly.servers, account_servers, {}, at, at);
    auto const is_shared =
        same_host != public_hosts.end() || same_address != publicly.servers.end();
    if (is_shared) return std::nullopt;
    return error{
        .kind = error_kind::zone_not_found,
        .message = "zone " + zone.text() + " is hosted elsewhere: the public DNS has it at " +
                   list_of(texts_of(public_hosts), ", ") + ", the DigitalOcean account at " +
                   list_of(texts_of(account_hosts), ", ") + ", where no CA looks",
        .hint = "delegate " + zone.text() +
                " to the account's name servers at its registrar, or "
                "create the record where the zone is hosted",
    };
}

awaitable<std::optional<error>> check_zone(
    dns::resolver resolver,
    dns::name zone,
    dns::zone_servers publicly,
    hosts_in_account ask_account,
    deadline end
) {
    if (!ask_account || !looks_foreign(publicly)) co_return std::nullopt;
    auto const until = end.at_most(check_limit);
    auto const hosts = co_await ask_account(zone, until);
    auto const servers = co_await dns::addresses_of(resolver, hosts, until);
    if (!servers) co_return std::nullopt;
    co_return hosted_elsewhere(zone, publicly, hosts, *servers);
}

} // namespace acme_dns01::challenge
