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
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <set>

namespace acme_dns01::challenge {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

// Each takes a handful of questions.
constexpr std::size_t zones_at_once = 8;
// However short a wait is to be, its servers have to be found first.
constexpr std::chrono::seconds look_up_min{1};

// One look-up for the names of the servers, and one for their addresses.
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

saying saying_of(dns::message const& m, wanted_name const& wanted) {
    saying said{m.code, 0, std::nullopt};
    auto const is_one = [&](dns::record const& r) {
        return r.type == wanted.type && r.owner == wanted.fqdn;
    };
    said.values = static_cast<std::size_t>(std::ranges::count_if(m.answer, is_one));
    if (m.authoritative) return said;
    auto const step = dns::step_in(m, wanted.fqdn, wanted.zone);
    if (step.is == dns::alias_step::kind::referral) said.refers = step.next;
    return said;
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
    if (answer && seen != server_state::serving) state->said[index] = saying_of(*answer, wanted);
    if (state->said[index].refers) ++state->referrals;
    observe(state->probes[index], seen, clock::now());
    --state->in_flight;
    state->changed.cancel();
}

void send(
    std::shared_ptr<wait_state> const& state,
    std::vector<std::size_t> const& indices,
    clock::time_point now
) {
    for (auto const index : indices) {
        if (state->in_flight >= questions_in_flight_max) return;
        auto& p = state->probes[index];
        p.in_flight = true;
        p.asked_at = now;
        ++p.queries;
        ++state->in_flight;
        asio::co_spawn(state->changed.get_executor(), ask_one(state, index), asio::detached);
    }
}

// Tells how it goes, if somebody wants to know, and not too often: a report is made of all that was
// seen.
class teller {
public:
    explicit teller(propagation_settings const& s) : tell_(s.progress) {}

    void tell(wait_state const& state, bool at_any_rate) {
        auto const is_due = at_any_rate || clock::now() >= told_at_ + report_interval;
        if (!tell_ || !is_due) return;
        told_at_ = clock::now();
        tell_(report_on(state));
    }

    clock::time_point wake(clock::time_point at_the_latest) const {
        return tell_ ? std::min(at_the_latest, told_at_ + report_interval) : at_the_latest;
    }

private:
    std::function<void(propagation_report const&)> const& tell_;
    clock::time_point told_at_{};
};

// What is not waited for any more has failed, if only by its silence.
propagation_report completed(wait_state const& state) {
    auto report = report_on(state);
    report.complete = true;
    report.names_served = report.names;
    for (auto& server : report.servers) {
        auto const is_told = server.state == server_state::serving || is_failing(server.state);
        if (!is_told) server.state = server_state::unreachable;
    }
    report.warnings = warnings_about(report);
    return report;
}

// Where the public DNS and the account do not mean the same zone, waiting does not help.
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
    teller progress(settings);
    while (true) {
        auto const now = clock::now();
        now_is_in.advance(now, jitter(random));
        auto const d = decide(state->probes, settings.limits, now_is_in, now);
        send(state, d.ask, now);
        auto const is_over = d.then != verdict::go_on;
        progress.tell(*state, is_over);
        if (d.then == verdict::complete) co_return completed(*state);
        if (is_over) co_return timed_out(*state, settings.limits);
        if (auto const e = contradiction_in(*state)) co_return *e;
        boost::system::error_code ec;
        auto token = asio::redirect_error(asio::use_awaitable, ec);
        state->changed.expires_at(progress.wake(d.wake));
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

std::vector<dns::name> zones_of(std::vector<wanted_name> const& names) {
    std::set<dns::name> zones;
    for (auto const& n : names)
        zones.insert(n.zone);
    return {zones.begin(), zones.end()};
}

struct found_zone {
    dns::zone_servers servers;
    std::optional<error> elsewhere;
};

async_result<found_zone>
find_zone(dns::resolver resolver, dns::name zone, propagation_settings const& settings) {
    auto const publicly = co_await public_servers(resolver, zone, settings.dns_port);
    if (!publicly) co_return publicly.error();
    found_zone found{*publicly, std::nullopt};
    if (!settings.ask_account || !looks_foreign(*publicly)) co_return found;
    auto const end = deadline::in(settings.limits.timeout);
    found.elsewhere = co_await check_zone(resolver, zone, *publicly, settings.ask_account, end);
    co_return found;
}

// Finds the servers of all zones, and has every name asked at all of its zone's.
async_result<void>
find_servers(wait_state& state, propagation_settings const& settings, dns::resolver resolver) {
    auto const zones = zones_of(state.names);
    std::function<async_result<found_zone>(std::size_t)> const look_up = [&](auto i) {
        return find_zone(resolver, zones[i], settings);
    };
    auto const found = co_await a_few_at_once(zones_at_once, zones.size(), look_up);
    std::map<dns::name, std::vector<witness>> servers_of;
    for (std::size_t i = 0; i < zones.size(); ++i) {
        if (!found[i]) co_return found[i].error();
        servers_of[zones[i]] = with_route(found[i]->servers.servers, settings.dns_port);
        if (found[i]->elsewhere) state.hosted_elsewhere.emplace(zones[i], *found[i]->elsewhere);
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
    if (settings.asked == witnesses::resolvers) {
        auto const half = settings.limits.timeout / 2;
        settings.limits.first_question = std::min(first_question_to_resolvers, half);
        for (std::size_t i = 0; i < state->names.size(); ++i)
            add_probes(*state, i, witnesses_of(settings.resolvers));
    } else {
        auto const found = co_await find_servers(*state, settings, resolver_for(settings));
        if (!found) co_return found.error();
    }
    auto report = co_await loop(state, settings);
    co_return report;
}

} // namespace acme_dns01::challenge
