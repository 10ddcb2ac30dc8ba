#include "support/run_awaitable.hpp"
#include "support/scripted_name_server.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_hostile_dns)

using namespace acme_dns01;
using namespace acme_dns01::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;
using replies = std::vector<reply>;

auto const challenge_name = dns::name::parse("_acme-challenge.example.com").value();

result<dns::message> ask(dns::endpoint const& server, clock::duration patience) {
    dns::question const asked{challenge_name, dns::record_type::txt};
    dns::ask_options const options{.recursion_desired = false, .patience = patience};
    return run(dns::ask(server, asked, options));
}

// "NOERROR one two" or the error, the port left out.
std::string told(scripted_name_server const& server, clock::duration patience = 1s) {
    auto const got = ask(server.endpoint(), patience);
    if (!got) {
        auto message = got.error().message;
        auto const port = ":" + std::to_string(server.port());
        if (auto const at = message.find(port); at != std::string::npos)
            message.erase(at, port.size());
        return message;
    }
    auto text = to_string(got->code);
    for (auto const& value : dns::data_of(got->answer, dns::record_type::txt, challenge_name))
        text += " " + value;
    return text;
}

std::size_t count_of(scripted_name_server const& server, bool over_tcp) {
    auto const all = server.received();
    return static_cast<std::size_t>(std::ranges::count(all, over_tcp, &received_query::over_tcp));
}

bytes honest(received_query const& q) { return txt_answer(q, {"honest"}); }
bytes forged(received_query const& q) { return txt_answer(q, {value_a}); }

constexpr auto silence = "name server 127.0.0.1 cannot be reached: it does not answer";
constexpr auto only_others =
    "name server 127.0.0.1 cannot be reached: only answers to other questions came";

// What may come before the honest answer, and may not be taken for it.
struct hostile {
    std::string what;
    std::function<replies(received_query const&)> replies_to;
};

std::vector<hostile> hostile_datagrams() {
    return {
        {"wrong id", [](auto const& q) { return replies{{with_other_id(forged(q))}}; }},
        {"wrong question",
         [](auto const& q) { return replies{{with_other_question(q, {value_a})}}; }},
        {"another port",
         [](auto const& q) {
             return replies{{forged(q), source::another_port}};
         }},
        {"another address",
         [](auto const& q) {
             return replies{{forged(q), source::another_address}};
         }},
        {"no answer but a query", [](auto const& q) { return replies{{as_a_query(forged(q))}}; }},
        {"the query itself", [](auto const& q) { return replies{{q.wire}}; }},
        {"nothing at all", [](auto const&) { return replies{{bytes()}}; }},
        {"garbage",
         [](auto const&) {
             return replies{{bytes(512, 0xff)}, {bytes(4096, 0)}, {{1, 2, 3}}};
         }},
        {"compression loop", [](auto const& q) { return replies{{with_compression_loop(q)}}; }},
        {"an end too early",
         [](auto const& q) {
             replies cut;
             auto const whole = forged(q);
             for (std::ptrdiff_t missing = 1; missing <= 20; ++missing)
                 cut.push_back({bytes(whole.begin(), whole.end() - missing)});
             return cut;
         }},
    };
}

auto const server_name = dns::name::parse("ns.example.net").value();
constexpr auto server_address = "127.53.7.1";

// What a resolver knows: example.com has one name server, which has one address.
bytes resolver_answer(received_query const& q) {
    auto m = answer_to(q);
    auto const& asked = q.query.asked;
    if (asked.asked.text() == "example.com" && asked.type == dns::record_type::ns)
        m.answer = {{asked.asked, dns::record_type::ns, 60, server_name.text()}};
    if (asked.asked == server_name && asked.type == dns::record_type::a)
        m.answer = {{asked.asked, dns::record_type::a, 60, server_address}};
    return encoded(m);
}

// `acme-dns01 wait` for value_a, where a forger sees every question before the zone's only server
// does, which serves these values.
test::outcome
wait_beside(hostile const& forger, texts const& served, std::string const& seconds_max) {
    sandbox::local_digitalocean const s(quick());
    scripted_name_server const world(
        [&](received_query const& q) {
            if (q.address != server_address) return replies{{resolver_answer(q)}};
            auto all = forger.replies_to(q);
            all.push_back({txt_answer(q, served), source::server, 20ms});
            return all;
        },
        {"127.0.0.1", server_address}
    );
    user admin(s);
    admin.resolving_at(world.endpoint());
    return admin.run({"wait", "example.com", value_a, "--propagation-timeout", seconds_max});
}

} // namespace

