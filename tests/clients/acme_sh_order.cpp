#include "support/shell_client.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(clients_acme_sh_order)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;

namespace {

using texts = std::vector<std::string>;

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
    name=${given%#*#*}
    how=${given#"$name"}
    vlist=$vlist$name#https://ca.test/chall$how#https://ca.test/authz$dvsep
done
ventries=$(echo "$vlist" | tr "$dvsep" ' ')
for ventry in $ventries; do
    d=$(echo "$ventry" | cut -d "$sep" -f 1)
    txt=$(echo "$ventry" | cut -d "$sep" -f 2)
    _currentRoot=$(echo "$ventry" | cut -d "$sep" -f 5)
    txtdomain=_acme-challenge.${d#\*.}
    vtype=$(echo "$ventry" | cut -d "$sep" -f 4)
    [ "$txt" != verified_ok ] && [ "$vtype" = dns-01 ] || continue
    if [ "$_currentRoot" = dns_acmedns01 ]; then
        (. "$d_api"; dns_acmedns01_add "$txtdomain" "$txt") || exit 1
    fi
    dns_entry=${d#\*.}$dvsep$txtdomain$dvsep$dvsep$_currentRoot
    dns_entries="$dns_entries$dns_entry$dvsep$txt$dvsep$d_api
"
done
for entry in $dns_entries; do
    txtdomain=$(echo "$entry" | cut -d "$dvsep" -f 2)
    _currentRoot=$(echo "$entry" | cut -d "$dvsep" -f 4)
    txt=$(echo "$entry" | cut -d "$dvsep" -f 5)
    if [ "$_currentRoot" = dns_acmedns01 ]; then
        (. "$d_api"; dns_acmedns01_rm "$txtdomain" "$txt")
    fi
done
)sh";

void write_program(shell_client const& acme, std::string const& script) {
    std::ofstream(acme.at("program")) << "#!/bin/sh\n" << script;
    std::filesystem::permissions(acme.at("program"), std::filesystem::perms(0755));
}

outcome run_with_program(shell_client const& acme, texts const& entries) {
    auto call = acme.started_with(entries);
    call.environment["ACMEDNS01_PROGRAM"] = acme.at("program");
    return run(call).value();
}

} // namespace

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
    write_program(acme, "printf ' %s' \"${ACMEDNS01_REMAINING:--}\"\n");
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.counts) {
            auto const done = run_with_program(acme, c.entries);
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
    write_program(
        acme,
        "acme-dns01 \"$@\" || exit\n"
        "acme-dns01 status | sed -n 's/.* //; s/^\\([a-z]*\\)$/\\1/p' | tr '\\n' ' '\necho\n"
    );
    texts const entries{
        "example.com#" + value_a + of_ours,
        "*.example.com#" + value_b + of_ours,
        "www.example.com#" + value_c + of_ours};
    auto const done = run_with_program(acme, entries);
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

BOOST_AUTO_TEST_SUITE_END()
