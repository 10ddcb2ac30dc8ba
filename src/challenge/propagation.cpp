#include "challenge/propagation.hpp"

#include "base/text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
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
    std::vector<std::string> values;
};

// Everything one wait knows. Questions on their way outlive the wait itself, hence shared.
struct wait_state {
    explicit wait_state(asio::any_io_executor const& executor) : changed(executor) {}

    std::vector<wanted_name> names;
    std::vector<dns::name_server> servers;
    std::vector<probe> probes;
    std::vector<std::size_t> name_of;   // by probe
    std::vector<std::size_t> server_of; // by probe
    std::vector<std::string> said;      // by probe: the last answer, in words
    std::uint16_t dns_port = 53;
    std::size_t in_flight = 0;
    clock::time_point start = clock::now();
    asio::steady_timer changed;
};

server_state state_of(dns::message const& m, wanted_name const& wanted) {
    if (m.code == dns::response_code::refused) return server_state::refused;
    if (m.code == dns::response_code::servfail) return server_state::servfail;
    auto const is_answer =
        m.code == dns::response_code::noerror || m.code == dns::response_code::nxdomain;
    if (!is_answer || !m.authoritative) return server_state::lame;
    auto const values = dns::data_of(m.answer, dns::record_type::txt, wanted.fqdn);
    auto const is_there = [&](auto const& value) { return std::ranges::count(values, value) > 0; };
    return std::ranges::all_of(wanted.values, is_there) ? server_state::serving
                                                        : server_state::missing;
}

std::string words_for(dns::message const& m, wanted_name const& wanted) {
    auto const values = dns::data_of(m.answer, dns::record_type::txt, wanted.fqdn).size();
    auto const code = to_string(m.code);
    return values == 0 ? code : code + " with " + counted(values, "other value");
}

awaitable<void> ask_one(std::shared_ptr<wait_state> state, std::size_t index) {
    auto const& wanted = state->names[state->name_of[index]];
    auto const& server = state->servers[state->server_of[index]];
    dns::endpoint const address(server.address, state->dns_port);
    dns::question const asked{wanted.fqdn, dns::record_type::txt};
    dns::ask_options const options;
    auto const answer = co_await dns::ask(address, asked, options);
    auto const seen = answer ? state_of(*answer, wanted) : server_state::unreachable;
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
    for (auto const& server : state.servers) {
        report.servers.push_back(
            {server.host.text(), server.address.to_string(), server_state::serving, 0, 0}
        );
    }
    for (std::size_t i = 0; i < state.probes.size(); ++i) {
        auto const& p = state.probes[i];
        auto& line = report.servers[state.server_of[i]];
        auto const until = p.serving_since.value_or(now);
        line.seconds = std::max(line.seconds, seconds(until - state.start).count());
        line.queries += p.queries;
        if (badness(p.state) > badness(line.state)) line.state = p.state;
    }
    return report;
}

std::string server_label(server_report const& server) {
    return server.server + " (" + server.address + ")";
}

// "ns3.digitalocean.com (192.0.2.3) answered NXDOMAIN for _acme-challenge.example.com"
std::string complaint_about(wait_state const& state, std::size_t index) {
    auto const& server = state.servers[state.server_of[index]];
    auto const label = server.host.text() + " (" + server.address.to_string() + ")";
    auto const& fqdn = state.names[state.name_of[index]].fqdn.text();
    auto const& p = state.probes[index];
    if (p.state == server_state::unasked) return label + " was not heard about " + fqdn;
    if (p.state == server_state::unreachable) return label + " cannot be reached for " + fqdn;
    return label + " answered " + state.said[index] + " for " + fqdn;
}

error timed_out(wait_state const& state, patience const& limits) {
    constexpr std::size_t shown_max = 6;
    std::vector<std::string> complaints;
    for (std::size_t i = 0; i < state.probes.size(); ++i) {
        if (!state.probes[i].serving_since) complaints.push_back(complaint_about(state, i));
    }
    auto const hidden = complaints.size() - std::min(complaints.size(), shown_max);
    complaints.resize(complaints.size() - hidden);
    if (hidden > 0) complaints.push_back("and " + std::to_string(hidden) + " more");
    return {
        .kind = error_kind::not_propagated,
        .message = "not on every authoritative server after " +
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
        auto const d = decide(
            state->probes,
            state->name_of,
            settings.limits,
            state->start,
            clock::now(),
            jitter(random)
        );
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

void add_probes(wait_state& state, std::size_t name, std::vector<dns::name_server> const& servers) {
    for (auto const& server : servers) {
        auto const known = std::ranges::find(state.servers, server);
        auto const index = static_cast<std::size_t>(known - state.servers.begin());
        if (known == state.servers.end()) state.servers.push_back(server);
        state.name_of.push_back(name);
        state.server_of.push_back(index);
        state.probes.emplace_back();
        state.said.emplace_back();
    }
}

// A host without IPv6 never waits for IPv6. Where there is no way to any address, they all stay,
// and say so.
std::vector<dns::name_server>
with_route(std::vector<dns::name_server> const& servers, std::uint16_t port) {
    std::vector<dns::name_server> routed;
    for (auto const& server : servers) {
        if (dns::has_route({server.address, port})) routed.push_back(server);
    }
    return routed.empty() ? servers : routed;
}

std::vector<wanted_name> group_by_name(std::vector<target> const& targets) {
    std::vector<wanted_name> names;
    for (auto const& t : targets) {
        auto const same = [&](auto const& n) { return n.fqdn == t.fqdn; };
        auto found = std::ranges::find_if(names, same);
        if (found == names.end()) found = names.insert(names.end(), {t.fqdn, {}});
        found->values.push_back(t.value);
    }
    return names;
}

} // namespace

awaitable<result<propagation_report>>
wait_until_served(std::vector<target> targets, propagation_settings settings) {
    auto const executor = co_await asio::this_coro::executor;
    auto const state = std::make_shared<wait_state>(executor);
    state->dns_port = settings.dns_port;
    state->names = group_by_name(targets);
    // One look-up for the names of the servers, and one for their addresses.
    dns::resolver const resolver(settings.resolvers, settings.limits.timeout / 2);
    std::map<dns::name, std::vector<dns::name_server>> servers_of;
    for (std::size_t i = 0; i < state->names.size(); ++i) {
        auto const same = [&](auto const& t) { return t.fqdn == state->names[i].fqdn; };
        auto const& zone = std::ranges::find_if(targets, same)->zone;
        if (!servers_of.contains(zone)) {
            auto found = co_await dns::authoritative_servers(resolver, zone, settings.dns_port);
            if (!found) co_return found.error();
            servers_of[zone] = with_route(found->servers, settings.dns_port);
        }
        add_probes(*state, i, servers_of[zone]);
    }
    auto report = co_await loop(state, settings);
    co_return report;
}

} // namespace acme_dns01::challenge
