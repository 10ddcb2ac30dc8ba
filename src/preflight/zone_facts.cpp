#include "preflight/zone_facts.hpp"

#include "base/concurrent.hpp"
#include "base/text.hpp"
#include "dns/alias.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <iterator>
#include <set>

namespace acme_dns01::preflight {

using boost::asio::awaitable;
using dns::name_server;
using dns::question;
using dns::record_type;
using std::ranges::copy;

namespace {

// Of one zone. Large providers have some dozen.
constexpr std::size_t addresses_max = 32;
constexpr std::chrono::seconds second_look_after{1};
constexpr std::chrono::seconds account_patience{5};

void add_addresses(host_facts& found, result<dns::message> const& answer) {
    if (!answer) {
        found.failure = answer.error().message;
        return;
    }
    auto const alias = data_of(answer->answer, record_type::cname, found.host);
    auto const target = alias.empty() ? error() : dns::name::parse(alias.front());
    if (target) found.alias_of = *target;
    for (auto const& r : answer->answer) {
        if (r.type != record_type::a && r.type != record_type::aaaa) continue;
        boost::system::error_code ec;
        auto const address = boost::asio::ip::make_address(r.data, ec);
        auto const has_room = found.addresses.size() < dns::addresses_of_host_max;
        if (!ec && has_room) found.addresses.push_back(address);
    }
    if (answer->code == dns::response_code::nxdomain) found.failure = "NXDOMAIN";
}

awaitable<host_facts> host_of(questions const& dns, dns::name host) {
    host_facts found{.host = host};
    question const v4{host, record_type::a};
    question const v6{host, record_type::aaaa};
    auto const both = co_await both_at_once(dns.look_up(v4), dns.look_up(v6));
    add_addresses(found, both.first);
    add_addresses(found, both.second);
    if (!found.addresses.empty()) found.failure.clear();
    if (found.addresses.empty() && found.failure.empty()) found.failure = "no address";
    co_return found;
}

awaitable<std::vector<host_facts>> hosts_of(questions const& dns, std::set<dns::name> hosts) {
    std::vector<awaitable<host_facts>> tasks;
    for (auto const& host : hosts)
        tasks.push_back(host_of(dns, host));
    auto found = co_await all_at_once(std::move(tasks));
    co_return found;
}

// A server that fails at EDNS is asked without.
dns::ask_options options_for(server_facts const& s) {
    dns::ask_options o;
    o.edns = !s.without_edns;
    return o;
}

// Fails with FORMERR, NOTIMP or BADVERS, or by silence.
bool may_fail_at_edns(server_facts const& s) {
    using enum dns::response_code;
    if (!s.over_udp) return s.over_tcp.has_value();
    auto const code = s.over_udp->code;
    return code == formerr || code == notimp || code == badvers;
}

// Further questions to the servers of a zone, and to how many servers for one answer.
struct further_questions {
    zone_plan const& plan;
    int wanted = 2;
};

awaitable<bool> keep_answer(questions const& dns, server_facts& s, question asked) {
    auto answer = co_await dns.ask(s.at, asked, options_for(s));
    s.answers.insert_or_assign(std::move(asked), std::move(answer));
    co_return true;
}

awaitable<void> ask_further(questions const& dns, server_facts& s, further_questions& more) {
    if (good_answer(s, more.plan.zone) == nullptr) co_return;
    auto asked = more.plan.of_all;
    if (more.wanted-- > 0) asked.insert(more.plan.of_two.begin(), more.plan.of_two.end());
    std::vector<awaitable<bool>> tasks;
    for (auto const& q : asked)
        tasks.push_back(keep_answer(dns, s, q));
    co_await all_at_once(std::move(tasks));
}

awaitable<bool> ask_over_udp(questions const& dns, server_facts& s, further_questions& more) {
    question const soa{more.plan.zone, record_type::soa};
    s.over_udp = co_await dns.ask(s.at, soa);
    co_await ask_further(dns, s, more);
    co_return true;
}

async_result<dns::message> ask_over_tcp(questions const& dns, server_facts const& s, question soa) {
    dns::ask_options over_tcp;
    over_tcp.over_tcp = true;
    auto answer = co_await dns.ask(s.at, soa, over_tcp);
    co_return answer;
}

awaitable<bool> ask_one(questions const& dns, server_facts& s, further_questions& more) {
    question const soa{more.plan.zone, record_type::soa};
    auto by_tcp = ask_over_tcp(dns, s, soa);
    auto both = co_await both_at_once(ask_over_udp(dns, s, more), std::move(by_tcp));
    s.over_tcp = std::move(both.second);
    // A lost SYN is sent again after a second only, which is later than our patience.
    auto const lacks_tcp = s.over_udp && !s.over_tcp;
    if (lacks_tcp) s.over_tcp = co_await ask_over_tcp(dns, s, soa);
    if (!may_fail_at_edns(s)) co_return true;
    dns::ask_options plain;
    plain.edns = false;
    auto without = co_await dns.ask(s.at, soa, plain);
    s.without_edns = std::move(without);
    co_await ask_further(dns, s, more);
    co_return true;
}

// Those whose serial number is below another's may be about to change: after a moment they serve at
// least what the others served before it.
awaitable<void> look_again(questions const& dns, zone_facts& f) {
    std::optional<std::uint32_t> newest;
    std::optional<std::uint32_t> oldest;
    for (auto const& s : f.servers) {
        auto const* const answer = good_answer(s, f.zone);
        auto const serial = answer == nullptr ? std::nullopt : serial_in(*answer, f.zone);
        if (!serial) continue;
        if (!newest || is_behind(*newest, *serial)) newest = serial;
        if (!oldest || is_behind(*serial, *oldest)) oldest = serial;
    }
    if (newest == oldest) co_return;
    auto const executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, second_look_after);
    co_await timer.async_wait(boost::asio::use_awaitable);
    question const soa{f.zone, record_type::soa};
    for (auto& s : f.servers) {
        if (good_answer(s, f.zone) == nullptr) continue;
        auto again = co_await dns.ask(s.at, soa, options_for(s));
        s.later = std::move(again);
    }
}

awaitable<void> ask_all(questions const& dns, zone_facts& f, zone_plan const& plan) {
    further_questions more{plan};
    std::vector<awaitable<bool>> tasks;
    for (auto& s : f.servers)
        tasks.push_back(ask_one(dns, s, more));
    co_await all_at_once(std::move(tasks));
    co_await look_again(dns, f);
}

bool are_digitaloceans(std::set<dns::name> const& hosts) {
    auto const home = dns::name::parse("digitalocean.com").value();
    auto const is_home = [&](dns::name const& host) { return host.is_within(home); };
    return !hosts.empty() && std::ranges::all_of(hosts, is_home);
}

void take_servers(zone_facts& f, std::uint16_t port) {
    std::vector<name_server> all = f.above.glue;
    auto const hosts = public_hosts(f);
    for (auto const& h : f.hosts) {
        if (!hosts.contains(h.host)) continue;
        for (auto const& address : h.addresses)
            all.push_back({h.host, address});
    }
    std::ranges::sort(all, {}, [](auto const& s) { return std::pair(s.host, s.address); });
    std::set<boost::asio::ip::address> known;
    for (auto const& s : all) {
        if (!known.insert(s.address).second || known.size() > addresses_max) continue;
        dns::endpoint const at(s.address, port);
        if (dns::has_route(at)) f.servers.push_back({.server = s, .at = at});
        if (!dns::has_route(at)) f.unreachable.push_back(s);
    }
}

awaitable<void> ask_for_signatures(questions const& dns, zone_facts& f) {
    auto const good = std::ranges::find_if(f.servers, [&](server_facts const& s) {
        return good_answer(s, f.zone) != nullptr;
    });
    if (good == f.servers.end()) co_return;
    dns::ask_options with_signatures;
    with_signatures.dnssec_ok = true;
    std::vector<async_result<dns::message>> tasks;
    for (auto const type : {record_type::dnskey, record_type::soa, record_type::nsec3param}) {
        question const asked{f.zone, type};
        tasks.push_back(dns.ask(good->at, asked, with_signatures));
    }
    auto const answers = co_await all_at_once(std::move(tasks));
    f.keys = answers[0];
    f.signed_soa = answers[1];
    f.nsec3 = answers[2];
}

awaitable<bool> ask_servers(
    questions const& dns,
    challenge::hosts_in_account ask_account,
    zone_facts& f,
    zone_plan const& plan
) {
    question const ns{f.zone, record_type::ns};
    auto const& resolver = dns.look_ups();
    auto above = dns::delegation_of(resolver, f.zone, dns.port());
    auto const both = co_await both_at_once(std::move(above), dns.look_up(ns));
    f.above = both.first;
    f.own_ns = both.second;
    if (f.own_ns) f.own_hosts = dns::hosts_of(f.own_ns->answer, f.zone);
    auto hosts = public_hosts(f);
    if (f.is_in_account && !are_digitaloceans(hosts)) {
        auto const until = deadline(clock::now() + account_patience);
        f.account_hosts = co_await ask_account(f.zone, until);
        hosts.insert(f.account_hosts.begin(), f.account_hosts.end());
    }
    f.hosts = co_await hosts_of(dns, std::move(hosts));
    take_servers(f, dns.port());
    co_await ask_all(dns, f, plan);
    co_return true;
}

awaitable<bool> validate(questions const& dns, zone_facts& f) {
    question const soa{f.zone, record_type::soa};
    question const ds{f.zone, record_type::ds};
    auto const both = co_await both_at_once(dns.validate(soa), dns.validate(ds));
    f.soa = both.first;
    f.ds = both.second;
    co_return true;
}

// That a name does not exist has to be proven, too (RFC 4035 5.4). No resolver is asked about a
// challenge name here, so that none remembers an answer about one that an order needs.
awaitable<void> validate_denial(questions const& dns, zone_facts& f) {
    auto const apex = f.zone.child("_acme-challenge");
    if (!apex) co_return;
    question const nowhere{dns::random_sibling(*apex), record_type::txt};
    f.denial = co_await dns.validate(nowhere);
}

} // namespace

