#include "sandbox/local_digitalocean.hpp"
#include "support/sandbox_client.hpp"
#include "support/timing.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/pem.h>
#include <openssl/tls1.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <sstream>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(sandbox_over_the_network)

using namespace acme_dns01;
using test::ask;
using test::https_connection;
using test::query_for;
namespace box = sandbox;
namespace fs = std::filesystem;

namespace {

constexpr auto records = "/v2/domains/example.com/records";
constexpr auto challenge = "_acme-challenge.example.com";
constexpr auto new_challenge = R"({"type":"TXT","name":"_acme-challenge","data":"value","ttl":30})";
std::string const servers[] = {"127.53.0.1", "127.53.0.2", "127.53.0.3"};
constexpr auto resolver = "127.0.0.1";

using texts = std::vector<std::string>;

texts values(box::local_digitalocean const& s, std::string const& address, bool over_tcp = false) {
    auto const query = query_for(challenge);
    auto const m = ask(s, address, query, over_tcp);
    BOOST_TEST_REQUIRE(m.has_value());
    return dns::data_of(m->answer, dns::record_type::txt, query.asked.asked);
}

digitalocean::record text_record(std::string name, std::string data) {
    digitalocean::record r;
    r.type = "TXT";
    r.name = std::move(name);
    r.data = std::move(data);
    return r;
}

box::options with_delay(double delay) {
    box::options o;
    for (auto& server : o.name_servers)
        server.delay = seconds(delay);
    return o;
}

std::string content_of(fs::path const& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

using certificate_ptr = std::unique_ptr<X509, decltype(&::X509_free)>;

certificate_ptr certificate_in(std::string const& file) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const opened(
        std::fopen(file.c_str(), "r"), [](std::FILE* f) { return std::fclose(f); }
    );
    return {::PEM_read_X509(opened.get(), nullptr, nullptr, nullptr), &::X509_free};
}

} // namespace

BOOST_AUTO_TEST_CASE(one_connection_serves_many_requests) {
    box::local_digitalocean const s;
    https_connection connection(s);
    auto const created = connection.send("POST", records, new_challenge);
    BOOST_TEST(created.status == 201U);
    BOOST_TEST(created.headers.at("content-type") == "application/json; charset=utf-8");
    BOOST_TEST(created.headers.at("ratelimit-limit") == "5000");
    BOOST_TEST(created.headers.at("ratelimit-remaining") == "4999");
    BOOST_TEST(connection.send("GET", records).status == 200U);
    auto const deleted = connection.send("DELETE", std::string(records) + "/28448432");
    BOOST_TEST(deleted.status == 204U);
    BOOST_TEST(deleted.body.empty());
    auto const gone = connection.send("DELETE", std::string(records) + "/28448432");
    BOOST_TEST(gone.status == 404U);
    auto const id = boost::json::parse(gone.body).at("request_id").as_string();
    BOOST_TEST(id.size() == 36U);
}

BOOST_AUTO_TEST_CASE(links_lead_to_the_sandbox_itself) {
    box::local_digitalocean const s;
    https_connection connection(s);
    auto const answer = connection.send("GET", std::string(records) + "?per_page=1");
    auto const next =
        boost::json::parse(answer.body).at("links").at("pages").at("next").as_string();
    BOOST_TEST(
        std::string(next) == s.api_url() + "/v2/domains/example.com/records?page=2&per_page=1"
    );
}

