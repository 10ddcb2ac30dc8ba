#include "support/real_name_servers.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_zones.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <future>

BOOST_AUTO_TEST_SUITE(integration_real_wait)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

using texts = std::vector<std::string>;

constexpr auto knot_address = "127.53.14.1";
constexpr auto nsd_address = "127.53.14.2";

// home.test, which the account has, at Knot and at NSD. The parent and the servers' addresses come
// from a script.
struct world {
    world() {
        admin.with("ACME_DNS01_RESOLVER", dns::to_string(names.endpoint()));
        admin.with("ACME_DNS01_DNS_PORT", std::to_string(port));
    }

    static sandbox::options with_home_test() {
        auto options = quick();
        options.domains = {"home.test"};
        return options;
    }

    static zone_files zone(std::string const& lines) {
        return {
            {"home.test", "@ NS ns1\n@ NS ns2\nns1 A 127.53.14.1\nns2 A 127.53.14.2\n" + lines}};
    }

    sandbox::local_digitalocean api{with_home_test()};
    std::uint16_t port = free_port();
    real_name_server knot{name_server_program::knot, knot_address, port, zone("")};
    real_name_server nsd{name_server_program::nsd, nsd_address, port, zone("")};
    scripted_name_server names{serving(
        {{"home.test",
          {},
          {"home.test NS ns1.home.test",
           "home.test NS ns2.home.test",
           "ns1.home.test A 127.53.14.1",
           "ns2.home.test A 127.53.14.2"}}}
    )};
    user admin{api};
};

// With two hundred others before it, which do not fit into a datagram.
std::string among_stale_values(std::string const& value) {
    std::string lines;
    for (int i = 0; i < 200; ++i)
        lines += "_acme-challenge TXT stale-value-number-" + std::to_string(i) + "\n";
    return lines + "_acme-challenge TXT " + value + "\n";
}

struct ended {
    test::outcome out;
    clock::time_point at;
};

bool serves(real_name_server const& server) {
    dns::question const asked{
        dns::name::parse("_acme-challenge.home.test").value(), dns::record_type::txt};
    auto const told = run(dns::ask(server.endpoint(), asked, dns::ask_options{}));
    return told && !told->answer.empty();
}

// While the command waits, publishes at the first one, and at the second one when that serves. True
// if the command did not end before.
bool ends_after_both(
    world& w,
    std::string const& command,
    std::string const& records,
    real_name_server& first,
    real_name_server& second
) {
    auto running = std::async(std::launch::async, [&] {
        auto out = w.admin.run({command, "home.test", value_a, "--settle", "0", "--json"});
        return ended{std::move(out), clock::now()};
    });
    BOOST_TEST(becomes_true([&] { return !w.names.received().empty(); }));
    first.publish(world::zone(records));
    BOOST_TEST(becomes_true([&] { return serves(first); }));
    auto const published = clock::now();
    second.publish(world::zone(records));
    auto const e = running.get();
    BOOST_TEST(e.out.status == 0, e.out.err);
    BOOST_TEST(e.out.err.empty(), e.out.err);
    return e.at > published && serves(second);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_wait_ends_when_the_last_real_server_serves) {
    struct {
        std::string command;
        std::string records;
        bool nsd_is_last;
    } const cases[] = {
        {"wait", "_acme-challenge TXT " + value_a + "\n", true},
        {"wait", among_stale_values(value_a), false},
        {"present", among_stale_values(value_a), true},
        {"present", "_acme-challenge TXT " + value_a + "\n", false},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.command << (c.nsd_is_last ? ", NSD last" : ", Knot last")) {
            world w;
            auto& first = c.nsd_is_last ? w.knot : w.nsd;
            auto& last = c.nsd_is_last ? w.nsd : w.knot;
            BOOST_TEST(ends_after_both(w, c.command, c.records, first, last));
        }
    }
}

BOOST_AUTO_TEST_CASE(real_servers_that_lack_the_value_are_named) {
    world w;
    w.knot.publish(world::zone("_acme-challenge TXT " + value_b + "\n"));
    auto const out = w.admin.run({"wait", "home.test", value_a, "--propagation-timeout", "2"});
    BOOST_TEST(out.status == 7);
    BOOST_TEST(
        out.err == "acme-dns01: error: not on every authoritative server after 2.0 s: "
                   "ns1.home.test (127.53.14.1) answered NOERROR with 1 other value for "
                   "_acme-challenge.home.test; ns2.home.test (127.53.14.2) answered NXDOMAIN for "
                   "_acme-challenge.home.test\n"
                   "acme-dns01: hint: try again, or allow more time with --propagation-timeout\n"
    );
}

BOOST_AUTO_TEST_SUITE_END()
