#include "dns/resolver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(dns_resolver)

using namespace acme_dns01;
using namespace acme_dns01::dns;

namespace {

using texts = std::vector<std::string>;

texts servers_in(std::string_view text) {
    texts servers;
    for (auto const& server : parse_resolv_conf(text))
        servers.push_back(to_string(server));
    return servers;
}

} // namespace

BOOST_AUTO_TEST_CASE(resolv_conf_names_the_servers) {
    struct {
        std::string text;
        texts expected;
    } const cases[] = {
        {"nameserver 192.0.2.1\n", {"192.0.2.1"}},
        {"nameserver 192.0.2.1", {"192.0.2.1"}},
        {"\tnameserver\t192.0.2.1 \r\n", {"192.0.2.1"}},
        {"nameserver 192.0.2.2\nnameserver 192.0.2.1\n", {"192.0.2.2", "192.0.2.1"}},
        {"nameserver 2001:db8::1\n", {"2001:db8::1"}},
        {"search example.com\noptions edns0\nnameserver 192.0.2.1 # ours\n", {"192.0.2.1"}},
        {"# nameserver 192.0.2.9\n;nameserver 192.0.2.8\nnameserver 192.0.2.1\n", {"192.0.2.1"}},
        {"nameserver nonsense\nnameserver 192.0.2.1\n", {"192.0.2.1"}},
        {"nameservers 192.0.2.9\nNAMESERVER 192.0.2.8\nnameserver 192.0.2.1\n", {"192.0.2.1"}},
        {"nameserver 192.0.2.1\nnameserver x\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n"
         "nameserver 192.0.2.4\n",
         {"192.0.2.1", "192.0.2.2", "192.0.2.3"}},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            BOOST_TEST(servers_in(c.text) == c.expected, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(without_a_server_it_is_this_host) {
    for (auto const* text :
         {"", "\n\n", "search example.com\n", "nameserver\n", "nameserver x\n"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(servers_in(text) == texts{"127.0.0.1"}, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_look_up_without_any_resolver_says_so) {
    boost::asio::io_context context(1);
    resolver const r({});
    question const asked{name::parse("example.com").value(), record_type::ns};
    error failure;
    boost::asio::co_spawn(
        context,
        r.look_up(asked, r.limit()),
        [&](std::exception_ptr, result<message> got) {
            if (!got) failure = got.error();
        }
    );
    context.run();
    BOOST_TEST((failure.kind == error_kind::dns_failure));
    BOOST_TEST(failure.message == "looking up NS of example.com: there is no resolver");
    BOOST_TEST(failure.hint == "check this host's resolver, or name another with --resolver");
}

BOOST_AUTO_TEST_CASE(a_way_of_its_own_is_gone_once_for_each_question) {
    boost::asio::io_context context(1);
    int asked = 0;
    resolver const r(
        [&](question q, clock::duration) -> async_result<message> {
            ++asked;
            message answer;
            if (q.asked.text() == "bad.example") answer.code = response_code::servfail;
            co_return answer;
        },
        std::chrono::seconds(3)
    );
    std::vector<std::string> told;
    for (auto const* name : {"good.example", "good.example", "bad.example"}) {
        question const about{name::parse(name).value(), record_type::a};
        boost::asio::co_spawn(
            context,
            r.look_up(about, r.limit()),
            [&](std::exception_ptr, result<message> got) {
                told.push_back(got ? "answer" : got.error().message);
            }
        );
        context.run();
        context.restart();
    }
    std::vector<std::string> const expected{
        "answer", "answer", "looking up A of bad.example: SERVFAIL"};
    BOOST_TEST(told == expected, boost::test_tools::per_element());
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_SUITE_END()
