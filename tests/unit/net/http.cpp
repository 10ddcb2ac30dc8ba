#include "net/http.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

BOOST_AUTO_TEST_SUITE(net_http)

using namespace acme_dns01;
using namespace acme_dns01::net;

namespace {

using part = response_reader::part;

base_url url(std::string const& text) { return parse_base_url(text).value(); }

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string repeated(std::string_view text, unsigned times) {
    std::string all;
    for (unsigned i = 0; i < times; ++i)
        all += text;
    return all;
}

// Bytes that come in pieces of this size; the first failure ends it.
result<void> feed(response_reader& reader, std::string_view bytes, std::size_t piece) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
        auto fed = reader.feed(bytes.substr(0, piece));
        if (!fed) return fed;
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_request_names_host_and_client_and_carries_the_token) {
    auto const wire = wire_of(
        {"GET", "/v2/domains?page=1", ""}, url("https://[::1]:8443/prefix"), secret("dop_v1_0")
    );
    BOOST_TEST(
        wire == "GET /prefix/v2/domains?page=1 HTTP/1.1\r\n"
                "Host: [::1]:8443\r\n"
                "User-Agent: acme-dns01/" ACME_DNS01_VERSION "\r\n"
                "Accept: application/json\r\n"
                "Authorization: Bearer dop_v1_0\r\n\r\n"
    );
}

BOOST_AUTO_TEST_CASE(a_body_is_json_and_has_its_length) {
    auto const wire =
        wire_of({"POST", "/v2/domains", "{\"a\":1}"}, url("https://api.example"), secret());
    BOOST_TEST(
        wire == "POST /v2/domains HTTP/1.1\r\n"
                "Host: api.example\r\n"
                "User-Agent: acme-dns01/" ACME_DNS01_VERSION "\r\n"
                "Accept: application/json\r\n"
                "Content-Type: application/json\r\n"
                "Content-Length: 7\r\n\r\n{\"a\":1}"
    );
}

BOOST_AUTO_TEST_CASE(a_proxy_is_told_host_and_port_and_nothing_else) {
    BOOST_TEST(
        connect_wire_of(url("https://api.example/prefix"), secret()) ==
        "CONNECT api.example:443 HTTP/1.1\r\n"
        "Host: api.example:443\r\n"
        "User-Agent: acme-dns01/" ACME_DNS01_VERSION "\r\n\r\n"
    );
}

