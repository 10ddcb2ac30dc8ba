#include "sandbox/temporary_folder.hpp"
#include "support/client_world.hpp"
#include "support/memory_use.hpp"
#include "support/scripted_https_server.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(limits_hostile_api)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;

namespace {

constexpr long hour = 3600;
constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

std::string repeated(std::string_view text, std::size_t size) {
    std::string all;
    while (all.size() < size)
        all += text;
    return all;
}

// The same bytes over and over, until the client goes.
void flood(scripted_https_server::writer const& write, std::string_view text) {
    auto const block = repeated(text, 64 * 1024);
    while (write(block)) {
    }
}

scripted_https_server::answer flood_after(std::string start, std::string text) {
    return [=](auto const& write) {
        if (write(start)) flood(write, text);
    };
}

scripted_https_server::answer whole(std::string const& body) {
    auto const all = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                     std::to_string(body.size()) + "\r\n\r\n" + body;
    return [all](auto const& write) { write(all); };
}

void one_byte_a_second(scripted_https_server::writer const& write) {
    while (write("H"))
        ::sleep(1);
}

struct hostile_answer {
    std::string name;
    scripted_https_server::answer answer;
    std::size_t sent_max; // of one answer
    long memory_max;      // KiB
};

constexpr long usual = 48L * 1024;

std::vector<hostile_answer> hostile_answers() {
    std::string const ok = "HTTP/1.1 200 OK\r\n";
    auto const body_max = 16 * mebibyte; // 8 of ours, and what is under way
    return {
        {"16 GiB", flood_after(ok + "Content-Length: 17179869184\r\n\r\n", "x"), body_max, usual},
        {"without an end", flood_after(ok + "\r\n", "x"), body_max, usual},
        {"in chunks without an end",
         flood_after(ok + "Transfer-Encoding: chunked\r\n\r\n", "4\r\nxxxx\r\n"),
         2 * body_max,
         usual},
        {"a flood of headers", flood_after(ok, "X-Header: value\r\n"), body_max, usual},
        {"a header without an end", flood_after(ok + "X-Header: ", "x"), body_max, usual},
        {"interim answers", flood_after("", "HTTP/1.1 100 Continue\r\n\r\n"), body_max, usual},
        {"deep JSON", whole(repeated("[", 7 * mebibyte)), body_max, usual},
        // A value of JSON takes more room than its digit.
        {"JSON of small values",
         whole("[" + repeated("0,", 7 * mebibyte) + "0]"),
         body_max,
         256L * 1024},
        {"one byte a second", one_byte_a_second, 16, usual},
    };
}

struct ending {
    outcome_and_memory done;
    std::size_t connections = 0;
    std::size_t sent = 0;
};

ending ending_after(local_digitalocean const& s, hostile_answer const& hostile) {
    temporary_folder const folder("acme-dns01-test");
    auto const identity = self_signed(folder.path(), -hour, hour);
    std::atomic<std::size_t> connections = 0;
    scripted_https_server const api(identity, [&](auto const& write) {
        ++connections;
        hostile.answer(write);
    });
    auto environment = s.environment();
    environment["ACME_DNS01_API_URL"] = api.url();
    environment["SSL_CERT_FILE"] = identity.certificate;
    ending e{run_measuring_memory(
        environment, {"present", "example.com", value_a, "--no-wait", "--deadline", "3"}
    )};
    e.connections = connections;
    e.sent = api.sent();
    return e;
}

} // namespace

BOOST_AUTO_TEST_CASE(no_answer_takes_more_than_its_bounds) {
    local_digitalocean const s(quick());
    auto const answers = hostile_answers();
    auto const endings = side_by_side<ending>(answers.size(), [&](std::size_t i) {
        return ending_after(s, answers[i]);
    });
    for (std::size_t i = 0; i < answers.size(); ++i) {
        auto const& e = endings[i];
        BOOST_TEST_CONTEXT(answers[i].name << ": " << e.done.err) {
            BOOST_TEST((e.done.status == 8 || e.done.status == 9));
            BOOST_TEST(e.done.err.starts_with("acme-dns01: error: example.com: "));
            BOOST_TEST(e.done.memory < answers[i].memory_max);
            BOOST_TEST(e.sent <= e.connections * answers[i].sent_max);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
