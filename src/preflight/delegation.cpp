#include "preflight/delegation.hpp"

#include "base/text.hpp"
#include "challenge/wait/zone_check.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

namespace acme_dns01::preflight {

namespace asio = boost::asio;
using enum check_id;
using dns::delegation_status;
using names = std::set<dns::name>;

namespace {

struct prefix {
    std::string_view network;
    unsigned short length;
};

// RFC 6890, and those that it has been amended by: what nobody can reach from outside.
constexpr std::array<prefix, 13> private_v4{{
    {"0.0.0.0", 8},
    {"10.0.0.0", 8},
    {"100.64.0.0", 10},
    {"127.0.0.0", 8},
    {"169.254.0.0", 16},
    {"172.16.0.0", 12},
    {"192.0.0.0", 24},
    {"192.0.2.0", 24},
    {"192.168.0.0", 16},
    {"198.18.0.0", 15},
    {"198.51.100.0", 24},
    {"203.0.113.0", 24},
    {"224.0.0.0", 3},
}};

bool is_public_v4(asio::ip::address_v4 const& a) {
    return std::ranges::none_of(private_v4, [&](prefix const& p) {
        auto const network = asio::ip::make_address_v4(p.network).to_uint();
        return (a.to_uint() ^ network) >> (32U - p.length) == 0;
    });
}

// Global unicast is 2000::/3; of that 2001:db8::/32 is for documentation.
bool is_public_v6(asio::ip::address_v6 const& a) {
    auto const b = a.to_bytes();
    auto const is_documentation = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8;
    return (b[0] & 0xe0U) == 0x20U && !is_documentation;
}

std::string list_of(names const& hosts) {
    return hosts.empty() ? "none" : joined(dns::texts_of({hosts.begin(), hosts.end()}), ", ");
}

names set_of(std::vector<dns::name> const& hosts) { return {hosts.begin(), hosts.end()}; }

std::string parent_of(zone_facts const& f) {
    return f.above.parent ? shown(*f.above.parent) : "the zone above";
}

bool is_reachable(asio::ip::address const& a, std::uint16_t port) {
    constexpr std::uint16_t real_port = 53;
    return is_public(a) || (port != real_port && a.is_loopback());
}

bool has_public_address(host_facts const& h, std::uint16_t port) {
    return std::ranges::any_of(h.addresses, [&](auto const& a) { return is_reachable(a, port); });
}

std::string texts_of_addresses(std::vector<asio::ip::address> const& addresses) {
    std::vector<std::string> texts;
    for (auto const& a : addresses)
        texts.push_back(a.to_string());
    return texts.empty() ? "none" : joined(texts, ", ");
}

// Nothing can be found of a zone that is not there.
std::optional<finding> nothing_there(zone_facts const& f) {
    if (f.above.status == delegation_status::not_delegated && f.own_hosts.empty()) {
        auto const zone = f.zone.text();
        error const e{
            .kind = error_kind::dns_failure,
            .message = "the name servers of zone " + zone + " cannot be found: " + parent_of(f) +
                       " does not delegate it",
            .hint = challenge::delegation_hint};
        return wrong(delegation, e, challenge::delegation_hint);
    }
    if (f.above.status == delegation_status::not_delegated)
        return wrong(delegation, challenge::not_delegated(f.zone, f.above.parent), "");
    if (!public_hosts(f).empty()) return std::nullopt;
    if (!f.own_ns) return untold(delegation, f.own_ns.error(), "check this host's resolver");
    auto const what = "the public DNS has no name servers for zone " + f.zone.text();
    auto const evidence = "the resolver answers NS " + to_string(f.own_ns->code);
    return wrong(delegation, error_kind::dns_failure, what, evidence, challenge::delegation_hint);
}

std::optional<finding> hosted_elsewhere(zone_facts const& f) {
    dns::zone_servers publicly;
    publicly.above = f.above;
    std::vector<dns::name_server> in_account;
    auto const hosts = public_hosts(f);
    for (auto const& h : f.hosts) {
        for (auto const& a : h.addresses) {
            if (hosts.contains(h.host)) publicly.servers.push_back({h.host, a});
            auto const is_accounts = std::ranges::count(f.account_hosts, h.host) > 0;
            if (is_accounts) in_account.push_back({h.host, a});
        }
    }
    auto const e = challenge::hosted_elsewhere(f.zone, publicly, f.account_hosts, in_account);
    return e ? std::optional(wrong(delegation, *e, "")) : std::nullopt;
}

// A public server's address that no server of the account has. Those may have other names.
bool has_strange_address(zone_facts const& f) {
    std::set<asio::ip::address> in_account;
    for (auto const& h : f.hosts) {
        if (std::ranges::count(f.account_hosts, h.host) > 0)
            in_account.insert(h.addresses.begin(), h.addresses.end());
    }
    return !in_account.empty() && std::ranges::any_of(f.servers, [&](server_facts const& s) {
        return !in_account.contains(s.server.address);
    });
}

// Where the parent and the zone name different servers, resolvers ask those of either.
void compare_sets(zone_facts const& f, findings& found) {
    auto const above = set_of(f.above.hosts);
    auto const own = set_of(f.own_hosts);
    auto const in_account = set_of(f.account_hosts);
    auto const zone = f.zone.text();
    if (!above.empty() && !own.empty() && above != own) {
        found.push_back(doubtful(
            delegation,
            parent_of(f) + " delegates " + zone +
                " to other name servers than the zone itself names",
            parent_of(f) + " has " + list_of(above) + "; " + zone + " has " + list_of(own),
            "make the NS records of both the same, at the registrar or in the zone"
        ));
    }
    auto const publicly = public_hosts(f);
    if (has_strange_address(f)) {
        found.push_back(doubtful(
            delegation,
            "the public DNS has other name servers for " + zone + " than the account",
            "the public DNS has " + list_of(publicly) + "; the account has " + list_of(in_account),
            challenge::delegation_hint
        ));
    }
}

std::string at_registrar(zone_facts const& f, dns::name const& host) {
    return "correct the address records of " + host.text() + ", or name other servers for " +
           f.zone.text() + " at its registrar";
}

// Its fault, and what shows it; empty if it has none.
std::pair<std::string, std::string> fault_of(host_facts const& h, std::uint16_t port) {
    auto const name = "name server " + h.host.text();
    if (h.alias_of) return {name + " is an alias", "CNAME " + h.alias_of->text()};
    if (h.addresses.empty()) return {name + " does not resolve", h.failure};
    if (has_public_address(h, port)) return {};
    return {name + " has only addresses that no CA can reach", texts_of_addresses(h.addresses)};
}

void judge_hosts(zone_facts const& f, std::uint16_t port, findings& found) {
    auto const hosts = public_hosts(f);
    std::vector<finding> faults;
    std::size_t good = 0;
    for (auto const& h : f.hosts) {
        if (!hosts.contains(h.host)) continue;
        auto const [fault, evidence] = fault_of(h, port);
        if (fault.empty()) ++good;
        if (!fault.empty())
            faults.push_back(doubtful(
                delegation, fault, h.host.text() + ": " + evidence, at_registrar(f, h.host)
            ));
    }
    for (auto& fault : faults) {
        // The others are asked instead.
        if (good == 0) fault.is = severity::error;
        if (good == 0) fault.kind = error_kind::dns_failure;
        found.push_back(std::move(fault));
    }
}

// Of hosts that are good otherwise.
void judge_single_addresses(zone_facts const& f, std::uint16_t port, findings& found) {
    for (auto const& h : f.hosts) {
        if (!has_public_address(h, port)) continue;
        for (auto const& a : h.addresses) {
            if (is_reachable(a, port)) continue;
            found.push_back(doubtful(
                delegation,
                "name server " + h.host.text() + " has an address that no CA can reach",
                h.host.text() + ": " + a.to_string(),
                at_registrar(f, h.host)
            ));
        }
    }
}

void judge_glue(zone_facts const& f, findings& found) {
    for (auto const& h : f.hosts) {
        std::set<asio::ip::address> glue;
        for (auto const& g : f.above.glue)
            if (g.host == h.host) glue.insert(g.address);
        std::set<asio::ip::address> const own(h.addresses.begin(), h.addresses.end());
        if (glue.empty() || own.empty() || std::ranges::includes(own, glue)) continue;
        found.push_back(doubtful(
            delegation,
            "the glue records for " + h.host.text() + " in " + parent_of(f) +
                " differ from its own addresses",
            parent_of(f) + " has " + texts_of_addresses({glue.begin(), glue.end()}) + "; " +
                h.host.text() + " has " + texts_of_addresses(h.addresses),
            "correct the addresses of " + h.host.text() + " at the registrar of " + f.zone.text()
        ));
    }
}

} // namespace

bool is_public(asio::ip::address const& address) {
    if (address.is_v4()) return is_public_v4(address.to_v4());
    auto const v6 = address.to_v6();
    return v6.is_v4_mapped() ? false : is_public_v6(v6);
}

findings check_delegation(zone_facts const& f, std::uint16_t port) {
    if (auto const missing = nothing_there(f)) return {*missing};
    if (auto const elsewhere = hosted_elsewhere(f)) return {*elsewhere};
    findings found;
    compare_sets(f, found);
    judge_hosts(f, port, found);
    judge_single_addresses(f, port, found);
    judge_glue(f, found);
    if (!found.empty()) return found;
    auto const hosts = list_of(public_hosts(f));
    auto const is_known = f.above.status == delegation_status::delegated;
    return {well(
        delegation,
        (is_known ? parent_of(f) + " delegates " + f.zone.text() : f.zone.text() + " is served") +
            " by " + counted(public_hosts(f).size(), "name server"),
        hosts
    )};
}

findings check_cut(subject const& s) {
    if (!s.chain || !s.chain->zone || !s.zone) return {};
    auto const& below = *s.chain->zone;
    auto const is_below = below != *s.zone && below.is_within(*s.zone);
    if (!is_below) return {};
    return {wrong(delegation, challenge::delegated_further(end_of(s), *s.zone, below), "")};
}

} // namespace acme_dns01::preflight
