#include "digitalocean/answers.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(digitalocean_answers)

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;

namespace {

constexpr auto doing = "creating _acme-challenge.example.com in zone example.com";
constexpr auto where_tokens_are =
    "create a token at https://cloud.digitalocean.com/account/api/tokens and use it instead";

error failure(unsigned status, std::string body) {
    return failure_of(
        {.status = status, .headers = {}, .body = std::move(body)}, doing, "domain:create"
    );
}

std::string prefixed(std::string_view text) {
    return std::string(doing) + ": " + std::string(text);
}

boost::json::object object(std::string_view text) { return parse_json(text).value().as_object(); }

std::string complaint(std::string_view why) {
    return "unexpected answer from DigitalOcean: " + std::string(why);
}

template <class T>
std::string complaint_of(result<T> const& r) {
    return r ? "a value" : r.error().message;
}

} // namespace

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

BOOST_AUTO_TEST_CASE(documented_errors_become_a_kind_a_sentence_and_a_hint) {
    struct {
        unsigned status;
        std::string body;
        error_kind kind;
        std::string text;
        std::string hint;
    } const cases[] = {
        {401,
         R"({"id":"unauthorized","message":"Unable to authenticate you."})",
         error_kind::unauthorized,
         "DigitalOcean does not accept the token (401): Unable to authenticate you.",
         where_tokens_are},
        {403,
         R"({"id":"forbidden","message":"You do not have access for the attempted action."})",
         error_kind::unauthorized,
         "the token is not allowed to do this (403): You do not have access for the "
         "attempted action.",
         "the token needs the scope domain:create"},
        {404,
         R"({"id":"not_found","message":"The resource you requested could not be found."})",
         error_kind::not_found,
         "not found at DigitalOcean (404): The resource you requested could not be found.",
         ""},
        {408,
         R"({"id":"request_timeout","message":"too slow"})",
         error_kind::server_error,
         "DigitalOcean reported a server error (408): too slow",
         "try again later"},
        {422,
         R"j({"id":"unprocessable_entity","message":"Data needs to end with a dot (.)"})j",
         error_kind::rejected,
         "DigitalOcean refused the request (422): Data needs to end with a dot (.)",
         ""},
        {429,
         R"({"id":"too_many_requests","message":"API rate limit exceeded."})",
         error_kind::rate_limited,
         "DigitalOcean's rate limit is used up (429): API rate limit exceeded.",
         "try again later, or let fewer clients share the token"},
        {500,
         R"({"id":"server_error","message":"Unexpected server-side error"})",
         error_kind::server_error,
         "DigitalOcean reported a server error (500): Unexpected server-side error",
         "try again later"},
        {418,
         R"({"id":"example_error","message":"some error message"})",
         error_kind::rejected,
         "DigitalOcean refused the request (418): some error message",
         ""},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.status) {
            auto const e = failure(c.status, c.body);
            BOOST_TEST(to_string(e.kind) == to_string(c.kind));
            BOOST_TEST(e.text() == prefixed(c.text));
            BOOST_TEST(e.hint == c.hint);
            BOOST_TEST(e.request_id.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(other_statuses_follow_from_their_class) {
    struct {
        unsigned status;
        error_kind kind;
        std::string text;
    } const cases[] = {
        {200, error_kind::bad_answer, "DigitalOcean gave an unexpected answer (200)"},
        {302, error_kind::rejected, "DigitalOcean gave an unexpected answer (302)"},
        {400, error_kind::rejected, "DigitalOcean refused the request (400)"},
        {409, error_kind::rejected, "DigitalOcean refused the request (409)"},
        {502, error_kind::server_error, "DigitalOcean reported a server error (502)"},
        {503, error_kind::server_error, "DigitalOcean reported a server error (503)"},
        {504, error_kind::server_error, "DigitalOcean reported a server error (504)"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.status) {
            auto const e = failure(c.status, "");
            BOOST_TEST(to_string(e.kind) == to_string(c.kind));
            BOOST_TEST(e.text() == prefixed(c.text));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_page_of_another_server_is_no_word_of_the_api) {
    for (std::string const page : {"<html><h1>Access denied</h1></html>", "Forbidden", "[]", "{"}) {
        for (unsigned const status : {401U, 403U}) {
            BOOST_TEST_CONTEXT(status << " " << page) {
                auto const e = failure(status, page);
                BOOST_TEST(to_string(e.kind) == "unreachable");
                BOOST_TEST(
                    e.text() == prefixed(
                                    "something between this host and DigitalOcean's API refused "
                                    "the request (" +
                                    std::to_string(status) + ")"
                                )
                );
                BOOST_TEST(
                    e.hint == "check the proxy and the firewall, and whether DigitalOcean blocks "
                              "this host's address"
                );
            }
        }
        // It must not count as a record or a zone that is gone.
        auto const gone = failure(404, page);
        BOOST_TEST(to_string(gone.kind) == "bad_answer");
        BOOST_TEST(gone.text() == prefixed(complaint("it is not JSON") + " (404)"));
    }
}

BOOST_AUTO_TEST_CASE(the_request_id_is_kept) {
    auto const e = failure(
        500,
        R"({"id":"server_error","message":"x","request_id":"4d9d8375-3c56-4925-a3e7-eb137fed17e9"})"
    );
    BOOST_TEST(e.request_id == "4d9d8375-3c56-4925-a3e7-eb137fed17e9");
}

BOOST_AUTO_TEST_CASE(a_hostile_request_id_is_made_printable_and_short) {
    auto const e = failure(500, R"({"request_id":"\u001b[2J\n)" + std::string(200, 'x') + "\"}");
    BOOST_TEST(e.request_id == "?[2J?" + std::string(59, 'x') + "...");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_error_object_adds_nothing) {
    for (auto const* body :
         {"",
          "<html><body>503 Service Unavailable</body></html>",
          "null",
          "[\"message\"]",
          "\"message\"",
          R"({"id":"server_error"})",
          R"({"message":null,"request_id":null})",
          R"({"message":{"text":"x"},"request_id":17})",
          R"({"message":)"}) {
        BOOST_TEST_CONTEXT(body) {
            auto const e = failure(503, body);
            BOOST_TEST((e.kind == error_kind::server_error));
            BOOST_TEST(e.text() == prefixed("DigitalOcean reported a server error (503)"));
            BOOST_TEST(e.server_said.empty());
            BOOST_TEST(e.request_id.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_the_server_repeats_is_taken_out_everywhere) {
    auto const token = "dop_v1_" + std::string(64, 'a');
    auto const body =
        R"({"id":"x","message":"no )" + token + R"( here","request_id":")" + token + R"(-1"})";
    auto const e = failure_of({.status = 401, .headers = {}, .body = body}, doing, "", token);
    BOOST_TEST(e.server_said == "no <token> here");
    BOOST_TEST(e.request_id == "<token>-1");
}

// Such short tokens are used with a sandbox.
BOOST_AUTO_TEST_CASE(a_token_may_be_a_part_of_what_stands_in_its_place) {
    for (std::string const token : {"token", "e", "<", "<token>"}) {
        BOOST_TEST_CONTEXT(token) {
            auto const body = R"({"id":"x","message":"no )" + token + " and " + token + R"( k"})";
            auto const e =
                failure_of({.status = 401, .headers = {}, .body = body}, doing, "", token);
            BOOST_TEST(e.server_said == "no <token> and <token> k");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_redirection_is_no_answer_of_the_api) {
    auto const e = failure(302, "");
    BOOST_TEST((e.kind == error_kind::rejected));
    BOOST_TEST(e.message == prefixed("DigitalOcean gave an unexpected answer (302)"));
    BOOST_TEST(e.hint == "check --api-url: is that DigitalOcean's API?");
}

BOOST_AUTO_TEST_SUITE_END()
