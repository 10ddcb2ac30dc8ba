#include "dns/message.hpp"

#include "base/c_handle.hpp"
#include "base/shortage.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

// Last: it defines true and false as macros, which breaks the standard headers.
#include <ldns/ldns.h>

namespace acme_dns01::dns {

namespace {

using packet_ptr = c_handle<ldns_pkt, ldns_pkt_free>;
using memory_ptr = c_handle<char, std::free>;
using bytes_ptr = c_handle<std::uint8_t, std::free>;

error malformed(std::string_view why) {
    return {
        .kind = error_kind::dns_failure,
        .message = "a DNS message is malformed: " + std::string(why),
    };
}

error ldns_error(ldns_status status) {
    if (status == LDNS_STATUS_MEM_ERR) throw std::bad_alloc();
    return malformed(::ldns_get_errorstr_by_id(status));
}

// ldns asserts that it gets memory, or goes on without: a record would lack a part of its data. So
// what it will need is asked for beforehand, from where a shortage ends the program properly.
//
// For one text or one message to write: ldns makes room for the longest.
constexpr std::size_t memory_to_write = 3 * LDNS_MAX_PACKETLEN;

// To read this message. Each field of a record gets the room of all of its data, and a record has
// 255 fields at most; a name of two bytes may be a pointer to one of 255.
std::size_t memory_to_read(std::size_t message) { return 4096 + 512 * message; }

std::string presentation(ldns_rdf const* data) {
    require_memory(memory_to_write);
    memory_ptr const text(::ldns_rdf2str(data));
    std::string shown(text ? text.get() : "");
    // The only control character that ldns leaves as it is.
    for (auto at = shown.find('\t'); at != std::string::npos; at = shown.find('\t', at))
        shown.replace(at, 1, "\\009");
    return shown;
}

std::string character_string(ldns_rdf const* data) {
    auto const* bytes = reinterpret_cast<char const*>(::ldns_rdf_data(data));
    auto const size = ::ldns_rdf_size(data);
    if (size == 0) return {};
    return std::string(
        bytes + 1, std::min<std::size_t>(static_cast<unsigned char>(*bytes), size - 1)
    );
}

// The data is one name.
bool is_target(record_type type) {
    return type == record_type::ns || type == record_type::cname || type == record_type::dname;
}

std::string data_text(ldns_rr const* rr, record_type type) {
    std::string text;
    for (std::size_t i = 0; i < ::ldns_rr_rd_count(rr); ++i) {
        auto const* field = ::ldns_rr_rdf(rr, i);
        if (type == record_type::txt) {
            text += character_string(field);
            continue;
        }
        if (!text.empty()) text += ' ';
        text += presentation(field);
    }
    return is_target(type) ? std::string(without_final_dot(text)) : text;
}

std::vector<record> records_of(ldns_rr_list const* list) {
    std::vector<record> records;
    for (std::size_t i = 0; i < ::ldns_rr_list_rr_count(list); ++i) {
        auto const* rr = ::ldns_rr_list_rr(list, i);
        auto const type = static_cast<record_type>(::ldns_rr_get_type(rr));
        if (::ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN) continue;
        auto const owner = name::parse(presentation(::ldns_rr_owner(rr)));
        if (!owner) continue;
        records.push_back({*owner, type, ::ldns_rr_ttl(rr), data_text(rr, type)});
    }
    return records;
}

bool push_question(ldns_pkt* packet, question const& asked) {
    auto* owner = ::ldns_dname_new_frm_str(asked.asked.absolute().c_str());
    if (owner == nullptr) return false;
    auto* rr = ::ldns_rr_new();
    ::ldns_rr_set_question(rr, true);
    ::ldns_rr_set_owner(rr, owner);
    ::ldns_rr_set_type(rr, static_cast<ldns_rr_type>(asked.type));
    ::ldns_rr_set_class(rr, LDNS_RR_CLASS_IN);
    return ::ldns_pkt_push_rr(packet, LDNS_SECTION_QUESTION, rr);
}

result<question> question_of(ldns_pkt const* packet) {
    auto const* questions = ::ldns_pkt_question(packet);
    if (::ldns_rr_list_rr_count(questions) != 1)
        return malformed("it does not have exactly one question");
    auto const* rr = ::ldns_rr_list_rr(questions, 0);
    auto const asked = name::parse(presentation(::ldns_rr_owner(rr)));
    if (!asked) return malformed("its question is not about a domain name");
    if (::ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN) return malformed("its class is not IN");
    return question{*asked, static_cast<record_type>(::ldns_rr_get_type(rr))};
}

} // namespace

std::string to_string(record_type type) {
    require_memory(memory_to_write);
    memory_ptr const text(::ldns_rr_type2str(static_cast<ldns_rr_type>(type)));
    return text ? text.get() : "";
}

std::string to_string(response_code code) {
    if (code == response_code::badvers) return "BADVERS";
    require_memory(memory_to_write);
    memory_ptr const text(::ldns_pkt_rcode2str(static_cast<ldns_pkt_rcode>(code)));
    return text ? text.get() : "";
}

message make_query(question asked, std::uint16_t id, bool recursion_desired) {
    message m;
    m.id = id;
    m.recursion_desired = recursion_desired;
    m.edns_size = edns_size_default;
    m.asked = std::move(asked);
    return m;
}

result<std::vector<std::uint8_t>> query_wire(message const& m) {
    require_memory(memory_to_write);
    packet_ptr const packet(::ldns_pkt_new());
    ::ldns_pkt_set_id(packet.get(), m.id);
    ::ldns_pkt_set_opcode(packet.get(), LDNS_PACKET_QUERY);
    ::ldns_pkt_set_rd(packet.get(), m.recursion_desired);
    if (m.edns_size != 0) ::ldns_pkt_set_edns_udp_size(packet.get(), m.edns_size);
    ::ldns_pkt_set_edns_do(packet.get(), m.dnssec_ok);
    if (!push_question(packet.get(), m.asked)) return malformed("its question has no name");
    std::uint8_t* wire = nullptr;
    std::size_t size = 0;
    auto const status = ::ldns_pkt2wire(&wire, packet.get(), &size);
    bytes_ptr const owner(wire);
    if (status != LDNS_STATUS_OK) return ldns_error(status);
    return std::vector<std::uint8_t>(wire, wire + size);
}

result<message> from_wire(std::span<std::uint8_t const> wire) {
    require_memory(memory_to_read(wire.size()));
    ldns_pkt* raw = nullptr;
    auto const status = ::ldns_wire2pkt(&raw, wire.data(), wire.size());
    packet_ptr const packet(raw);
    if (status != LDNS_STATUS_OK) return ldns_error(status);
    auto const asked = question_of(packet.get());
    if (!asked) return asked.error();
    message m;
    m.id = ::ldns_pkt_id(raw);
    m.response = ::ldns_pkt_qr(raw);
    m.authoritative = ::ldns_pkt_aa(raw);
    m.truncated = ::ldns_pkt_tc(raw);
    m.recursion_desired = ::ldns_pkt_rd(raw);
    m.recursion_available = ::ldns_pkt_ra(raw);
    // The extended bits that no name server sends are left out.
    auto const extended = unsigned{::ldns_pkt_edns_extended_rcode(raw)} << 4U;
    m.code = static_cast<response_code>(
        (static_cast<unsigned>(::ldns_pkt_get_rcode(raw)) | extended) & 0xffU
    );
    m.edns_size = ::ldns_pkt_edns_udp_size(raw);
    m.dnssec_ok = ::ldns_pkt_edns_do(raw);
    m.asked = *asked;
    m.answer = records_of(::ldns_pkt_answer(raw));
    m.authority = records_of(::ldns_pkt_authority(raw));
    m.additional = records_of(::ldns_pkt_additional(raw));
    return m;
}

std::vector<std::uint8_t> with_tcp_length(std::span<std::uint8_t const> wire) {
    std::vector<std::uint8_t> framed(2 + wire.size());
    framed[0] = static_cast<std::uint8_t>(wire.size() >> 8U);
    framed[1] = static_cast<std::uint8_t>(wire.size() & 0xffU);
    std::ranges::copy(wire, framed.begin() + 2);
    return framed;
}

std::size_t size_from(tcp_length const& length) { return std::size_t{length[0]} << 8U | length[1]; }

std::vector<std::string>
data_of(std::vector<record> const& records, record_type type, name const& owner) {
    std::vector<std::string> data;
    for (auto const& r : records) {
        if (r.type == type && r.owner == owner) data.push_back(r.data);
    }
    return data;
}

} // namespace acme_dns01::dns
