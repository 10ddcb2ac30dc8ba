#include "digitalocean/json.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;

namespace {

boost::json::object object(std::string_view text) { return parse_json(text).value().as_object(); }

std::string complaint(std::string_view why) {
    return "unexpected answer from DigitalOcean: " + std::string(why);
}

template <class T>
std::string complaint_of(result<T> const& r) {
    return r ? "a value" : r.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(digitalocean_json)

BOOST_AUTO_TEST_CASE(a_bad_answer_says_why_and_what_to_check) {
    auto const e = bad_answer("key 'id' is missing");
    BOOST_TEST((e.kind == error_kind::bad_answer));
    BOOST_TEST(e.message == complaint("key 'id' is missing"));
    BOOST_TEST(e.hint == "check --api-url: is that DigitalOcean's API?");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_a_bad_answer) {
    for (auto const* text : {"", "<html>", "{", "{}x", "{'a':1}", "{\"a\":\"\xff\"}"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const value = parse_json(text);
            BOOST_REQUIRE(!value);
            BOOST_TEST((value.error().kind == error_kind::bad_answer));
            BOOST_TEST(value.error().message.starts_with(complaint("it is not JSON (")));
        }
    }
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded) {
    auto const nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    BOOST_TEST(parse_json(nested(16)).has_value());
    BOOST_TEST(!parse_json(nested(17)).has_value());
    BOOST_TEST(!parse_json(nested(100'000)).has_value());
}

BOOST_AUTO_TEST_CASE(an_object_is_asked_for_by_name) {
    BOOST_TEST(as_object(parse_json("{}").value(), "domain").has_value());
    for (auto const* text : {"[]", "null", "1", "\"a\""}) {
        BOOST_TEST_CONTEXT(text) {
            auto const o = as_object(parse_json(text).value(), "domain");
            BOOST_TEST(complaint_of(o) == complaint("key 'domain' is not an object"));
        }
    }
}

BOOST_AUTO_TEST_CASE(strings_and_integers_are_read) {
    auto const o = object(R"({"s":"text","e":"","i":28448446,"n":-1,"z":null})");
    BOOST_TEST(required_string(o, "s").value() == "text");
    BOOST_TEST(required_string(o, "e").value().empty());
    BOOST_TEST(required_integer(o, "i").value() == 28448446);
    BOOST_TEST(required_integer(o, "n").value() == -1);
    BOOST_TEST(optional_string(o, "s").value().value() == "text");
    BOOST_TEST(optional_integer(o, "i").value().value() == 28448446);
}

BOOST_AUTO_TEST_CASE(absent_and_null_are_nothing_where_that_is_allowed) {
    auto const o = object(R"({"z":null})");
    for (auto const* key : {"z", "absent"}) {
        BOOST_TEST_CONTEXT(key) {
            BOOST_TEST(!optional_string(o, key).value().has_value());
            BOOST_TEST(!optional_integer(o, key).value().has_value());
            auto const missing = complaint("key '" + std::string(key) + "' is missing");
            BOOST_TEST(complaint_of(required_string(o, key)) == missing);
            BOOST_TEST(complaint_of(required_integer(o, key)) == missing);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_wrong_type_is_named_with_its_key) {
    auto const o = object(
        R"({"s":"1","i":1,"f":1.5,"w":1.0,"b":true,"o":{},"a":[],"huge":9223372036854775808})"
    );
    for (auto const* key : {"i", "f", "b", "o", "a"}) {
        BOOST_TEST_CONTEXT(key) {
            auto const expected = complaint("key '" + std::string(key) + "' is not a string");
            BOOST_TEST(complaint_of(required_string(o, key)) == expected);
            BOOST_TEST(complaint_of(optional_string(o, key)) == expected);
        }
    }
    for (auto const* key : {"s", "f", "w", "b", "o", "a", "huge"}) {
        BOOST_TEST_CONTEXT(key) {
            auto const expected = complaint("key '" + std::string(key) + "' is not an integer");
            BOOST_TEST(complaint_of(required_integer(o, key)) == expected);
            BOOST_TEST(complaint_of(optional_integer(o, key)) == expected);
        }
    }
}

// Cut at it, a stranger's value would compare equal to ours.
BOOST_AUTO_TEST_CASE(a_zero_byte_does_not_end_a_string) {
    auto const o = object(R"({"s":"value\u0000and more"})");
    BOOST_TEST((required_string(o, "s").value() == std::string("value\0and more", 14)));
}

BOOST_AUTO_TEST_SUITE_END()
