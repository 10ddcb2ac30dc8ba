#include "dns/letter_case.hpp"

#include "dns/message.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace acme_dns01::dns;

namespace {

using bytes = std::vector<std::uint8_t>;

bytes query_about(std::string_view text) {
    return to_wire(make_query({name::parse(text).value(), record_type::txt}, 7, false)).value();
}

// The name of the question as it stands there, dots for the lengths.
std::string letters(bytes const& wire) {
    std::string text;
    for (std::size_t i = 12; wire.at(i) != 0;) {
        for (auto const end = i + wire[i]; i < end;)
            text += static_cast<char>(wire.at(++i));
        ++i;
        text += '.';
    }
    return text;
}

bytes in_case(bytes wire, letter_case const& capitals) {
    set_letter_case(wire, capitals);
    return wire;
}

auto const all = letter_case().set();

} // namespace

BOOST_AUTO_TEST_SUITE(dns_letter_case)

BOOST_AUTO_TEST_CASE(a_bit_is_a_byte_of_the_name) {
    struct {
        std::string name;
        letter_case capitals;
        std::string expected;
    } const cases[] = {
        {"ab.example", all, "AB.EXAMPLE."},
        {"ab.example", letter_case(), "ab.example."},
        {"ab.example", letter_case(0b0010), "Ab.example."},
        {"ab.example", letter_case(0b0100), "aB.example."},
        // The lengths have bits as well, which change nothing.
        {"ab.example", letter_case(0b1001), "ab.example."},
        {"ab.example", letter_case(0b1'0000), "ab.Example."},
        {"_a-1.xn--bcher-kva", all, "_A-1.XN--BCHER-KVA."},
        {std::string(63, 'z') + ".b", letter_case().set(63), std::string(62, 'z') + "Z.b."},
        {std::string(61, 'z') + ".b", letter_case().set(63), std::string(61, 'z') + ".B."},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.name << " " << c.capitals) {
            BOOST_TEST(letters(in_case(query_about(c.name), c.capitals)) == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_label_of_any_length_keeps_it) {
    for (std::size_t length = 1; length <= 63; ++length) {
        BOOST_TEST_CONTEXT(length) {
            auto const wire = query_about(std::string(length, 'x') + ".example");
            BOOST_TEST(in_case(in_case(wire, all), letter_case()) == wire);
            auto const got = from_wire(in_case(wire, all));
            BOOST_REQUIRE(got);
            BOOST_TEST(got->asked.asked.label_count() == 2U);
        }
    }
}

BOOST_AUTO_TEST_CASE(nothing_but_the_name_changes) {
    auto const wire = query_about("ab.example");
    auto const changed = in_case(wire, all);
    for (std::size_t i = 0; i < wire.size(); ++i) {
        BOOST_TEST_CONTEXT(i) {
            auto const is_in_name = i >= 12 && i < 12 + 12;
            if (!is_in_name) BOOST_TEST(changed[i] == wire[i]);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_question_is_repeated_byte_by_byte_or_not_at_all) {
    auto const query = in_case(query_about("ab.example"), letter_case(0b1010'0110));
    auto answer = query;
    answer[0] ^= 1; // the id is somebody else's business
    BOOST_TEST(repeats_question(query, answer));
    BOOST_TEST(!repeats_question(query, query_about("ab.example")));
    BOOST_TEST(!repeats_question(query, query_about("ab.example.com")));
    BOOST_TEST(!repeats_question(query, query_about("ab")));
    answer[query.size() - 12] ^= 1; // the class's last byte; EDNS has the eleven behind it
    BOOST_TEST(!repeats_question(query, answer));
}

BOOST_AUTO_TEST_CASE(what_ends_early_repeats_nothing) {
    auto const query = query_about("ab.example");
    auto const end_of_question = 12 + 12 + 4;
    for (std::size_t length = 0; length < query.size(); ++length) {
        BOOST_TEST_CONTEXT(length) {
            auto const part = std::span(query).first(length);
            auto const is_whole = length >= static_cast<std::size_t>(end_of_question);
            BOOST_TEST(repeats_question(query, part) == is_whole);
            BOOST_TEST(repeats_question(part, part) == is_whole);
        }
    }
    bytes const pointer{0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 16, 0, 1};
    BOOST_TEST(!repeats_question(pointer, pointer));
}

BOOST_AUTO_TEST_CASE(an_answer_is_given_the_letters_of_its_query) {
    auto const query = in_case(query_about("ab.example"), letter_case(0b1010'0110));
    auto answer = query_about("ab.example");
    echo_letter_case(query, answer);
    BOOST_TEST(answer == query);
    auto another = query_about("cd.example");
    echo_letter_case(query, another);
    BOOST_TEST(another == query_about("cd.example"));
}

BOOST_AUTO_TEST_SUITE_END()