BOOST_AUTO_TEST_CASE(the_genuine_answer_counts_despite_forgeries_before_it) {
    for (auto const& h : hostile_datagrams()) {
        BOOST_TEST_CONTEXT(h.what) {
            scripted_name_server const server([&](received_query const& q) {
                auto all = h.replies_to(q);
                all.push_back({honest(q), source::server, 50ms});
                return all;
            });
            BOOST_TEST(told(server) == "NOERROR honest");
            BOOST_TEST(server.received().size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_answer_counts_as_silence) {
    for (auto const& h : hostile_datagrams()) {
        BOOST_TEST_CONTEXT(h.what) {
            scripted_name_server const server([&](received_query const& q) {
                return h.replies_to(q);
            });
            auto const said = told(server, 200ms);
            BOOST_TEST(said == silence);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_wait_ignores_forgeries_and_accepts_genuine_answers) {
    for (auto const& forger : hostile_datagrams()) {
        BOOST_TEST_CONTEXT(forger.what) {
            auto const forged_only = wait_beside(forger, {"stale"}, "0.3");
            BOOST_TEST(forged_only.status == 7);
            BOOST_TEST(
                forged_only.err.find("(127.53.7.1) answered NOERROR with 1 other value") !=
                    std::string::npos,
                forged_only.err
            );
            BOOST_TEST(wait_beside(forger, {"stale", value_a}, "5").status == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_flood_of_forgeries_ends_the_question) {
    scripted_name_server const server([](received_query const& q) {
        return replies(40, {with_other_id(forged(q))});
    });
    BOOST_TEST(told(server) == only_others);
}

BOOST_AUTO_TEST_CASE(every_question_has_an_id_of_its_own) {
    scripted_name_server const server([](received_query const& q) { return replies{{honest(q)}}; });
    for (int i = 0; i < 4; ++i)
        BOOST_TEST(told(server) == "NOERROR honest");
    auto const all = server.received();
    BOOST_REQUIRE(all.size() == 4U);
    auto const same_id = [&](auto const& q) { return q.query.id == all[0].query.id; };
    BOOST_TEST(!std::ranges::all_of(all, same_id));
}

BOOST_AUTO_TEST_CASE(repetitions_are_the_same_question) {
    std::size_t asked = 0;
    scripted_name_server const server([&](received_query const& q) {
        return ++asked < 3 ? replies() : replies{{honest(q)}};
    });
    BOOST_TEST(told(server, 2s) == "NOERROR honest");
    auto const all = server.received();
    BOOST_REQUIRE(all.size() == 3U);
    BOOST_TEST((all[0].wire == all[1].wire && all[1].wire == all[2].wire));
}

BOOST_AUTO_TEST_CASE(every_response_code_is_an_answer) {
    struct {
        dns::response_code code;
        std::string expected;
    } const cases[] = {
        {dns::response_code::servfail, "SERVFAIL"},
        {dns::response_code::refused, "REFUSED"},
        {dns::response_code::nxdomain, "NXDOMAIN"},
        {dns::response_code::noerror, "NOERROR"}, // lame: no authority
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) {
            scripted_name_server const server([&](received_query const& q) {
                return replies{{answer_with_code(q, c.code)}};
            });
            BOOST_TEST(told(server) == c.expected);
            BOOST_TEST(!ask(server.endpoint(), 1s)->authoritative);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_late_answer_counts_until_the_timeout) {
    scripted_name_server const server([](received_query const& q) {
        return replies{{honest(q), source::server, 400ms}};
    });
    BOOST_TEST(told(server) == "NOERROR honest");
    BOOST_TEST(count_of(server, false) == 2U);
    BOOST_TEST(told(server, 200ms) == silence);
}

BOOST_AUTO_TEST_CASE(two_hundred_values_arrive_over_tcp) {
    texts values;
    for (int i = 0; i < 200; ++i)
        values.push_back("stale-value-number-" + std::to_string(i) + std::string(24, '-'));
    values.push_back(value_a);
    scripted_name_server const server([&](received_query const& q) {
        return replies{{q.over_tcp ? txt_answer(q, values) : truncated_answer(q)}};
    });
    auto const said = told(server);
    BOOST_TEST(std::ranges::count(said, ' ') == 201);
    BOOST_TEST(said.ends_with(" " + value_a));
    BOOST_TEST(count_of(server, false) == 1U);
    BOOST_TEST(count_of(server, true) == 1U);
}

BOOST_AUTO_TEST_CASE(errors_over_tcp_are_named) {
    struct {
        std::string what;
        std::function<replies(received_query const&)> over_tcp;
        std::string expected;
    } const cases[] = {
        {"silence", [](auto const&) { return replies(); }, "it does not answer"},
        {"the end at once", [](auto const&) { return replies{{bytes()}}; }, ""},
        {"wrong id",
         [](auto const& q) { return replies{{with_other_id(forged(q))}}; },
         "it answered something else"},
        {"wrong question",
         [](auto const& q) { return replies{{with_other_question(q, {value_a})}}; },
         "it answered something else"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            scripted_name_server const server([&](received_query const& q) {
                return q.over_tcp ? c.over_tcp(q) : replies{{truncated_answer(q)}};
            });
            auto const said = told(server, 500ms);
            if (c.expected.empty()) {
                BOOST_TEST(said.starts_with("a DNS message is malformed: "));
            } else {
                BOOST_TEST(
                    said == "name server 127.0.0.1 cannot be reached: over TCP: " + c.expected
                );
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
