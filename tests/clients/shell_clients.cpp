#include "sandbox/temporary_folder.hpp"
#include "support/acme_client.hpp"
#include "support/hook_clients.hpp"
#include "support/shell_client.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(clients_shell)

using namespace acme_dns01::test;
using acme_dns01::seconds;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::command;
using acme_dns01::test::outcome;
using acme_dns01::test::running_command;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// Calls a plugin as acme.sh does, in a subshell of its own for each name: `add` or `rm`, then
// pairs.
constexpr auto acme_sh = R"sh(
_info() { printf '%s\n' "$1"; }
_err() { printf '%s\n' "$1" >&2; return 1; }
_saveaccountconf_mutable() { printf '%s=%s\n' "$1" "$2" >>"$CONF"; }
_readaccountconf_mutable() { sed -n "s/^$1=//p" "$CONF" 2>/dev/null | tail -n 1; }
task=$1
shift
while [ $# -gt 0 ]; do
    (
        . "$PLUGIN"
        if ! "dns_acmedns01_$task" "$1" "$2"; then exit 1; fi
        exit 0
    ) || exit 1
    shift 2
done
[ -z "${THEN_SLEEP:-}" ] || { : >"$CONF.asleep"; sleep "$THEN_SLEEP"; }
)sh";

// Calls a plugin as Proxmox does: nothing is remembered, and what is asked for is echoed; the value
// and the plugin's data come on stdin.
constexpr auto proxmox = R"sh(
_info() { echo "$1"; }
_err() { echo "$1" >&2; return 1; }
_readaccountconf_mutable() { echo "$1"; }
_saveaccountconf_mutable() { return; }
IFS= read -r value
IFS= read -r data
IFS=,
for pair in $data; do
    export "${pair%%=*}=$(echo "${pair#*=}" | openssl base64 -d -A)"
done
unset IFS
. "$PLUGIN_FOLDER/dns_acmedns01.sh"
"dns_acmedns01_$1" "_acme-challenge.$2" "$value"
)sh";

constexpr auto getssl = R"sh(
set -e
if ! eval "$DNS_ADD_COMMAND" "$1" "$2"; then
    echo "getssl: DNS_ADD_COMMAND failed for domain $1" >&2
    exit 1
fi
[ -z "${THEN_SLEEP:-}" ] || { : >"$CONF.asleep"; sleep "$THEN_SLEEP"; }
eval "$DNS_DEL_COMMAND" "$1" "$2"
)sh";

std::string base64(std::string const& text) {
    command c;
    c.arguments = {"openssl", "base64", "-A"};
    c.capture = true;
    c.input = text;
    return acme_dns01::test::run(c).value().out;
}

texts as_nobody() {
    if (::geteuid() != 0) return {};
    return {"setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--reset-env"};
}

// As the user `nobody`, where that is possible, and in any case with an environment that says
// nothing and no folder to write to.
outcome run_by_proxmox(
    shell_client const& client,
    local_digitalocean const& s,
    std::string const& task,
    std::string const& domain,
    std::string const& value
) {
    auto const environment = s.environment();
    std::string data = "ACMEDNS01_PROGRAM=" + base64(client.at("acme-dns01"));
    data += ",SSL_CERT_FILE=" + base64(client.at("ca.pem"));
    for (std::string const name :
         {"DIGITALOCEAN_TOKEN", "ACME_DNS01_API_URL", "ACME_DNS01_RESOLVER", "ACME_DNS01_DNS_PORT"})
        data += "," + name + "=" + base64(environment.at(name));
    command c;
    c.arguments = as_nobody();
    texts const rest{
        "env",
        "-i",
        "PATH=/usr/bin:/bin",
        "PLUGIN_FOLDER=" + client.folder.path().string(),
        "/bin/bash",
        client.script,
        task,
        domain};
    c.arguments.insert(c.arguments.end(), rest.begin(), rest.end());
    c.capture = true;
    c.input = value + "\n" + data + "\n";
    c.time_limit = seconds(60);
    return acme_dns01::test::run(c).value();
}

// Killed while it sleeps between its two tasks.
void kill_between(shell_client const& client, texts const& arguments) {
    auto sleeper = client.started_with(arguments);
    sleeper.environment["THEN_SLEEP"] = "20";
    sleeper.capture = false;
    sleeper.arguments.insert(
        sleeper.arguments.begin(), {"sh", "-c", "exec \"$@\" >/dev/null 2>&1", "sh"}
    );
    auto running = running_command::start(sleeper).value();
    auto const is_asleep = [&] {
        return std::filesystem::exists(client.at("account.conf.asleep"));
    };
    BOOST_TEST_REQUIRE(becomes_true(is_asleep));
    running.send_signal(SIGKILL);
    running.wait();
}

constexpr auto refused =
    "acme-dns01: error: example.com: listing the zones: DigitalOcean does not accept the token "
    "(401): Unable to authenticate you.";
constexpr auto hint = "\nacme-dns01: hint: create a token at "
                      "https://cloud.digitalocean.com/account/api/tokens and use it instead\n";

void check_told_why(outcome const& failed) {
    BOOST_TEST(failed.status == 1);
    BOOST_TEST(failed.err.starts_with(refused), failed.err);
    BOOST_TEST(failed.err.find(hint) != std::string::npos, failed.err);
}

} // namespace

