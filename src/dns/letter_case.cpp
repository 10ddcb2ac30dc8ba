#include "dns/letter_case.hpp"

#include <algorithm>

namespace acme_dns01::dns {

namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t type_and_class_size = 4;
constexpr std::uint8_t label_length_max = 63;

std::uint8_t small(std::uint8_t byte) {
    return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte | 0x20U) : byte;
}

std::uint8_t capital(std::uint8_t byte) {
    return byte >= 'a' && byte <= 'z' ? static_cast<std::uint8_t>(byte & 0xdfU) : byte;
}

// Name, type and class; empty where the message ends before they do, and for a compressed name,
// which has nothing before it to point to.
template <class Byte>
std::span<Byte> question_in(std::span<Byte> message) {
    auto end = header_size;
    while (end < message.size() && message[end] != 0) {
        if (message[end] > label_length_max) return {};
        end += std::size_t{1} + message[end];
    }
    end += 1 + type_and_class_size;
    return end > message.size() ? std::span<Byte>()
                                : message.subspan(header_size, end - header_size);
}

} // namespace

void set_letter_case(std::span<std::uint8_t> query, letter_case const& capitals) {
    auto const question = question_in(query);
    if (question.empty()) return;
    // The lengths between the labels are no letters: the highest is below 'A'.
    auto const name = question.first(question.size() - type_and_class_size);
    for (std::size_t i = 0; i < name.size() && i < capitals.size(); ++i)
        name[i] = capitals[i] ? capital(name[i]) : small(name[i]);
}

bool repeats_question(std::span<std::uint8_t const> query, std::span<std::uint8_t const> answer) {
    auto const asked = question_in(query);
    auto const repeated = question_in(answer);
    return !asked.empty() && std::ranges::equal(asked, repeated);
}

void echo_letter_case(std::span<std::uint8_t const> query, std::span<std::uint8_t> answer) {
    auto const asked = question_in(query);
    auto const repeated = question_in(answer);
    auto const are_same = std::ranges::equal(asked, repeated, {}, small, small);
    if (are_same) std::ranges::copy(asked, repeated.begin());
}

} // namespace acme_dns01::dns
