#include "sandbox/temporary_folder.hpp"
#include "support/order_client.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;

namespace {

using texts = std::vector<std::string>;

boost::test_tools::assertion_result strace_can_delay(boost::unit_test::test_unit_id /*test*/) {
    command c;
    c.arguments = {"strace", "-qq", "-o", "/dev/null", "-e", "inject=write:delay_enter=1", "true"};
    c.capture = true;
    auto const done = run(c);
    boost::test_tools::assertion_result can_run(done && done->status == 0);
    can_run.message() << "strace is not there or may not trace a process";
    return can_run;
}

std::size_t lines_of(std::filesystem::path const& file) {
    std::ifstream in(file);
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);)
        ++count;
    return count;
}

// This process is the client. The last hook of the order meets a disk that takes 50 ms for a flush;
// the result is how often it flushes.
std::size_t flushes_of(std::string const& hook, local_digitalocean const& s, std::size_t names) {
    temporary_folder const folder("acme-dns01-test");
    auto const calls = folder.path() / "calls";
    auto const order = names_of_order(names);
    texts const call{tested::program(), "hook", hook};
    texts slow{
        "strace",
        "-f",
        "-qq",
        "-o",
        calls,
        "-e",
        "trace=fdatasync",
        "-e",
        "inject=fdatasync:delay_enter=50000"};
    slow.insert(slow.end(), call.begin(), call.end());
    for (std::size_t i = 0; i < names; ++i) {
        user client(s);
        client.with("CERTBOT_DOMAIN", order[i].domain);
        client.with("CERTBOT_VALIDATION", order[i].value);
        client.with("CERTBOT_REMAINING_CHALLENGES", std::to_string(names - i - 1));
        auto const done = client.execute(i + 1 < names ? call : slow);
        BOOST_TEST(done.status == 0, done.err);
    }
    return lines_of(calls);
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits_flushes, *boost::unit_test::precondition(strace_can_delay))

// One by one, the records would take ten flushes each, and their removals five.
BOOST_AUTO_TEST_CASE(the_last_hook_flushes_the_disk_no_more_often_for_more_names) {
    constexpr std::size_t names = 40;
    constexpr std::size_t most = 80;
    local_digitalocean const s(quick({0.0, 0.0, 0.0}));
    for (std::string const hook : {"certbot-auth", "certbot-cleanup"}) {
        BOOST_TEST_CONTEXT(hook) {
            auto const flushes = flushes_of(hook, s, names);
            BOOST_TEST(flushes >= 5U);
            BOOST_TEST(flushes <= most);
            BOOST_TEST_MESSAGE(hook << ": " << flushes << " flushes");
        }
        auto const states = user(s).outstanding("state");
        BOOST_TEST(states == texts(hook == "certbot-auth" ? names : 0, "created"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
