#include "dns/message.hpp"

#include "sandbox/answer_wire.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(dns_message)

using namespace acme_dns01::dns;

namespace {

name parsed(std::string_view text) { return name::parse(text).value(); }

message through_the_wire(message const& m) {
    return from_wire(acme_dns01::sandbox::to_wire(m).value()).value();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_query_carries_id_question_and_edns_and_no_recursion) {
    auto const sent =
        make_query({parsed("_acme-challenge.example.com"), record_type::txt}, 4711, false);
    auto const m = through_the_wire(sent);
    BOOST_TEST(m.id == 4711);
    BOOST_TEST(!m.response);
    BOOST_TEST(!m.recursion_desired);
    BOOST_TEST(m.edns_size == 1232);
    BOOST_TEST((m.asked == sent.asked));
}

BOOST_AUTO_TEST_CASE(a_query_may_ask_for_signatures) {
    auto query = make_query({name(), record_type::dnskey}, 1, true);
    BOOST_TEST(!through_the_wire(query).dnssec_ok);
    query.dnssec_ok = true;
    BOOST_TEST(through_the_wire(query).dnssec_ok);
}

BOOST_AUTO_TEST_CASE(types_and_codes_have_their_usual_names) {
    BOOST_TEST(to_string(record_type::a) == "A");
    BOOST_TEST(to_string(record_type::caa) == "CAA");
    BOOST_TEST(to_string(static_cast<record_type>(65400)) == "TYPE65400");
    BOOST_TEST(to_string(response_code::nxdomain) == "NXDOMAIN");
    BOOST_TEST(to_string(response_code::refused) == "REFUSED");
    BOOST_TEST(to_string(static_cast<response_code>(12)) == "RCODE12");
}

BOOST_AUTO_TEST_CASE(over_tcp_a_message_follows_its_length) {
    std::vector<std::uint8_t> const wire(0x0102, 7);
    auto const framed = with_tcp_length(wire);
    BOOST_TEST(framed.size() == wire.size() + 2);
    BOOST_TEST((framed[0] == 1 && framed[1] == 2 && framed[2] == 7));
    BOOST_TEST(size_from({framed[0], framed[1]}) == wire.size());
}

BOOST_AUTO_TEST_CASE(records_of_every_type_survive_the_wire) {
    auto const owner = parsed("example.com");
    message m;
    m.response = true;
    m.authoritative = true;
    m.asked = {owner, record_type::txt};
    m.answer = {
        {owner, record_type::txt, 30, "plain"},
        {owner, record_type::txt, 30, std::string(300, 'x') + "\"\\\x01\xff;"},
        {owner, record_type::a, 60, "127.0.0.1"},
        {owner, record_type::aaaa, 60, "::1"},
        {owner, record_type::ns, 60, "ns1.digitalocean.com"},
        {owner, record_type::cname, 60, "elsewhere.example"},
        {owner, record_type::dname, 60, "everything.elsewhere.example"},
        {owner, record_type::mx, 60, "10 mail.example.com."},
        {owner, record_type::srv, 60, "1 2 443 www.example.com."},
        {owner, record_type::caa, 60, "0 issue \"letsencrypt.org\""},
    };
    m.authority = {
        {owner,
         record_type::soa,
         1800,
         "ns1.digitalocean.com. hostmaster.example.com. 1 10800 3600 604800 1800"}};
    auto const got = through_the_wire(m);
    BOOST_TEST(got.authoritative);
    BOOST_TEST((got.answer == m.answer));
    BOOST_TEST((got.authority == m.authority));
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_message_is_refused) {
    message m;
    m.response = true;
    m.asked = {parsed("example.com"), record_type::txt};
    m.answer = {{parsed("example.com"), record_type::txt, 30, "value"}};
    auto const wire = acme_dns01::sandbox::to_wire(m).value();
    for (std::size_t length = 0; length < wire.size(); ++length) {
        BOOST_TEST_CONTEXT(length) {
            auto const got = from_wire(std::span(wire).first(length));
            BOOST_REQUIRE(!got);
            BOOST_TEST((got.error().kind == acme_dns01::error_kind::dns_failure));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_compression_pointer_to_itself_is_refused) {
    std::vector<std::uint8_t> const wire{
        0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 16, 0, 1};
    BOOST_TEST(!from_wire(wire));
}

BOOST_AUTO_TEST_CASE(data_of_one_owner_and_type_alone) {
    auto const owner = parsed("example.com");
    std::vector<record> const records{
        {owner, record_type::txt, 30, "one"},
        {parsed("other.example"), record_type::txt, 30, "another name"},
        {owner, record_type::cname, 30, "another.type"},
        {owner, record_type::txt, 30, "two"},
    };
    std::vector<std::string> const expected{"one", "two"};
    BOOST_TEST(
        data_of(records, record_type::txt, owner) == expected, boost::test_tools::per_element()
    );
}

// ldns prints it as it is.
BOOST_AUTO_TEST_CASE(a_tab_in_a_string_is_escaped) {
    auto query = make_query({parsed("example.com"), record_type::caa}, 7, false);
    query.edns_size = 0;
    auto wire = query_wire(query).value();
    wire[7] = 1; // one answer
    std::string_view const answer{"\xc0\x0c\x01\x01\0\x01\0\0\0\x3c\0\x0a\0\x05issuea\tb", 22};
    wire.insert(wire.end(), answer.begin(), answer.end());
    auto const read = from_wire(wire).value();
    BOOST_REQUIRE(read.answer.size() == 1U);
    BOOST_TEST(read.answer.front().data == "0 issue \"a\\009b\"");
}

BOOST_AUTO_TEST_SUITE_END()
