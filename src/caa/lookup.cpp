#include "caa/lookup.hpp"

#include "base/concurrent.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace acme_dns01::caa {

namespace asio = boost::asio;
using dns::record_type;

namespace {

level failed(level l, std::string why) {
    l.is = level::content::failed;
    l.records.clear();
    l.failure = std::move(why);
    return l;
}

// The keys of a name have been asked for already; a warning is worth no more than that.
constexpr std::chrono::seconds second_look_patience{1};

bool is_in_doubt(level const& l) {
    return l.is == level::content::missing && l.node.label_count() > 1;
}

// A name that does not exist has no records of any other type either.
asio::awaitable<void> look_again(dns::validating_resolver const& r, std::vector<level>& climb) {
    auto const until = clock::now() + second_look_patience;
    for (auto& l : climb) {
        if (has_records(l)) break;
        if (!is_in_doubt(l)) continue;
        dns::question const key{l.node, record_type::dnskey};
        auto const patience = std::max(until - clock::now(), clock::duration::zero());
        auto const other = co_await r.look_up(key, patience);
        if (other.failure.empty() && other.code == dns::response_code::noerror)
            l.has_flaw = level::flaw::only_caa_is_nx;
    }
}

asio::awaitable<level> level_at(asio::awaitable<dns::validated> answer, dns::name node) {
    auto const a = co_await std::move(answer);
    co_return level_of(node, a);
}

} // namespace

bool has_records(level const& l) { return l.is == level::content::records && !l.records.empty(); }

bool is_alias(level const& l) { return !l.target.is_root() && l.target != l.node; }

dns::name const& owner_of(level const& l) { return is_alias(l) ? l.target : l.node; }

level level_of(dns::name node, dns::validated const& answer) {
    level l;
    l.node = std::move(node);
    l.target = answer.found_at;
    l.dnssec = answer.status;
    if (!answer.failure.empty()) return failed(std::move(l), answer.failure);
    if (answer.code == dns::response_code::nxdomain) l.is = level::content::missing;
    if (answer.lacks_soa) l.has_flaw = level::flaw::no_soa;
    for (auto const& rdata : answer.data) {
        auto property = parse_property(rdata);
        if (!property) return failed(std::move(l), property.error().message);
        l.is = level::content::records;
        l.records.push_back(std::move(*property));
    }
    std::ranges::sort(l.records, {}, [](property const& p) {
        return std::tie(p.tag, p.value, p.flags);
    });
    return l;
}

asio::awaitable<std::vector<level>>
look_up(dns::validating_resolver const& r, dns::name domain, clock::duration patience) {
    auto const executor = co_await asio::this_coro::executor;
    std::vector<asio::awaitable<level>> levels;
    for (auto const& node : domain.climb()) {
        dns::question const asked{node, record_type::caa};
        levels.push_back(level_at(r.look_up(asked, patience), node));
    }
    background_tasks keys(executor);
    for (auto zone = domain; r.validates(); zone = zone.parent()) {
        dns::question const key{zone, record_type::dnskey};
        dns::question const delegation{zone, record_type::ds};
        keys.start(r.look_up(key, patience));
        if (zone.is_root()) break;
        keys.start(r.look_up(delegation, patience));
    }
    auto found = co_await all_at_once(std::move(levels));
    if (r.validates()) co_await look_again(r, found);
    co_return found;
}

} // namespace acme_dns01::caa
