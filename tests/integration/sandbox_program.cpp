#include "support/command.hpp"
#include "support/tested.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(sandbox_program)

using namespace acme_dns01;
using test::command;
using test::outcome;

namespace {

using texts = std::vector<std::string>;

outcome run_sandbox(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), tested::sandbox());
    return test::run({.arguments = arguments, .capture = true, .time_limit = seconds(30)}).value();
}

outcome run_in_sandbox(std::string const& script, std::vector<std::string> options = {}) {
    options.insert(options.end(), {"--", "sh", "-c", script});
    return run_sandbox(std::move(options));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_command_gets_its_environment_and_its_status_is_passed_on) {
    auto const o = run_in_sandbox("echo $ACME_DNS01_API_URL; test -s $SSL_CERT_FILE && exit 7");
    BOOST_TEST(o.status == 7);
    BOOST_TEST(o.out.starts_with("https://127.0.0.1:"));
    BOOST_TEST(o.err == "");
}

BOOST_AUTO_TEST_CASE(a_command_ended_by_a_signal_has_the_status_a_shell_reports) {
    BOOST_TEST(run_in_sandbox("kill -9 $$").status == 128 + SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_command_inherits_the_callers_files_and_none_of_ours) {
    std::string const list = "cd /proc/self/fd && echo *";
    auto const with_another = "exec 8</dev/null; \"$@\"";
    for (texts const& options : {texts(), texts{"--access-log", "/dev/null"}}) {
        texts line{"sh", "-c", with_another, "sh", tested::sandbox()};
        line.insert(line.end(), options.begin(), options.end());
        line.insert(line.end(), {"--", "sh", "-c", list});
        auto const inside = test::run({.arguments = line, .capture = true}).value();
        texts const directly{"sh", "-c", with_another, "sh", "sh", "-c", list};
        auto const alone = test::run({.arguments = directly, .capture = true}).value();
        BOOST_TEST(inside.out == alone.out);
    }
}

BOOST_AUTO_TEST_CASE(its_own_folder_is_first_in_the_path) {
    auto const o = run_in_sandbox("command -v acme-dns01-sandbox");
    BOOST_TEST(o.out == tested::sandbox() + "\n");
}

BOOST_AUTO_TEST_CASE(the_status_is_127_if_the_command_cannot_be_started) {
    test::command command{.arguments = {tested::sandbox(), "--", "no-such-command"}};
    command.environment["PATH"] = "/bin";
    command.capture = true;
    auto const o = test::run(command).value();
    auto const folder = std::filesystem::path(tested::sandbox()).parent_path().string();
    BOOST_TEST(o.status == 127);
    BOOST_TEST(
        o.err == "acme-dns01-sandbox: error: cannot start no-such-command: it is in no folder of "
                 "PATH (" +
                     folder +
                     ":/bin)\n"
                     "acme-dns01-sandbox: hint: install it, or put its whole path after --\n"
    );
}

BOOST_AUTO_TEST_CASE(the_status_of_bad_usage_is_2) {
    auto const o = run_sandbox({"--bogus"});
    BOOST_TEST(o.status == 2);
    BOOST_TEST(o.out == "");
    BOOST_TEST(
        o.err == "acme-dns01-sandbox: error: unrecognised option '--bogus'\n"
                 "acme-dns01-sandbox: hint: acme-dns01-sandbox --help shows all options\n"
    );
}

BOOST_AUTO_TEST_CASE(help_and_version_are_shown) {
    BOOST_TEST(run_sandbox({"--help"}).out.starts_with("usage: acme-dns01-sandbox [options]"));
    BOOST_TEST(run_sandbox({"--version"}).out == "acme-dns01-sandbox " ACME_DNS01_VERSION "\n");
}

BOOST_AUTO_TEST_CASE(the_status_is_1_if_the_sandbox_cannot_start) {
    auto const o = run_sandbox({"--access-log", "/nonexistent/log", "--", "true"});
    BOOST_TEST(o.status == 1);
    BOOST_TEST(
        o.err == "acme-dns01-sandbox: error: cannot write the access log /nonexistent/log\n"
    );
}

BOOST_AUTO_TEST_CASE(a_token_is_limited_to_its_scopes) {
    auto const o = run_in_sandbox(
        "for method in GET DELETE; do curl -s -o /dev/null -w '%{http_code} ' -X $method"
        " -H \"Authorization: Bearer $DIGITALOCEAN_TOKEN\" --cacert $SSL_CERT_FILE"
        " $ACME_DNS01_API_URL/v2/domains/example.com; done",
        {"--scope", "domain:read"}
    );
    BOOST_TEST(o.out == "200 403 ");
}

BOOST_AUTO_TEST_CASE(signals_are_passed_to_the_command) {
    auto const o =
        run_in_sandbox("trap 'exit 42' TERM; kill -TERM $PPID; while :; do sleep 1; done");
    BOOST_TEST(o.status == 42);
}

BOOST_AUTO_TEST_CASE(without_a_command_it_serves_until_interrupted) {
    int ends[2] = {-1, -1};
    BOOST_TEST_REQUIRE(::pipe(ends) == 0);
    auto const script = std::string("exec ") + tested::sandbox() + " >&" + std::to_string(ends[1]);
    auto running = test::running_command::start(
        {.arguments = {"sh", "-c", script}, .capture = true, .time_limit = seconds(30)}
    );
    ::close(ends[1]);
    std::string output;
    char byte = 0;
    while (output.find("export SSL_CERT_FILE=") == std::string::npos &&
           ::read(ends[0], &byte, 1) == 1)
        output += byte;
    running->send_signal(SIGINT);
    auto const o = running->wait();
    ::close(ends[0]);
    BOOST_TEST(o.status == 0);
    BOOST_TEST(output.starts_with("export ACME_DNS01_API_URL=https://127.0.0.1:"));
    BOOST_TEST(output.find("\nexport DIGITALOCEAN_TOKEN=dop_v1_") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_result_that_cannot_be_written_is_no_success) {
    for (std::string const option : {"--version", "--help", "--domain=example.net"}) {
        for (std::string const where : {">&-", ">/dev/full"}) {
            BOOST_TEST_CONTEXT(option << " " << where) {
                auto const script = "exec \"$0\" \"$1\" " + where;
                auto const o = test::run({
                    .arguments = {"sh", "-c", script, tested::sandbox(), option},
                    .capture = true,
                    .time_limit = seconds(30),
                });
                BOOST_TEST(o.value().status == 1);
                BOOST_TEST(
                    o.value().err == "acme-dns01-sandbox: error: the result cannot be written\n"
                );
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