BOOST_AUTO_TEST_CASE(a_proxys_credentials_are_encoded_as_rfc_7617_says) {
    struct {
        std::string credentials;
        std::string expected;
    } const cases[] = {
        {"Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
        {"test:123\xc2\xa3", "dGVzdDoxMjPCow=="},
        {"user:", "dXNlcjo="},
        {"a:b", "YTpi"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) {
            BOOST_TEST(
                connect_wire_of(url("https://[::1]"), secret(c.credentials)) ==
                "CONNECT [::1]:443 HTTP/1.1\r\n"
                "Host: [::1]:443\r\n"
                "User-Agent: acme-dns01/" ACME_DNS01_VERSION "\r\n"
                "Proxy-Authorization: Basic " +
                    c.expected + "\r\n\r\n"
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(an_answer_is_read_in_whatever_pieces_it_comes) {
    struct {
        std::string bytes;
        unsigned status;
        std::string body;
        bool keeps_connection;
    } const cases[] = {
        {std::string(ok), 200, "{}", true},
        {"HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
        {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false},
        {"HTTP/1.1 404 X\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", 404, "x", false},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n1\r\n \r\n0\r\n\r\n",
         200,
         "{} ",
         true},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "", true},
        {std::string(go_on) + std::string(ok), 200, "{}", true},
        {"HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\n" + std::string(ok), 200, "{}", true},
        {repeated(go_on, response_reader::interim_max) + std::string(ok), 200, "{}", true},
        {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", 101, "", true},
    };
    for (auto const& c : cases) {
        for (auto const piece : {c.bytes.size(), std::size_t{1}, std::size_t{7}}) {
            BOOST_TEST_CONTEXT(c.bytes << " in pieces of " << piece) {
                response_reader reader;
                BOOST_TEST(!reader.is_done());
                BOOST_REQUIRE(feed(reader, c.bytes, piece));
                BOOST_REQUIRE(reader.is_done());
                BOOST_TEST(reader.keeps_connection() == c.keeps_connection);
                auto const answer = reader.take();
                BOOST_TEST(answer.status == c.status);
                BOOST_TEST(answer.body == c.body);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(headers_are_in_lower_case_and_interim_ones_are_forgotten) {
    response_reader reader;
    BOOST_REQUIRE(reader.feed("HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\n"
                              "HTTP/1.1 204 X\r\nRateLimit-Remaining: 17\r\n\r\n"));
    BOOST_REQUIRE(reader.is_done());
    std::map<std::string, std::string> const expected{{"ratelimit-remaining", "17"}};
    BOOST_TEST((reader.take().headers == expected));
}

BOOST_AUTO_TEST_CASE(what_comes_after_the_answer_is_noticed) {
    response_reader reader;
    BOOST_REQUIRE(reader.feed(std::string(ok) + "x"));
    BOOST_TEST(reader.is_done());
    BOOST_TEST(reader.has_more());
    BOOST_TEST(!reader.keeps_connection());
    BOOST_TEST(reader.take().body == "{}");
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_length_ends_with_the_connection) {
    response_reader reader;
    BOOST_REQUIRE(reader.feed("HTTP/1.1 200 OK\r\n\r\n{\"a\":"));
    BOOST_REQUIRE(reader.feed("1}"));
    BOOST_TEST(!reader.is_done());
    BOOST_TEST(reader.end());
    BOOST_TEST(reader.is_done());
    BOOST_TEST(!reader.keeps_connection());
    BOOST_TEST(reader.take().body == "{\"a\":1}");
}

BOOST_AUTO_TEST_CASE(an_end_in_the_middle_completes_nothing) {
    for (std::string_view const bytes :
         {"",
          "HTTP/1.1 200",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
          "HTTP/1.1 100 Continue\r\n\r\n"}) {
        BOOST_TEST_CONTEXT(bytes) {
            response_reader reader;
            BOOST_REQUIRE(reader.feed(bytes));
            BOOST_TEST(!reader.end());
            BOOST_TEST(!reader.is_done());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_header_alone_is_done_before_any_body) {
    response_reader reader(part::header);
    BOOST_REQUIRE(feed(
        reader,
        std::string(go_on) + "HTTP/1.1 200 Connection established\r\nContent-Length: 9\r\n\r\n",
        5
    ));
    BOOST_REQUIRE(reader.is_done());
    BOOST_TEST(!reader.has_more());
    BOOST_TEST(reader.take().status == 200U);
}

BOOST_AUTO_TEST_CASE(a_header_alone_leaves_what_follows_it) {
    response_reader reader(part::header);
    BOOST_REQUIRE(reader.feed("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbody"));
    BOOST_REQUIRE(reader.is_done());
    BOOST_TEST(reader.has_more());
    BOOST_TEST(reader.take().body == "");
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_an_answer) {
    answer_limits const small{1024, 2048};
    auto const long_header = "HTTP/1.1 200 OK\r\nX: " + std::string(1024, 'x');
    auto const chunked = std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    auto const chunk = "400\r\n" + std::string(1024, 'x') + "\r\n";
    auto const until_end = "HTTP/1.1 200 OK\r\n\r\n" + std::string(2049, 'x');
    struct {
        std::string bytes;
        error_kind kind;
        std::string message;
    } const cases[] = {
        {"220 mail.example ESMTP\r\n\r\n",
         error_kind::bad_answer,
         "no valid HTTP answer: bad version"},
        {"HTTP/1.1 abc OK\r\n\r\n", error_kind::bad_answer, "no valid HTTP answer: bad status"},
        {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
         error_kind::bad_answer,
         "no valid HTTP answer: bad Content-Length"},
        {long_header,
         error_kind::bad_answer,
         "no valid HTTP answer: its header has more than 1 KiB"},
        {repeated(go_on, response_reader::interim_max + 1) + std::string(ok),
         error_kind::bad_answer,
         "no valid HTTP answer: interim answers without end"},
        {chunked + "2;" + std::string(4096, 'x'),
         error_kind::bad_answer,
         "no valid HTTP answer: a line does not end"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2049\r\n\r\n",
         error_kind::too_large,
         "an answer of more than 2 KiB"},
        {chunked + chunk + chunk + chunk, error_kind::too_large, "an answer of more than 2 KiB"},
        {until_end, error_kind::too_large, "an answer of more than 2 KiB"},
    };
    for (auto const& c : cases) {
        for (auto const piece : {c.bytes.size(), std::size_t{1}}) {
            BOOST_TEST_CONTEXT(c.bytes.substr(0, 60) << " in pieces of " << piece) {
                response_reader reader(part::whole, small);
                auto const fed = feed(reader, c.bytes, piece);
                BOOST_REQUIRE(!fed);
                BOOST_TEST(to_string(fed.error().kind) == to_string(c.kind));
                BOOST_TEST(fed.error().message == "sent " + c.message);
                BOOST_TEST(fed.error().hint == "check --api-url: is that DigitalOcean's API?");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_limits_themselves_are_allowed) {
    answer_limits const small{64, 2};
    response_reader reader(part::whole, small);
    BOOST_REQUIRE(reader.feed(ok));
    BOOST_TEST(reader.is_done());
}

BOOST_AUTO_TEST_CASE(a_limit_is_told_in_the_unit_that_fits) {
    struct {
        std::size_t limit;
        std::string expected;
    } const cases[] = {
        {answer_limits().body, "8 MiB"}, {3 * 1024, "3 KiB"}, {1000, "1000 bytes"}, {1, "1 byte"}};
    for (auto const& c : cases) {
        response_reader reader(part::whole, {1024, c.limit});
        auto const fed = reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n");
        BOOST_REQUIRE(!fed);
        BOOST_TEST(fed.error().message == "sent an answer of more than " + c.expected);
    }
}

BOOST_AUTO_TEST_CASE(the_date_of_an_answer_is_read) {
    auto const date = net::date_in("Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_REQUIRE(date);
    BOOST_TEST(std::chrono::system_clock::to_time_t(*date) == 784111777);
    for (std::string const text :
         {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT ", "784111777"})
        BOOST_TEST(!net::date_in(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
