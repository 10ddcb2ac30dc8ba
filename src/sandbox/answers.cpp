#include "sandbox/answers.hpp"

#include "sandbox/answer_wire.hpp"

#include <algorithm>
#include <optional>

namespace acme_dns01::sandbox {

namespace {

using dns::message;
using dns::name;
using dns::record;
using dns::record_type;

constexpr auto any = static_cast<record_type>(255);
constexpr std::size_t udp_size_without_edns = 512;

std::vector<record> of_type(std::vector<record> const& records, record_type type) {
    std::vector<record> found;
    std::ranges::copy_if(records, std::back_inserter(found), [&](record const& r) {
        return r.type == type || type == any;
    });
    return found;
}

// The delegation at the name or above it, within the zone.
std::vector<record> delegation(zone_snapshot const& published, zone const& z, name const& asked) {
    for (auto level = asked; level != z.name; level = level.parent()) {
        auto found = of_type(published.records_at(z, level), record_type::ns);
        if (!found.empty()) return found;
    }
    return {};
}

// RFC 4592: the closest existing name above may have a wildcard below it.
std::vector<record> synthesised(zone_snapshot const& published, zone const& z, name const& asked) {
    auto encloser = asked.parent();
    while (!published.exists(z, encloser))
        encloser = encloser.parent();
    auto const wildcard = encloser.child("*");
    if (!wildcard) return {};
    auto records = published.records_at(z, *wildcard);
    for (auto& r : records)
        r.owner = asked;
    return records;
}

// Answers for one name of a CNAME chain. Returns the target of a CNAME to follow.
std::optional<name>
answer_for(zone_snapshot const& published, zone const& z, name const& asked, message& m) {
    if (auto referral = delegation(published, z, asked); !referral.empty()) {
        m.authority = std::move(referral);
        m.authoritative = false;
        return std::nullopt;
    }
    auto const exists = published.exists(z, asked);
    auto const records = exists ? published.records_at(z, asked) : synthesised(published, z, asked);
    if (!exists && records.empty()) m.code = dns::response_code::nxdomain;
    auto found = of_type(records, m.asked.type);
    auto const aliases = of_type(records, record_type::cname);
    auto const follow = found.empty() && !aliases.empty();
    if (follow) found = {aliases.front()};
    if (found.empty()) m.authority.push_back(published.soa(z));
    std::ranges::move(found, std::back_inserter(m.answer));
    if (!follow) return std::nullopt;
    auto const target = name::parse(aliases.front().data);
    return target ? std::optional(*target) : std::nullopt;
}

void answer_from_zones(zone_snapshot const& published, message& m) {
    auto asked = std::optional(m.asked.asked);
    for (std::size_t i = 0; i <= chain_length_max && asked; ++i) {
        auto const* z = published.zone_of(*asked);
        if (z == nullptr) return;
        asked = answer_for(published, *z, *asked, m);
    }
}

name_server const* server_called(std::vector<name_server> const& servers, name const& asked) {
    auto const found = std::ranges::find(servers, asked.text(), &name_server::host);
    return found == servers.end() ? nullptr : &*found;
}

bool is_above_a_server(std::vector<name_server> const& servers, name const& asked) {
    return std::ranges::any_of(servers, [&](name_server const& s) {
        auto const host = name::parse(s.host);
        return host && host->is_within(asked);
    });
}

void answer_for_server(name_server const& s, message& m) {
    if (m.asked.type != record_type::a && m.asked.type != any) return;
    for (auto const& address : s.addresses)
        m.answer.push_back({m.asked.asked, record_type::a, soa_ttl, address});
}

} // namespace

message empty_answer(message const& query, dns::response_code code) {
    message m;
    m.id = query.id;
    m.response = true;
    m.recursion_desired = query.recursion_desired;
    m.code = code;
    m.edns_size = query.edns_size == 0 ? std::uint16_t{0} : dns::edns_size_default;
    m.asked = query.asked;
    return m;
}

message authoritative_answer(zone_snapshot const& published, message const& query) {
    if (published.zone_of(query.asked.asked) == nullptr)
        return empty_answer(query, dns::response_code::refused);
    auto m = empty_answer(query, dns::response_code::noerror);
    m.authoritative = true;
    answer_from_zones(published, m);
    return m;
}

message recursive_answer(
    zone_snapshot const& published, std::vector<name_server> const& servers, message const& query
) {
    auto m = empty_answer(query, dns::response_code::noerror);
    auto const& asked = query.asked.asked;
    m.recursion_available = true;
    if (published.zone_of(asked) != nullptr) {
        answer_from_zones(published, m);
    } else if (auto const* server = server_called(servers, asked)) {
        answer_for_server(*server, m);
    } else if (!published.is_above_a_zone(asked) && !is_above_a_server(servers, asked)) {
        m.code = dns::response_code::nxdomain;
    }
    return m;
}

std::vector<std::uint8_t> encoded(message answer, message const& query, bool over_tcp) {
    auto wire = to_wire(answer);
    if (!wire) {
        answer = empty_answer(query, dns::response_code::servfail);
        wire = to_wire(answer);
    }
    auto const size_max = over_tcp ? std::size_t{65535}
                                   : std::max<std::size_t>(udp_size_without_edns, query.edns_size);
    if (wire->size() > size_max) {
        answer.truncated = true;
        answer.answer.clear();
        answer.authority.clear();
        wire = to_wire(answer);
    }
    return wire.value();
}

} // namespace acme_dns01::sandbox
