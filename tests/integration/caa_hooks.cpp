#include "support/caa_records.hpp"
#include "support/outcome_check.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <future>

BOOST_AUTO_TEST_SUITE(integration_caa_hooks)

using namespace acme_dns01::test;
using acme_dns01::sandbox::fault_action;
using acme_dns01::sandbox::local_digitalocean;

namespace {

using texts = std::vector<std::string>;

void publish(local_digitalocean& s, std::string const& value, std::string const& tag = "issue") {
    s.add_record("example.com", caa_record("@", value, tag));
}

texts joined(texts list, texts const& more) {
    list.insert(list.end(), more.begin(), more.end());
    return list;
}

// One name's creation, as each client asks for it.
std::vector<texts> const clients{
    {"hook", "certbot-auth"},
    {"hook", "dehydrated", "deploy_challenge", "www.example.com", "token", value_a},
    {"hook", "lego", "present", "_acme-challenge.www.example.com.", value_a},
    {"hook", "uacme", "begin", "dns-01", "www.example.com", "token", value_a},
    {"hook", "acmesh-add", "_acme-challenge.www.example.com", value_a},
    {"hook", "getssl-add", "www.example.com", value_a},
};

user client_of(local_digitalocean const& s) {
    user u(s);
    u.with("CERTBOT_DOMAIN", "www.example.com").with("CERTBOT_VALIDATION", value_a);
    u.with("CERTBOT_REMAINING_CHALLENGES", "0");
    return u;
}

texts with_issuer(texts const& call) { return joined({"--caa-issuer", "letsencrypt.org"}, call); }

std::string const forbidden =
    "acme-dns01: error: www.example.com: CAA forbids Let's Encrypt to issue: example.com has CAA 0 "
    "issue \"pki.goog\", and no issue record names letsencrypt.org (RFC 8659 4.2)\n"
    "acme-dns01: hint: add CAA 0 issue \"letsencrypt.org\" at example.com, or run: acme-dns01 caa "
    "allow www.example.com --issuer letsencrypt.org\n";

} // namespace

BOOST_AUTO_TEST_CASE(forbidden_by_caa_every_hook_fails_and_leaves_no_record) {
    local_digitalocean s(quick());
    publish(s, "pki.goog");
    auto const client = client_of(s);
    for (auto const& call : clients) {
        BOOST_TEST_CONTEXT(call[1]) {
            s.clear_calls();
            check_outcome(client.run(with_issuer(call)), 6, "", forbidden);
            BOOST_TEST(txt_values(s, "example.com").empty());
            BOOST_TEST(client.outstanding("state").empty());
            // It was there: creation does not wait for the verdict.
            auto const calls = calls_of(s);
            BOOST_TEST(std::ranges::count(calls, "POST /v2/domains/example.com/records 201") == 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_permitted_name_prints_nothing) {
    local_digitalocean s(quick());
    publish(s, "letsencrypt.org");
    auto const client = client_of(s);
    for (auto const& call : clients) {
        BOOST_TEST_CONTEXT(call[1]) {
            auto const done = client.run(with_issuer(call));
            BOOST_TEST(done.status == 0);
            BOOST_TEST(done.err == "");
            client.run({"cleanup", "www.example.com", value_a});
        }
    }
}

BOOST_AUTO_TEST_CASE(the_verdict_comes_while_the_record_is_created) {
    local_digitalocean s(quick());
    publish(s, "pki.goog");
    auto slow = failing(fault_action::delay, "POST");
    slow.delay = acme_dns01::seconds(3);
    s.inject(slow);
    auto const client = client_of(s);
    auto running =
        std::async(std::launch::async, [&] { return client.run(with_issuer(clients.front())); });
    auto const is_asked_for = [&] {
        return std::ranges::any_of(s.queries(), [](auto const& q) {
            return q.asked.type == acme_dns01::dns::record_type::caa;
        });
    };
    BOOST_TEST(becomes_true(is_asked_for));
    BOOST_TEST(std::ranges::none_of(calls_of(s), [](auto const& call) {
        return call.starts_with("POST");
    }));
    BOOST_TEST(running.get().status == 6);
}

BOOST_AUTO_TEST_CASE(a_hook_fails_only_if_name_and_wildcard_are_forbidden) {
    local_digitalocean s(quick());
    publish(s, ";", "issuewild");
    auto const done = client_of(s).run(with_issuer(clients.front()));
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.err == "");
}

BOOST_AUTO_TEST_CASE(an_unknown_ca_is_an_error_before_anything_is_created) {
    local_digitalocean s(quick());
    auto const done = client_of(s).run(joined({"--caa-issuer", "lets"}, clients.front()));
    BOOST_TEST(done.status == 2);
    BOOST_TEST(done.err.starts_with("acme-dns01: error: --caa-issuer: 'lets' is not a known CA\n"));
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_SUITE_END()
