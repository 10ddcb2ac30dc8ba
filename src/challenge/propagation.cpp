#include "challenge/propagation.hpp"

#include "base/text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <random>

namespace acme_dns01::challenge {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

// All values wanted at one name; a name and its wildcard share theirs.
struct wanted_name {
    dns::name fqdn;
    dns::record_type type;
    std::vector<std::string> values;
};

// One address that is asked.
struct witness {
    std::string host;
    dns::endpoint address;
    friend bool operator==(witness const&, witness const&) = default;
};

// Everything one wait knows. Questions on their way outlive the wait itself, hence shared.
struct wait_state {
    explicit wait_state(asio::any_io_executor const& executor) : changed(executor) {}

    std::vector<wanted_name> names;
    std::vector<witness> servers;
    std::vector<probe> probes;
    std::vector<std::string> said; // by probe: the last answer, in words
    witnesses asked = witnesses::authoritative;
    std::size_t in_flight = 0;
    clock::time_point start = clock::now();
    asio::steady_timer changed;
};

server_state state_of(dns::message const& m, wanted_name const& wanted, bool has_to_know) {
    if (m.code == dns::response_code::refused) return server_state::refused;
    if (m.code == dns::response_code::servfail) return server_state::servfail;
    auto const is_answer =
        m.code == dns::response_code::noerror || m.code == dns::response_code::nxdomain;
    if (!is_answer || (has_to_know && !m.authoritative)) return server_state::lame;
    auto const values = dns::data_of(m.answer, wanted.type, wanted.fqdn);
    auto const is_there = [&](auto const& value) { return std::ranges::count(values, value) > 0; };
    return std::ranges::all_of(wanted.values, is_there) ? server_state::serving
                                                        : server_state::missing;
}

std::string words_for(dns::message const& m, wanted_name const& wanted) {
    auto const values = dns::data_of(m.answer, wanted.type, wanted.fqdn).size();
    auto const code = to_string(m.code);
    return values == 0 ? code : code + " with " + counted(values, "other value");
}

awaitable<void> ask_one(std::shared_ptr<wait_state> state, std::size_t index) {
    auto const& wanted = state->names[state->probes[index].name];
    auto const& address = state->servers[state->probes[index].address].address;
    auto const is_authoritative = state->asked == witnesses::authoritative;
    dns::question const asked{wanted.fqdn, wanted.type};
    dns::ask_options options;
    options.recursion_desired = !is_authoritative;
    auto const answer = co_await dns::ask(address, asked, options);
    auto const seen =
        answer ? state_of(*answer, wanted, is_authoritative) : server_state::unreachable;
    state->said[index] = answer ? words_for(*answer, wanted) : answer.error().message;
    observe(state->probes[index], seen, clock::now());
    --state->in_flight;
    state->changed.cancel();
}

void send(std::shared_ptr<wait_state> const& state, std::vector<std::size_t> const& indices) {
    for (auto const index : indices) {
        if (state->in_flight >= questions_in_flight_max) return;
        auto& p = state->probes[index];
        p.in_flight = true;
        p.asked_at = clock::now();
        ++p.queries;
        ++state->in_flight;
        asio::co_spawn(state->changed.get_executor(), ask_one(state, index), asio::detached);
    }
}

// From best to worst, as a server's line is to show it.
int badness(server_state s) { return s == server_state::serving ? 0 : 1 + static_cast<int>(s); }

propagation_report report_on(wait_state const& state) {
    propagation_report report;
    auto const now = clock::now();
    report.elapsed = seconds(now - state.start).count();
    report.by_resolvers = state.asked == witnesses::resolvers;
    for (auto const& server : state.servers) {
        auto const address = server.address.address().to_string();
        report.servers.push_back({server.host, address, server_state::serving, 0, 0});
    }
    std::vector<bool> served(state.names.size());
    std::vector<bool> lacking(state.names.size());
    for (auto const& p : state.probes) {
        if (p.serving_since) served[p.name] = true;
        if (!p.serving_since && !is_failing(p.state)) lacking[p.name] = true;
        auto& line = report.servers[p.address];
        auto const until = p.serving_since.value_or(now);
        line.seconds = std::max(line.seconds, seconds(until - state.start).count());
        line.queries += p.queries;
        if (badness(p.state) > badness(line.state)) line.state = p.state;
    }
    report.names = state.names.size();
    for (std::size_t i = 0; i < report.names; ++i)
        report.names_served += served[i] && !lacking[i] ? 1U : 0U;
    return report;
}

std::string server_label(server_report const& server) {
    return server.server + " (" + server.address + ")";
}

// "ns3.digitalocean.com (192.0.2.3) answered NXDOMAIN for _acme-challenge.example.com"
std::string complaint_about(wait_state const& state, std::size_t index) {
    auto const& p = state.probes[index];
    auto const& server = state.servers[p.address];
    auto const label = server.host + " (" + server.address.address().to_string() + ")";
    auto const& fqdn = state.names[p.name].fqdn.text();
    if (p.state == server_state::unasked) return label + " was not heard about " + fqdn;
    if (p.state == server_state::unreachable) return label + " cannot be reached for " + fqdn;
    return label + " answered " + state.said[index] + " for " + fqdn;
}

// Not a single answer: that is no matter of the record.
std::optional<error> unheard(wait_state const& state) {
    if (!std::ranges::all_of(state.probes, is_mute, &probe::state)) return std::nullopt;
    auto const resolvers = state.asked == witnesses::resolvers;
    return error{
        .kind = error_kind::not_propagated,
        .message = "none of the " + counted(state.servers.size(), "address", "addresses") +
                   (resolvers ? " of resolvers" : " of authoritative servers") + " answers",
        .hint = resolvers ? "name others with --resolver"
                          : "where outgoing port 53 is blocked, --propagation resolver asks "
                            "recursive resolvers instead",
    };
}

error timed_out(wait_state const& state, patience const& limits) {
    if (auto const failure = unheard(state)) return *failure;
    constexpr std::size_t shown_max = 6;
    std::vector<std::string> complaints;
    for (std::size_t i = 0; i < state.probes.size(); ++i) {
        if (!state.probes[i].serving_since) complaints.push_back(complaint_about(state, i));
    }
    auto const hidden = complaints.size() - std::min(complaints.size(), shown_max);
    complaints.resize(complaints.size() - hidden);
    if (hidden > 0) complaints.push_back("and " + std::to_string(hidden) + " more");
    auto const whom = state.asked == witnesses::resolvers ? "resolver" : "authoritative server";
    return {
        .kind = error_kind::not_propagated,
        .message = std::string("not on every ") + whom + " after " +
                   decimal(seconds(limits.timeout).count(), 1) + " s: " + joined(complaints, "; "),
        .hint = "try again, or allow more time with --propagation-timeout",
    };
}

std::vector<std::string> warnings_about(propagation_report const& report) {
    std::vector<std::string> warnings;
    for (auto const& server : report.servers) {
        if (server.state == server_state::serving) continue;
        warnings.push_back(
            server_label(server) + " was not waited for: " + std::string(to_string(server.state))
        );
    }
    return warnings;
}

awaitable<result<propagation_report>>
loop(std::shared_ptr<wait_state> state, propagation_settings const& settings) {
    std::mt19937 random(std::random_device{}());
    std::uniform_real_distribution<double> jitter(0.0, 1.0);
    while (true) {
        auto const d =
            decide(state->probes, settings.limits, state->start, clock::now(), jitter(random));
        send(state, d.ask);
        auto report = report_on(*state);
        report.complete = d.then == verdict::complete;
        if (report.complete) report.warnings = warnings_about(report);
        if (settings.progress) settings.progress(report);
        if (report.complete) co_return report;
        if (d.then == verdict::timed_out) co_return timed_out(*state, settings.limits);
        boost::system::error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        state->changed.expires_at(d.wake);
        co_await state->changed.async_wait(token);
    }
}

void add_probes(wait_state& state, std::size_t name, std::vector<witness> const& servers) {
    for (auto const& server : servers) {
        auto const known = std::ranges::find(state.servers, server);
        auto const index = static_cast<std::size_t>(known - state.servers.begin());
        if (known == state.servers.end()) state.servers.push_back(server);
        auto& p = state.probes.emplace_back();
        p.name = name;
        p.address = index;
        state.said.emplace_back();
    }
}

// A host without IPv6 never waits for IPv6. Where there is no way to any address, they all stay,
// and say so.
std::vector<witness> with_route(std::vector<dns::name_server> const& servers, std::uint16_t port) {
    std::vector<witness> all;
    for (auto const& server : servers)
        all.push_back({server.host.text(), dns::endpoint(server.address, port)});
    std::vector<witness> routed;
    std::ranges::copy_if(all, std::back_inserter(routed), [](auto const& w) {
        return dns::has_route(w.address);
    });
    return routed.empty() ? all : routed;
}

std::vector<witness> witnesses_of(std::vector<dns::endpoint> const& resolvers) {
    std::vector<witness> all;
    for (auto const& address : resolvers)
        all.push_back({"resolver", address});
    return all;
}

// The account's zone is no zone to the public: what is in it, nobody will find.
error not_delegated(dns::name const& zone, std::optional<dns::name> const& parent) {
    auto const above = parent ? parent->text() : "the zone above";
    return {
        .kind = error_kind::zone_not_found,
        .message = "zone " + zone.text() + " is not delegated: the name servers of " + above +
                   " do not know it, and no CA will look into it",
        .hint = "add NS records for it to " + above +
                ", or delete the zone at DigitalOcean, so that its names belong to " + above,
    };
}

std::vector<wanted_name> group_by_name(std::vector<target> const& targets) {
    std::vector<wanted_name> names;
    for (auto const& t : targets) {
        auto const same = [&](auto const& n) { return n.fqdn == t.fqdn && n.type == t.type; };
        auto found = std::ranges::find_if(names, same);
        if (found == names.end()) found = names.insert(names.end(), {t.fqdn, t.type, {}});
        found->values.push_back(t.value);
    }
    return names;
}

} // namespace