BOOST_AUTO_TEST_CASE(acme_sh_adds_all_and_then_removes_all) {
    local_digitalocean s(quick());
    shell_client const acme(s, "acme.sh", acme_sh);
    texts const pairs{
        "_acme-challenge.example.com",
        value_a,
        "_acme-challenge.example.com",
        value_c,
        "proofs.example.com",
        value_b};
    texts add{"add"};
    add.insert(add.end(), pairs.begin(), pairs.end());
    auto const added = acme.run(add);
    BOOST_TEST(added.status == 0);
    BOOST_TEST(added.err == "");
    BOOST_TEST(
        added.out == "acme-dns01: creating the TXT record of _acme-challenge.example.com\n"
                     "acme-dns01: creating the TXT record of _acme-challenge.example.com\n"
                     "acme-dns01: creating the TXT record of proofs.example.com\n"
    );
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_a, value_c, value_b}), per_element());
    add[0] = "rm";
    BOOST_TEST(acme.run(add).err == "");
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(s.calls().size() == 7U);
}

BOOST_AUTO_TEST_CASE(the_acme_sh_plugin_remembers_its_settings) {
    local_digitalocean s(quick());
    for (auto const* address : {"127.53.0.1", "127.53.0.2", "127.53.0.3"})
        s.set_delay(address, seconds(600));
    shell_client const acme(s, "acme.sh", acme_sh);
    auto first = acme.started_with({"add", "_acme-challenge.example.com", value_a});
    first.environment["ACMEDNS01_WAIT"] = "no";
    BOOST_TEST(acme_dns01::test::run(first).value().status == 0);
    BOOST_TEST(acme.run({"add", "_acme-challenge.example.com", value_b}).status == 0);
    BOOST_TEST(text_of(acme.at("account.conf")) == "ACMEDNS01_WAIT=no\n");
    BOOST_TEST(txt_values(s, "example.com") == (texts{value_a, value_b}), per_element());
}

BOOST_AUTO_TEST_CASE(proxmox_needs_neither_privileges_nor_a_directory) {
    local_digitalocean s(quick());
    shell_client const node(s, "proxmox-acme", proxmox);
    for (auto const& value : {value_a, value_c}) {
        auto const added = run_by_proxmox(node, s, "add", "example.com", value);
        BOOST_TEST(added.status == 0);
        BOOST_TEST(added.err == "");
        BOOST_TEST(txt_values(s, "example.com") == texts{value}, per_element());
        auto const removed = run_by_proxmox(node, s, "rm", "example.com", value);
        BOOST_TEST(removed.status == 0);
        BOOST_TEST(removed.err == "");
        BOOST_TEST(txt_values(s, "example.com").empty());
    }
    s.inject(acme_dns01::sandbox::parse_fault("401 x*").value());
    check_told_why(run_by_proxmox(node, s, "add", "example.com", value_a));
}

BOOST_AUTO_TEST_CASE(acme_sh_works_as_the_user_nobody) {
    local_digitalocean s(quick());
    shell_client const acme(s, "acme.sh", acme_sh);
    texts line = as_nobody();
    texts const empty{"env", "-i", "PATH=/usr/bin:/bin", "CONF=/dev/null"};
    line.insert(line.end(), empty.begin(), empty.end());
    line.push_back("PLUGIN=" + acme.at("dns_acmedns01.sh"));
    line.push_back("ACMEDNS01_PROGRAM=" + acme.at("acme-dns01"));
    line.push_back("SSL_CERT_FILE=" + acme.at("ca.pem"));
    for (std::string const name :
         {"DIGITALOCEAN_TOKEN", "ACME_DNS01_API_URL", "ACME_DNS01_RESOLVER", "ACME_DNS01_DNS_PORT"})
        line.push_back(name + "=" + s.environment().at(name));
    for (auto const& [task, left] : {std::pair("add", 2U), std::pair("rm", 0U)}) {
        BOOST_TEST_CONTEXT(task) {
            command c;
            c.arguments = line;
            texts const call{
                "sh",
                acme.script,
                task,
                "_acme-challenge.example.com",
                value_a,
                "_acme-challenge.example.com",
                value_c};
            c.arguments.insert(c.arguments.end(), call.begin(), call.end());
            c.capture = true;
            auto const done = acme_dns01::test::run(c).value();
            BOOST_TEST(done.status == 0);
            BOOST_TEST(done.err == "");
            BOOST_TEST(txt_values(s, "example.com").size() == left);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_getssl_commands_add_and_remove_one_record) {
    local_digitalocean s(quick());
    shell_client const client(s, "getssl", getssl);
    auto const done = client.run({"example.com", value_c});
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.out + done.err == "");
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(s.calls().size() == 3U);
    s.inject(acme_dns01::sandbox::parse_fault("401 x*").value());
    execute_in_journal(s, "DELETE FROM account_zones");
    check_told_why(client.run({"example.com", value_a}));
}

BOOST_AUTO_TEST_CASE(acme_sh_shows_the_error_of_the_hook) {
    local_digitalocean s(quick());
    s.inject(acme_dns01::sandbox::parse_fault("401 x*").value());
    shell_client const acme(s, "acme.sh", acme_sh);
    check_told_why(acme.run({"add", "_acme-challenge.example.com", value_a}));
}

BOOST_AUTO_TEST_CASE(sweep_removes_the_leftovers_of_killed_scripts) {
    struct {
        std::string name;
        std::string text;
        texts arguments;
    } const cases[] = {
        {"acme.sh", acme_sh, {"add", "_acme-challenge.example.com", value_a}},
        {"getssl", getssl, {"example.com", value_a}},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            local_digitalocean s(quick());
            shell_client const client(s, c.name, c.text);
            kill_between(client, c.arguments);
            BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
            BOOST_TEST(user(s).run({"sweep"}).out == "example.com/28448432 removed\n");
            BOOST_TEST(txt_values(s, "example.com").empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
