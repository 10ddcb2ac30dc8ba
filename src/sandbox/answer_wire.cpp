#include "sandbox/answer_wire.hpp"

#include "base/c_handle.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

// Last: it defines true and false as macros, which breaks the standard headers.
#include <ldns/ldns.h>

namespace acme_dns01::sandbox {

namespace {

using dns::record_type;

error malformed(ldns_status status) {
    return {.kind = error_kind::dns_failure, .message = ::ldns_get_errorstr_by_id(status)};
}

std::string presented(std::string_view text) {
    std::string result = "\"";
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7f) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\%03u", static_cast<unsigned>(byte));
            result += escape.data();
            continue;
        }
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + "\"";
}

std::string character_strings(std::string_view text) {
    constexpr std::size_t length_max = 255;
    auto result = presented(text.substr(0, length_max));
    while (text.size() > length_max) {
        text.remove_prefix(length_max);
        result += " " + presented(text.substr(0, length_max));
    }
    return result;
}

// The data is one name.
bool is_target(record_type type) {
    return type == record_type::ns || type == record_type::cname || type == record_type::dname;
}

std::string presentation_of(dns::record const& r) {
    auto data = r.data;
    if (r.type == record_type::txt) data = character_strings(r.data);
    if (is_target(r.type)) data += ".";
    return r.owner.absolute() + " " + std::to_string(r.ttl) + " IN " + to_string(r.type) + " " +
           data;
}

std::optional<error>
push_all(ldns_pkt* packet, ldns_pkt_section section, std::vector<dns::record> const& records) {
    for (auto const& r : records) {
        ldns_rr* rr = nullptr;
        auto const status =
            ::ldns_rr_new_frm_str(&rr, presentation_of(r).c_str(), 0, nullptr, nullptr);
        if (status != LDNS_STATUS_OK) return malformed(status);
        ::ldns_pkt_push_rr(packet, section, rr);
    }
    return std::nullopt;
}

} // namespace

result<std::vector<std::uint8_t>> to_wire(dns::message const& m) {
    auto const query = dns::query_wire(m);
    if (!query) return query.error();
    ldns_pkt* raw = nullptr;
    auto const parsed = ::ldns_wire2pkt(&raw, query->data(), query->size());
    c_handle<ldns_pkt, ldns_pkt_free> const packet(raw);
    if (parsed != LDNS_STATUS_OK) return malformed(parsed);
    ::ldns_pkt_set_qr(raw, m.response);
    ::ldns_pkt_set_aa(raw, m.authoritative);
    ::ldns_pkt_set_tc(raw, m.truncated);
    ::ldns_pkt_set_ra(raw, m.recursion_available);
    auto const code = static_cast<unsigned>(m.code);
    ::ldns_pkt_set_rcode(raw, static_cast<std::uint8_t>(code & 0xfU));
    // The upper bits are in the OPT record (RFC 6891 6.1.3).
    ::ldns_pkt_set_edns_extended_rcode(raw, static_cast<std::uint8_t>(code >> 4U));
    if (auto e = push_all(raw, LDNS_SECTION_ANSWER, m.answer)) return *e;
    if (auto e = push_all(raw, LDNS_SECTION_AUTHORITY, m.authority)) return *e;
    std::uint8_t* wire = nullptr;
    std::size_t size = 0;
    auto const status = ::ldns_pkt2wire(&wire, raw, &size);
    c_handle<std::uint8_t, std::free> const owner(wire);
    if (status != LDNS_STATUS_OK) return malformed(status);
    return std::vector<std::uint8_t>(wire, wire + size);
}

} // namespace acme_dns01::sandbox
