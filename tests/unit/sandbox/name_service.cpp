#include "sandbox/name_service.hpp"

#include "sandbox/answer_wire.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace acme_dns01;
using namespace acme_dns01::sandbox;
using namespace std::chrono_literals;

namespace {

constexpr auto first = "127.53.0.1";
constexpr auto second = "127.53.0.2";
constexpr auto resolver = "127.0.0.1";

struct fixture {
    dns::name const zone_name = dns::name::parse("example.com").value();
    clock::time_point const start = clock::time_point(1000h);
    dns::question const asked{dns::name::parse("a.example.com").value(), dns::record_type::txt};
    account held{{"ns1.digitalocean.com", "ns2.digitalocean.com"}, 1};
    name_service names{
        held,
        {
            {"ns1.digitalocean.com", {first}, seconds(0.2)},
            {"ns2.digitalocean.com", {second}, seconds(1)},
        },
        resolver};

    fixture() {
        held.create(zone_name, std::nullopt, from_the_start);
        digitalocean::record r;
        r.name = "a";
        r.type = "TXT";
        r.data = "v";
        held.add(zone_name, r, start);
    }
    std::optional<dns::message>
    ask(std::string_view address, std::chrono::milliseconds after, bool over_tcp = false) {
        auto const wire = dns::query_wire(dns::make_query(asked, 7, false)).value();
        auto const answer = names.answer(address, wire, over_tcp, start + after);
        if (!answer) return std::nullopt;
        return dns::from_wire(*answer).value();
    }
    bool has_value(std::string_view address, std::chrono::milliseconds after) {
        return !ask(address, after)->answer.empty();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sandbox_name_service, fixture)

BOOST_AUTO_TEST_CASE(each_server_has_its_delay_and_the_resolver_the_longest) {
    struct example {
        std::string address;
        std::chrono::milliseconds delay;
    };
    for (auto const& [address, delay] :
         {example{first, 200ms}, {second, 1000ms}, {resolver, 1000ms}}) {
        BOOST_TEST_CONTEXT(address) {
            BOOST_TEST(!has_value(address, delay - 1ms));
            BOOST_TEST(has_value(address, delay));
        }
    }
    names.set_delay(first, seconds(2));
    BOOST_TEST(!has_value(first, 1999ms));
    BOOST_TEST(!has_value(resolver, 1999ms));
    BOOST_TEST(has_value(resolver, 2000ms));
    names.set_delay(resolver, seconds(0));
    BOOST_TEST(has_value(resolver, 0ms));
}

BOOST_AUTO_TEST_CASE(servers_answer_with_authority_the_resolver_with_recursion) {
    BOOST_TEST(ask(first, 2s)->authoritative);
    BOOST_TEST(!ask(first, 2s)->recursion_available);
    BOOST_TEST(!ask(resolver, 2s)->authoritative);
    BOOST_TEST(ask(resolver, 2s)->recursion_available);
}

BOOST_AUTO_TEST_CASE(a_server_misbehaves_as_told_and_the_others_do_not) {
    names.set_behaviour(first, behaviour::silent);
    BOOST_TEST(!ask(first, 2s).has_value());
    BOOST_TEST(!ask(first, 2s, true).has_value());
    names.set_behaviour(first, behaviour::servfail);
    BOOST_TEST((ask(first, 2s)->code == dns::response_code::servfail));
    names.set_behaviour(first, behaviour::refused);
    BOOST_TEST((ask(first, 2s)->code == dns::response_code::refused));
    names.set_behaviour(first, behaviour::lame);
    auto const lame = ask(first, 2s).value();
    BOOST_TEST((lame.code == dns::response_code::noerror));
    BOOST_TEST(!lame.authoritative);
    BOOST_TEST(lame.answer.empty());
    BOOST_TEST(lame.authority.empty());
    names.set_behaviour(first, behaviour::truncating);
    BOOST_TEST(ask(first, 2s)->truncated);
    BOOST_TEST(ask(first, 2s)->answer.empty());
    BOOST_TEST(!ask(first, 2s, true)->truncated);
    BOOST_TEST(ask(first, 2s, true)->answer.size() == 1U);
    BOOST_TEST(has_value(second, 2s));
    names.set_behaviour(first, behaviour::normal);
    BOOST_TEST(has_value(first, 2s));
}

BOOST_AUTO_TEST_CASE(queries_are_counted_even_if_not_answered) {
    names.set_behaviour(second, behaviour::silent);
    ask(first, 0s);
    ask(first, 0s);
    ask(first, 0s, true);
    ask(second, 0s);
    auto const counted = names.queries();
    BOOST_TEST_REQUIRE(counted.size() == 3U);
    BOOST_TEST(counted[0].server == first);
    BOOST_TEST((counted[0].asked == asked));
    BOOST_TEST(!counted[0].over_tcp);
    BOOST_TEST(counted[0].count == 2U);
    BOOST_TEST(counted[1].over_tcp);
    BOOST_TEST(counted[1].count == 1U);
    BOOST_TEST(counted[2].server == second);
    names.clear_queries();
    BOOST_TEST(names.queries().empty());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_a_query_are_not_answered) {
    auto answer = dns::make_query(asked, 7, false);
    answer.response = true;
    for (auto const& wire : {std::vector<std::uint8_t>(), {1, 2, 3}, to_wire(answer).value()})
        BOOST_TEST(!names.answer(first, wire, false, start).has_value());
    BOOST_TEST(names.queries().empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_address_is_an_invalid_argument) {
    BOOST_CHECK_THROW(names.set_behaviour("127.53.0.9", behaviour::lame), std::invalid_argument);
    BOOST_CHECK_THROW(names.set_delay("127.53.0.9", seconds(1)), std::invalid_argument);
    BOOST_CHECK_THROW(names.set_delay(first, seconds(-1)), std::invalid_argument);
    BOOST_CHECK_THROW(names.set_delay(first, seconds(3601)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
