#include "sandbox/temporary_folder.hpp"
#include "support/acme_client.hpp"
#include "support/hook_clients.hpp"
#include "support/tested.hpp"
#include "support/timing.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <unistd.h>

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

// The order of the real acme.sh, with its variables: each argument is a name's entry, without the
// uri and the authorization around it, "<domain>#<value>#<type>#<plugin>".
constexpr auto acme_sh_order = R"sh(
_info() { :; }
_err() { printf '%s\n' "$1" >&2; return 1; }
_saveaccountconf_mutable() { :; }
_readaccountconf_mutable() { :; }
sep='#'
dvsep=','
VTYPE_DNS=dns-01
STATE_VERIFIED=verified_ok
LE_WORKING_DIR=$(dirname "$PLUGIN")
Le_LinkOrder=https://ca.test/order/1
d_api=$PLUGIN
dns_entries=
vlist=
for given; do
    vlist=$vlist$(echo "$given" | sed 's,#\([^#]*\)#\([^#]*\)$,#https://ca.test/chall#\1#\2#https://ca.test/authz,')$dvsep
done
ventries=$(echo "$vlist" | tr "$dvsep" ' ')
for ventry in $ventries; do
    d=$(echo "$ventry" | cut -d "$sep" -f 1)
    txt=$(echo "$ventry" | cut -d "$sep" -f 2)
    _currentRoot=$(echo "$ventry" | cut -d "$sep" -f 5)
    txtdomain=_acme-challenge.${d#\*.}
    [ "$txt" != verified_ok ] && [ "$(echo "$ventry" | cut -d "$sep" -f 4)" = dns-01 ] || continue
    [ "$_currentRoot" != dns_acmedns01 ] || (. "$d_api"; dns_acmedns01_add "$txtdomain" "$txt") || exit 1
    dns_entries="$dns_entries${d#\*.}$dvsep$txtdomain$dvsep$dvsep$_currentRoot$dvsep$txt$dvsep$d_api
"
done
for entry in $dns_entries; do
    txtdomain=$(echo "$entry" | cut -d "$dvsep" -f 2)
    _currentRoot=$(echo "$entry" | cut -d "$dvsep" -f 4)
    txt=$(echo "$entry" | cut -d "$dvsep" -f 5)
    [ "$_currentRoot" != dns_acmedns01 ] || (. "$d_api"; dns_acmedns01_rm "$txtdomain" "$txt")
done
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

// A client that is a script, with all that it needs in one folder that anybody may read.
struct shell_client {
    shell_client(local_digitalocean const& s, std::string const& name, std::string const& text)
        : s_(s), script((folder.path() / name).string()) {
        std::ofstream(script) << text;
        copy(tested::program(), "acme-dns01");
        copy(hooks_folder() + "/dns_acmedns01.sh", "dns_acmedns01.sh");
        copy(s.ca_file(), "ca.pem");
        for (auto const& entry : std::filesystem::directory_iterator(folder.path()))
            std::filesystem::permissions(entry, std::filesystem::perms(0755));
        std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    }

    void copy(std::string const& from, std::string const& name) const {
        std::filesystem::copy_file(from, folder.path() / name);
    }

    std::string at(std::string const& name) const { return (folder.path() / name).string(); }

    command started_with(texts const& arguments) const {
        command c;
        c.arguments = {"sh", script};
        c.arguments.insert(c.arguments.end(), arguments.begin(), arguments.end());
        c.environment = client_environment(s_);
        c.environment["PLUGIN"] = at("dns_acmedns01.sh");
        c.environment["CONF"] = at("account.conf");
        c.environment["DNS_ADD_COMMAND"] = "acme-dns01 hook getssl-add";
        c.environment["DNS_DEL_COMMAND"] = "acme-dns01 hook getssl-del";
        c.capture = true;
        c.time_limit = seconds(60);
        return c;
    }

    outcome run(texts const& arguments) const {
        return acme_dns01::test::run(started_with(arguments)).value();
    }

    local_digitalocean const& s_;
    acme_dns01::sandbox::temporary_folder folder{"acme-dns01-test"};
    std::string script;
};

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

BOOST_AUTO_TEST_SUITE(clients_shell)

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

BOOST_AUTO_TEST_CASE(the_acme_sh_plugin_counts_the_calls_that_follow_where_it_can) {
    struct {
        texts entries;
        std::string counts; // for each call; '-' if it is not certain
    } const cases[] = {
        {{"a.test#V1#dns-01#dns_acmedns01"}, "0 0"},
        {{"a.test#V1#dns-01#dns_acmedns01",
          "*.a.test#V2#dns-01#dns_acmedns01",
          "b.test#V3#dns-01#dns_acmedns01"},
         "2 1 0 2 1 0"},
        {{"a.test#V1#dns-01#dns_acmedns01",
          "b.test#verified_ok#dns-01#dns_acmedns01",
          "c.test#V3#dns-01#dns_acmedns01",
          "d.test#V4#http-01#/srv/www",
          "e.test#V5#dns-01#dns_other"},
         "1 0 1 0"},
        // The same entry twice.
        {{"a.test#V1#dns-01#dns_acmedns01",
          "b.test#V2#dns-01#dns_acmedns01",
          "b.test#V2#dns-01#dns_acmedns01"},
         "- - - - - -"},
        // A plugin of its own for one domain.
        {{"a.test#V1#dns-01#dns_acmedns01", "own.test#V2#dns-01#dns_acmedns01"}, "- - 1 0"},
    };
    local_digitalocean const s(quick());
    shell_client const acme(s, "acme.sh", acme_sh_order);
    std::filesystem::create_directory(acme.at("own.test"));
    std::ofstream(acme.at("own.test/dns_acmedns01.sh")) << "";
    std::ofstream(acme.at("program")) << "#!/bin/sh\nprintf ' %s' \"${ACMEDNS01_REMAINING:--}\"\n";
    std::filesystem::permissions(acme.at("program"), std::filesystem::perms(0755));
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.counts) {
            auto call = acme.started_with(c.entries);
            call.environment["ACMEDNS01_PROGRAM"] = acme.at("program");
            auto const done = acme_dns01::test::run(call).value();
            BOOST_TEST(done.err == "");
            BOOST_TEST(done.out == " " + c.counts);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_acme_sh_plugin_lets_the_last_call_do_the_work) {
    local_digitalocean s(quick());
    shell_client const acme(s, "acme.sh", acme_sh_order);
    auto const of_ours = "#dns-01#dns_acmedns01";
    // The states in the journal after each call.
    std::ofstream(acme.at("program"))
        << "#!/bin/sh\nacme-dns01 \"$@\" || exit\n"
           "acme-dns01 status | sed -n 's/.* //; s/^\\([a-z]*\\)$/\\1/p' | tr '\\n' ' '\necho\n";
    std::filesystem::permissions(acme.at("program"), std::filesystem::perms(0755));
    auto call = acme.started_with(
        {"example.com#" + value_a + of_ours,
         "*.example.com#" + value_b + of_ours,
         "www.example.com#" + value_c + of_ours}
    );
    call.environment["ACMEDNS01_PROGRAM"] = acme.at("program");
    auto const done = acme_dns01::test::run(call).value();
    BOOST_TEST(done.err == "");
    BOOST_TEST(
        done.out == "planned \n"
                    "planned planned \n"
                    "created created created \n"
                    "removing created created \n"
                    "removing removing created \n"
                    "outstanding \n"
    );
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
