#include "support/scripted_zones.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>

namespace acme_dns01::test {

namespace {

using dns::message;
using dns::name;
using dns::record;
using dns::record_type;

constexpr auto resolver_address = "127.0.0.1";

struct zone {
    dns::name apex;
    std::vector<std::string> addresses;
    std::vector<record> records;
};

name parsed(std::string_view text) { return name::parse(text).value(); }

record_type type_called(std::string const& text) {
    using enum record_type;
    for (auto const type : {a, ns, cname, soa, txt, aaaa, dname, caa}) {
        if (to_string(type) == text) return type;
    }
    throw std::invalid_argument("no type " + text);
}

zone zone_of(scripted_zone const& text) {
    zone z{parsed(text.name), text.addresses, {}};
    for (auto const& line : text.records) {
        auto const words = split(line, " ");
        auto const data = line.substr(line.find(" " + words.at(1) + " ") + words[1].size() + 2);
        z.records.push_back({parsed(words[0]), type_called(words[1]), 60, data});
    }
    return z;
}

record soa(zone const& z) {
    return {z.apex, record_type::soa, 60, "ns.example. host.example. 1 2 3 4 5"};
}

std::vector<record> at(zone const& z, name const& owner, record_type type) {
    std::vector<record> found;
    std::ranges::copy_if(z.records, std::back_inserter(found), [&](record const& r) {
        return r.owner == owner && r.type == type;
    });
    return found;
}

std::vector<record> cut_above(zone const& z, name const& asked) {
    for (auto level = asked; level != z.apex && !level.is_root(); level = level.parent()) {
        auto cut = at(z, level, record_type::ns);
        if (!cut.empty()) return cut;
    }
    return {};
}

std::vector<record> dname_above(zone const& z, name const& asked) {
    for (auto level = asked.parent(); level.is_within(z.apex); level = level.parent()) {
        auto found = at(z, level, record_type::dname);
        if (!found.empty() || level.is_root()) return found;
    }
    return {};
}

std::vector<record> wildcard(zone const& z, name const& asked, record_type type) {
    auto found = at(z, asked.parent().child("*").value(), type);
    for (auto& r : found)
        r.owner = asked;
    return found;
}

bool exists(zone const& z, name const& asked) {
    return asked == z.apex ||
           std::ranges::any_of(z.records, [&](auto const& r) { return r.owner.is_within(asked); });
}

void answer_from(zone const& z, message& m) {
    auto const& asked = m.asked.asked;
    if (m.asked.type == record_type::soa && asked == z.apex) {
        m.answer = {soa(z)};
        return;
    }
    m.answer = at(z, asked, m.asked.type);
    if (m.answer.empty()) m.answer = at(z, asked, record_type::cname);
    if (m.answer.empty()) m.answer = dname_above(z, asked);
    if (m.answer.empty() && !exists(z, asked)) m.answer = wildcard(z, asked, record_type::cname);
    if (!m.answer.empty()) return;
    m.authority = {soa(z)};
    auto const is_there = exists(z, asked) || exists(z, asked.parent().child("*").value());
    if (!is_there) m.code = dns::response_code::nxdomain;
}

zone const* closest(std::vector<zone> const& zones, received_query const& q) {
    zone const* best = nullptr;
    for (auto const& z : zones) {
        auto const is_served = q.address == resolver_address ||
                               std::ranges::find(z.addresses, q.address) != z.addresses.end();
        if (!is_served || !q.query.asked.asked.is_within(z.apex)) continue;
        if (best == nullptr || z.apex.is_within(best->apex)) best = &z;
    }
    return best;
}

} // namespace

script serving(std::vector<scripted_zone> texts) {
    std::vector<zone> zones;
    std::ranges::transform(texts, std::back_inserter(zones), zone_of);
    return [zones](received_query const& q) -> std::vector<reply> {
        auto const* z = closest(zones, q);
        if (z == nullptr) return {{answer_with_code(q, dns::response_code::refused)}};
        auto m = answer_to(q);
        auto referral = cut_above(*z, q.query.asked.asked);
        if (referral.empty()) {
            answer_from(*z, m);
        } else {
            m.authority = std::move(referral);
            m.authoritative = false;
        }
        return {{encoded(m)}};
    };
}

std::vector<std::string> addresses_for(std::vector<scripted_zone> const& zones) {
    std::vector<std::string> all{resolver_address};
    std::set<std::string> known{resolver_address};
    for (auto const& z : zones) {
        for (auto const& address : z.addresses) {
            if (known.insert(address).second) all.push_back(address);
        }
    }
    return all;
}

} // namespace acme_dns01::test
