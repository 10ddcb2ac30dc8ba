#pragma once

#include <bitset>
#include <cstdint>
#include <span>

namespace acme_dns01::dns {

// The letters of a question as they stand on the wire. Names compare without regard to case, yet
// servers repeat the question byte by byte; so a random case is as many bits more that a forger,
// who does not see the question, has to guess (draft-vixie-dnsext-dns0x20). A dns::name has no
// case: it is given to the encoded query and looked for in the encoded answer.

// A bit for each byte of the name: no name is longer (RFC 1035 2.3.4).
using letter_case = std::bitset<256>;

// Makes capitals of the letters whose bits are set, and small letters of the others. `query` is a
// message that begins with its only question, as all do, its name uncompressed.
void set_letter_case(std::span<std::uint8_t> query, letter_case const& capitals);

// True where the answer has the question of the query, byte by byte.
bool repeats_question(std::span<std::uint8_t const> query, std::span<std::uint8_t const> answer);

// What a server does: gives the answer to a query the letters that the query came with. Nothing
// where the two do not ask the same.
void echo_letter_case(std::span<std::uint8_t const> query, std::span<std::uint8_t> answer);

} // namespace acme_dns01::dns