awaitable<zone_facts>
survey_zone(questions const& dns, challenge::hosts_in_account ask_account, zone_plan plan) {
    zone_facts f{.zone = plan.zone, .is_in_account = plan.is_in_account};
    if (dns.asks_authoritative()) {
        auto servers = ask_servers(dns, std::move(ask_account), f, plan);
        co_await both_at_once(std::move(servers), validate(dns, f));
    } else {
        co_await validate(dns, f);
    }
    if (f.ds.data.empty()) co_return f;
    co_await ask_for_signatures(dns, f);
    co_await validate_denial(dns, f);
    co_return f;
}

std::set<dns::name> public_hosts(zone_facts const& f) {
    std::set<dns::name> hosts(f.own_hosts.begin(), f.own_hosts.end());
    hosts.insert(f.above.hosts.begin(), f.above.hosts.end());
    return hosts;
}

dns::message const* good_answer(server_facts const& s, dns::name const& zone) {
    auto const is_good = [&](result<dns::message> const& m) {
        return m && m->authoritative && serial_in(*m, zone);
    };
    if (is_good(s.over_udp)) return &*s.over_udp;
    return s.without_edns && is_good(*s.without_edns) ? &**s.without_edns : nullptr;
}

std::string label_of(server_facts const& s) {
    return s.server.host.text() + " (" + dns::to_string(s.at) + ")";
}

dns::message const* answer_to(zone_facts const& f, question const& asked) {
    for (auto const& s : f.servers) {
        auto const found = s.answers.find(asked);
        if (found == s.answers.end() || !found->second) continue;
        auto const code = found->second->code;
        auto const is_answer =
            code == dns::response_code::noerror || code == dns::response_code::nxdomain;
        if (is_answer) return &*found->second;
    }
    return nullptr;
}

std::optional<std::uint32_t> serial_in(dns::message const& m, dns::name const& zone) {
    auto const soa = data_of(m.answer, record_type::soa, zone);
    if (soa.size() != 1) return std::nullopt;
    auto const fields = split(soa.front(), " ");
    return fields.size() < 3 ? std::nullopt : number_in<std::uint32_t>(fields[2]);
}

bool is_behind(std::uint32_t serial, std::uint32_t other) {
    return static_cast<std::int32_t>(serial - other) < 0;
}

} // namespace acme_dns01::preflight
