#include "challenge/wait/loop.hpp"

#include "base/concurrent.hpp"
#include "challenge/wait/state.hpp"
#include "challenge/wait/zone_check.hpp"
#include "dns/alias.hpp"

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
#include <set>

namespace acme_dns01::challenge {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

// The look-up of a zone takes a handful of questions.
constexpr std::size_t zones_at_once = 8;
// However short a wait is, its servers have to be found first.
constexpr std::chrono::seconds look_up_min{1};

// For the names of the servers and for their addresses.
dns::resolver resolver_for(propagation_settings const& settings) {
    clock::duration const limit =
        std::max<clock::duration>(settings.limits.timeout / 2, look_up_min);
    return dns::resolver(settings.resolvers, limit);
}

server_state state_of(dns::message const& m, wanted_name const& wanted, bool has_to_know) {
    if (m.code == dns::response_code::refused) return server_state::refused;
    if (m.code == dns::response_code::servfail) return server_state::servfail;
    auto const is_answer =
        m.code == dns::response_code::noerror || m.code == dns::response_code::nxdomain;
    if (!is_answer || (has_to_know && !m.authoritative)) return server_state::lame;
    auto const is_there = [&](std::string const& value) {
        return std::ranges::any_of(m.answer, [&](dns::record const& r) {
            return r.type == wanted.type && r.data == value && r.owner == wanted.fqdn;
        });
    };
    return std::ranges::all_of(wanted.values, is_there) ? server_state::serving
                                                        : server_state::missing;
}

last_answer summary_of(dns::message const& m, wanted_name const& wanted) {
    last_answer answer{m.code, 0, std::nullopt};
    answer.values = static_cast<std::size_t>(std::ranges::count_if(m.answer, [&](auto const& r) {
        return r.type == wanted.type && r.owner == wanted.fqdn;
    }));
    if (m.authoritative) return answer;
    auto const step = dns::step_in(m, wanted.fqdn, wanted.zone);
    if (step.is == dns::alias_step::kind::referral) answer.refers = step.next;
    return answer;
}

awaitable<void> ask_one(std::shared_ptr<wait_state> state, std::size_t index) {
    auto const& wanted = state->names[state->probes[index].name];
    auto const& address = state->servers[state->probes[index].address].address;
    auto const is_authoritative = state->asked == asked_servers::authoritative;
    dns::question const asked{wanted.fqdn, wanted.type};
    dns::ask_options options;
    options.recursion_desired = !is_authoritative;
    auto const answer = co_await dns::ask(address, asked, options);
    auto const no_answer = !answer && dns::is_own_shortage(answer.error())
                               ? server_state::unsent
                               : server_state::unreachable;
    auto const seen = answer ? state_of(*answer, wanted, is_authoritative) : no_answer;
    if (answer && seen != server_state::serving)
        state->last_answers[index] = summary_of(*answer, wanted);
    if (state->last_answers[index].refers) ++state->referrals;
    observe(state->probes[index], seen, clock::now());
    --state->in_flight;
    state->changed.cancel();
}

void send(
    std::shared_ptr<wait_state> const& state,
    std::vector<std::size_t> const& indices,
    rounds& of_wait,
    clock::time_point now
) {
    for (auto const index : indices) {
        if (state->in_flight >= questions_in_flight_max) return;
        auto& p = state->probes[index];
        p.in_flight = true;
        p.asked_at = now;
        ++p.queries;
        ++state->in_flight;
        of_wait.note_question(p.address, now);
        asio::co_spawn(state->changed.get_executor(), ask_one(state, index), asio::detached);
    }
}

// If the public DNS and the account do not mean the same zone, waiting does not help.
std::optional<error> contradiction_in(wait_state const& state) {
    for (auto const& p : state.probes) {
        auto const found = state.hosted_elsewhere.find(state.names[p.name].zone);
        auto const is_missing = p.state == server_state::missing;
        if (is_missing && found != state.hosted_elsewhere.end()) return found->second;
    }
    return state.referrals == 0 ? std::nullopt : found_further_down(state);
}

async_result<propagation_report>
loop(std::shared_ptr<wait_state> state, propagation_settings const& settings) {
    std::mt19937 random(std::random_device{}());
    std::uniform_real_distribution<double> jitter(0.0, 1.0);
    rounds now_is_in(state->start);
    clock::time_point report_at; // a report is made of all answers: not after each of them
    while (true) {
        auto const now = clock::now();
        now_is_in.advance(now, jitter(random));
        auto const d = decide(state->probes, settings.limits, now_is_in, now);
        send(state, d.ask, now_is_in, now);
        for (auto const i : d.held_back)
            hold_back(state->probes[i], now);
        auto const is_over = d.then != verdict::go_on;
        if (settings.progress && (is_over || now >= report_at)) {
            settings.progress(report_on(*state));
            report_at = now + report_interval;
        }
        if (d.then == verdict::complete) co_return complete_report(*state);
        if (is_over) co_return timed_out(*state, settings.limits);
        if (auto const e = contradiction_in(*state)) co_return *e;
        boost::system::error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        state->changed.expires_at(settings.progress ? std::min(d.wake, report_at) : d.wake);
        co_await state->changed.async_wait(token);
    }
}

void add_probes(wait_state& state, std::size_t name, std::vector<server_address> const& servers) {
    for (auto const& server : servers) {
        auto const known = std::ranges::find(state.servers, server);
        auto const index = static_cast<std::size_t>(known - state.servers.begin());
        if (known == state.servers.end()) state.servers.push_back(server);
        auto& p = state.probes.emplace_back();
        p.name = name;
        p.address = index;
        state.last_answers.emplace_back();
    }
}

// A host without IPv6 does not wait for IPv6. Without a route to any address all of them stay, and
// are reported as unreachable.
std::vector<server_address>
with_route(std::vector<dns::name_server> const& servers, std::uint16_t port) {
    std::vector<server_address> all;
    std::vector<server_address> routed;
    for (auto const& server : servers) {
        all.push_back({server.host.text(), dns::endpoint(server.address, port)});
        if (dns::has_route(all.back().address)) routed.push_back(all.back());
    }
    return routed.empty() ? all : routed;
}

std::vector<wanted_name> group_by_name(targets const& wanted) {
    std::vector<wanted_name> names;
    for (auto const& t : wanted) {
        auto const same = [&](auto const& n) { return n.fqdn == t.fqdn && n.type == t.type; };
        auto found = std::ranges::find_if(names, same);
        if (found == names.end()) {
            found = names.insert(names.end(), {t.fqdn, t.type, {}, t.zone});
        }
        found->values.push_back(t.value);
    }
    return names;
}

// The servers of one zone, compared with those that the account has.
async_result<std::vector<server_address>> servers_of_zone(
    wait_state& state, propagation_settings const& settings, dns::resolver resolver, dns::name zone
) {
    auto const publicly = co_await public_servers(resolver, zone, settings.dns_port);
    if (!publicly) co_return publicly.error();
    auto const end = deadline::in(settings.limits.timeout);
    auto const elsewhere =
        co_await check_zone(resolver, zone, *publicly, settings.ask_account, end);
    if (elsewhere) state.hosted_elsewhere.emplace(zone, *elsewhere);
    co_return with_route(publicly->servers, settings.dns_port);
}

// Finds the servers of all zones. Every name is asked for at each server of its zone.
async_result<void>
find_servers(wait_state& state, propagation_settings const& settings, dns::resolver resolver) {
    std::set<dns::name> distinct;
    for (auto const& n : state.names)
        distinct.insert(n.zone);
    std::vector<dns::name> const zones(distinct.begin(), distinct.end());
    using servers = std::vector<server_address>;
    std::function<async_result<servers>(std::size_t)> const look_up = [&](auto i) {
        return servers_of_zone(state, settings, resolver, zones[i]);
    };
    auto const found = co_await a_few_at_once(zones_at_once, zones.size(), look_up);
    std::map<dns::name, servers> servers_of;
    for (std::size_t i = 0; i < zones.size(); ++i) {
        if (!found[i]) co_return found[i].error();
        servers_of[zones[i]] = *found[i];
    }
    for (std::size_t i = 0; i < state.names.size(); ++i)
        add_probes(state, i, servers_of[state.names[i].zone]);
    co_return result<void>();
}

} // namespace

async_result<propagation_report> wait_until_served(targets wanted, propagation_settings settings) {
    auto const executor = co_await asio::this_coro::executor;
    auto const state = std::make_shared<wait_state>(executor);
    state->asked = settings.asked;
    state->names = group_by_name(wanted);
    if (settings.asked == asked_servers::resolvers) {
        auto const half = settings.limits.timeout / 2;
        settings.limits.first_question = std::min(first_question_to_resolvers, half);
        std::vector<server_address> servers;
        for (auto const& address : settings.resolvers)
            servers.push_back({"resolver", address});
        for (std::size_t i = 0; i < state->names.size(); ++i)
            add_probes(*state, i, servers);
    } else {
        auto const found = co_await find_servers(*state, settings, resolver_for(settings));
        if (!found) co_return found.error();
    }
    auto report = co_await loop(state, settings);
    co_return report;
}

} // namespace acme_dns01::challenge