BOOST_AUTO_TEST_CASE(its_certificate_is_valid_for_loopback_by_its_authority_only) {
    box::local_digitalocean const s;
    box::local_digitalocean const other;
    BOOST_TEST(test::handshake_failure(s, s.ca_file(), "localhost", 0) == "");
    BOOST_TEST(test::handshake_failure(s, s.ca_file(), "127.0.0.1", TLS1_2_VERSION) == "");
    BOOST_TEST(test::handshake_failure(s, s.ca_file(), "api.digitalocean.com", 0) != "");
    BOOST_TEST(test::handshake_failure(s, other.ca_file(), "localhost", 0) != "");
    BOOST_TEST(test::handshake_failure(s, "", "localhost", 0) != "");
    BOOST_TEST(test::handshake_failure(s, s.ca_file(), "localhost", TLS1_1_VERSION) != "");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_http_end_the_connection) {
    box::local_digitalocean const s;
    for (std::string const& bytes : {
             std::string("not http\r\n\r\n"),
             "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x'),
             std::string("POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n"),
         }) {
        https_connection connection(s);
        BOOST_TEST(connection.send_raw(bytes) == "");
    }
    https_connection connection(s);
    auto const answer = connection.send_raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    BOOST_TEST(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"));
    BOOST_TEST(answer.find("connection: close\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_shows_a_record_after_its_delay) {
    box::local_digitalocean s(with_delay(3600));
    https_connection(s).send("POST", records, new_challenge);
    for (auto const& server : servers)
        BOOST_TEST(values(s, server).empty());
    s.set_delay(servers[0], seconds(0));
    BOOST_TEST(values(s, servers[0]) == texts{"value"}, boost::test_tools::per_element());
    BOOST_TEST(values(s, servers[0], true) == texts{"value"}, boost::test_tools::per_element());
    BOOST_TEST(values(s, servers[1]).empty());
    BOOST_TEST(values(s, resolver).empty());
    s.set_delay(servers[1], seconds(0));
    s.set_delay(servers[2], seconds(0));
    BOOST_TEST(values(s, resolver) == texts{"value"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_short_delay_ends_by_itself) {
    box::local_digitalocean const s(with_delay(0.05));
    https_connection(s).send("POST", records, new_challenge);
    BOOST_TEST(test::becomes_true([&] { return !values(s, servers[0]).empty(); }));
    BOOST_TEST(values(s, servers[0]) == texts{"value"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_tests_changes_are_visible_at_once_or_with_the_delay) {
    auto o = with_delay(3600);
    o.domains = {"example.com", "example.net"};
    o.records = {{"example.com", text_record("_acme-challenge", "given")}};
    box::local_digitalocean s(o);
    BOOST_TEST(values(s, servers[0]) == texts{"given"}, boost::test_tools::per_element());
    auto const id = s.add_record("example.com", text_record("_acme-challenge", "added"));
    s.add_record("example.com", text_record("_acme-challenge", "late"), box::publishing::delayed);
    BOOST_TEST(
        values(s, servers[0]) == (texts{"given", "added"}), boost::test_tools::per_element()
    );
    s.remove_record("example.com", id);
    BOOST_TEST(values(s, servers[0]) == texts{"given"}, boost::test_tools::per_element());
    BOOST_TEST(s.records("example.com").size() == 5U);
    s.add_domain("sub.example.com");
    s.add_record("sub.example.com", text_record("@", "nested"));
    auto const nested = ask(s, servers[1], query_for("sub.example.com"));
    BOOST_TEST(nested->answer.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_unknown_zone_record_or_address_is_an_invalid_argument) {
    box::local_digitalocean s;
    BOOST_CHECK_THROW(s.records("example.net"), std::invalid_argument);
    BOOST_CHECK_THROW(s.add_domain("example.com"), std::invalid_argument);
    BOOST_CHECK_THROW(s.add_domain("a..b"), std::invalid_argument);
    BOOST_CHECK_THROW(s.add_record("example.net", text_record("a", "b")), std::invalid_argument);
    BOOST_CHECK_THROW(s.add_record("example.com", text_record("a", "")), std::invalid_argument);
    BOOST_CHECK_THROW(s.remove_record("example.com", 1), std::invalid_argument);
    BOOST_CHECK_THROW(s.set_delay("127.53.0.9", seconds(1)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_resolver_finds_the_name_servers) {
    box::local_digitalocean const s;
    auto const delegated = ask(s, resolver, query_for("example.com", dns::record_type::ns));
    BOOST_TEST(delegated->recursion_available);
    BOOST_TEST_REQUIRE(delegated->answer.size() == 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        auto const query = query_for(delegated->answer[i].data, dns::record_type::a);
        auto const found = ask(s, resolver, query);
        BOOST_TEST(
            dns::data_of(found->answer, dns::record_type::a, query.asked.asked) ==
                texts{servers[i]},
            boost::test_tools::per_element()
        );
    }
}

BOOST_AUTO_TEST_CASE(a_large_answer_is_truncated_and_whole_over_tcp) {
    box::local_digitalocean s;
    for (int i = 0; i < 30; ++i)
        s.add_record("example.com", text_record("_acme-challenge", std::string(43, 'x')));
    auto const cut = ask(s, servers[0], query_for(challenge));
    BOOST_TEST(cut->truncated);
    BOOST_TEST(cut->answer.empty());
    BOOST_TEST(values(s, servers[0], true).size() == 30U);
}

BOOST_AUTO_TEST_CASE(a_misbehaving_server_leaves_the_others_alone) {
    box::local_digitalocean s;
    s.set_behaviour(servers[0], box::behaviour::silent);
    s.set_behaviour(servers[1], box::behaviour::refused);
    BOOST_TEST(!ask(s, servers[0], query_for(challenge), false, seconds(0.1)).has_value());
    BOOST_TEST(!ask(s, servers[0], query_for(challenge), true, seconds(0.1)).has_value());
    BOOST_TEST((ask(s, servers[1], query_for(challenge))->code == dns::response_code::refused));
    BOOST_TEST((ask(s, servers[2], query_for(challenge))->code == dns::response_code::nxdomain));
}

BOOST_AUTO_TEST_CASE(queries_are_counted) {
    box::local_digitalocean s;
    auto const query = query_for(challenge);
    ask(s, servers[0], query);
    ask(s, servers[0], query, true);
    BOOST_TEST(s.query_count_of(servers[0], query.asked) == 2U);
    BOOST_TEST(s.query_count_of(servers[1], query.asked) == 0U);
    BOOST_TEST(s.queries().size() == 2U);
    s.clear_queries();
    BOOST_TEST(s.queries().empty());
}

BOOST_AUTO_TEST_CASE(calls_are_kept_and_logged_without_secrets) {
    auto const log = fs::temp_directory_path() / ("sandbox-log-" + std::to_string(::getpid()));
    {
        box::options o;
        o.access_log = log;
        box::local_digitalocean s(o);
        https_connection(s).send("POST", records, new_challenge);
        https_connection(s).send_raw("GET /v2/domains HTTP/1.1\r\nConnection: close\r\n\r\n");
        auto const calls = s.calls();
        BOOST_TEST_REQUIRE(calls.size() == 2U);
        BOOST_TEST(calls[0].method == "POST");
        BOOST_TEST(calls[0].target == records);
        BOOST_TEST(calls[0].body == new_challenge);
        BOOST_TEST(calls[0].authorized);
        BOOST_TEST(calls[0].status == 201U);
        BOOST_TEST(!calls[1].authorized);
        BOOST_TEST(calls[1].status == 401U);
        s.clear_calls();
        BOOST_TEST(s.calls().empty());
    }
    BOOST_TEST(
        content_of(log) == "POST /v2/domains/example.com/records 201\nGET /v2/domains 401\n"
    );
    fs::remove(log);
}

BOOST_AUTO_TEST_CASE(the_environment_has_all_that_a_command_needs) {
    box::local_digitalocean const s;
    std::map<std::string, std::string> const wanted = {
        {"ACME_DNS01_API_URL", s.api_url()},
        {"ACME_DNS01_RESOLVER", "127.0.0.1:" + std::to_string(s.dns_port())},
        {"ACME_DNS01_DNS_PORT", std::to_string(s.dns_port())},
        {"ACME_DNS01_CONFIG", fs::path(s.state_dir()).parent_path() / "acme-dns01.conf"},
        {"ACME_DNS01_STATE_DIR", s.state_dir()},
        {"SSL_CERT_FILE", s.ca_file()},
        {"DIGITALOCEAN_TOKEN", s.token()},
        {"NO_PROXY", "localhost,127.0.0.1"},
    };
    BOOST_TEST((s.environment() == wanted));
    BOOST_TEST(s.token().size() == 7U + 64U);
    BOOST_TEST(s.token().starts_with("dop_v1_"));
}

BOOST_AUTO_TEST_CASE(its_folder_is_private_and_removed_at_the_end) {
    fs::path state;
    fs::path authority;
    {
        box::local_digitalocean const s;
        state = s.state_dir();
        authority = s.ca_file();
        BOOST_TEST(fs::is_empty(state));
        BOOST_TEST((fs::status(state).permissions() == fs::perms::owner_all));
        std::ofstream(state / "journal") << "left behind";
    }
    BOOST_TEST(!fs::exists(state));
    BOOST_TEST(!fs::exists(authority));
}

BOOST_AUTO_TEST_CASE(it_stops_while_connections_are_open_and_a_request_waits) {
    auto s = std::make_unique<box::local_digitalocean>();
    s->inject({.action = box::fault_action::slowly, .delay = seconds(3600)});
    https_connection const idle(*s);
    https_connection waiting(*s);
    auto answered = std::async(std::launch::async, [&] { waiting.send("GET", records); });
    auto const end = deadline::in(seconds(10));
    while (s->calls().empty() && !end.over()) {
    }
    BOOST_TEST(s->calls().size() == 1U);
    s.reset();
    BOOST_CHECK_THROW(answered.get(), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(another_servers_certificate_has_the_same_authority) {
    box::local_digitalocean s;
    auto const files = s.issue_certificate({"localhost", "127.0.0.1"});
    BOOST_TEST(
        (fs::status(files.key).permissions() == (fs::perms::owner_read | fs::perms::owner_write))
    );
    auto const issued = certificate_in(files.certificate);
    auto const authority = certificate_in(s.ca_file());
    BOOST_TEST_REQUIRE((issued && authority));
    BOOST_TEST(::X509_verify(issued.get(), ::X509_get0_pubkey(authority.get())) == 1);
    BOOST_TEST(::X509_check_ca(authority.get()) == 1);
    BOOST_TEST(::X509_check_ca(issued.get()) == 0);
    BOOST_TEST(::X509_check_host(issued.get(), "localhost", 0, 0, nullptr) == 1);
    BOOST_TEST(::X509_check_ip_asc(issued.get(), "127.0.0.1", 0) == 1);
    BOOST_TEST(::X509_check_host(issued.get(), "example.com", 0, 0, nullptr) == 0);
    BOOST_TEST(files.key != s.issue_certificate({"localhost"}).key);
}

BOOST_AUTO_TEST_CASE(an_error_says_what_the_sandbox_cannot_get) {
    box::options nowhere;
    nowhere.name_servers = {{"ns1.digitalocean.com", {"192.0.2.1"}, seconds(0)}};
    BOOST_CHECK_THROW(box::local_digitalocean{nowhere}, std::runtime_error);
    box::options unwritable;
    unwritable.access_log = "/nonexistent/log";
    BOOST_CHECK_THROW(box::local_digitalocean{unwritable}, std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