awaitable<result<propagation_report>>
wait_until_served(std::vector<target> targets, propagation_settings settings) {
    auto const executor = co_await asio::this_coro::executor;
    auto const state = std::make_shared<wait_state>(executor);
    state->asked = settings.asked;
    state->names = group_by_name(targets);
    auto const is_resolved = settings.asked == witnesses::resolvers;
    if (is_resolved) {
        auto const half = settings.limits.timeout / 2;
        settings.limits.first_question = std::min(first_question_to_resolvers, half);
    }
    // One look-up for the names of the servers, and one for their addresses.
    dns::resolver const resolver(settings.resolvers, settings.limits.timeout / 2);
    std::map<dns::name, std::vector<witness>> servers_of;
    for (std::size_t i = 0; i < state->names.size(); ++i) {
        auto const same = [&](auto const& t) { return t.fqdn == state->names[i].fqdn; };
        auto const& zone = std::ranges::find_if(targets, same)->zone;
        if (is_resolved) servers_of[zone] = witnesses_of(settings.resolvers);
        if (!servers_of.contains(zone)) {
            auto found = co_await dns::authoritative_servers(resolver, zone, settings.dns_port);
            if (!found) co_return found.error();
            if (found->above.is == dns::standing::not_delegated) {
                co_return not_delegated(zone, found->above.parent);
            }
            servers_of[zone] = with_route(found->servers, settings.dns_port);
        }
        add_probes(*state, i, servers_of[zone]);
    }
    auto report = co_await loop(state, settings);
    co_return report;
}

} // namespace acme_dns01::challenge
