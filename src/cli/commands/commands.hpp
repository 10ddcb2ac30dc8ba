#pragma once

#include "base/async_result.hpp"
#include "caa/decision.hpp"
#include "challenge/wait/loop.hpp"
#include "cli/commands/invocation.hpp"
#include "cli/output/metrics.hpp"
#include "preflight/finding.hpp"
#include "process/confinement.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

using arguments = std::vector<std::string>;
using outcome = async_result<void>;
using command_function = outcome(invocation& call, arguments given);
using needs_function =
    void(confinement& needs, settings const& set, arguments const& given, environment const& env);

// One command as users see it. It checks its arguments before it changes anything, prints its
// result through the call's output, and returns any failure.
struct command {
    std::string_view name;     // "present", "hook certbot-auth"
    std::string_view synopsis; // its arguments
    std::string_view text;     // what it does; its first sentence is what the overview says
    std::string_view example;  // a command line that can be typed
    command_function* run;
    std::string_view own_options{}; // those of command_options() that it takes: "type name"
    bool takes_arguments = true;
    // The files and ports that it needs beyond what every command does (commands/confinement.hpp):
    // nothing else can be opened or reached once it runs. Null: no others.
    needs_function* add_needs = nullptr;
    bool confines_itself = false; // by invocation::confine, when it has started its client
};

std::span<command const> commands();

// The command that the words begin with; nullptr if there is none.
command const* find_command(std::vector<std::string> const& words);

// Runs the event loop until the command has ended, and stops it then. Throws what the command
// throws.
result<void> completed(boost::asio::io_context& context, outcome command);

// True if there are commands of two words that begin with this one.
bool is_group(std::string const& word);

command_function present, wait, cleanup, status, sweep, run_client;
command_function hook_certbot_auth, hook_certbot_cleanup, hook_dehydrated, hook_lego, hook_uacme;
command_function hook_pair; // acme.sh's and getssl's, which have a command for each task
command_function check;
command_function caa_check, caa_show, caa_allow;
command_function persist_set, persist_check, persist_show, persist_remove;
command_function cert_status;
needs_function check_needs, cert_status_needs, persist_needs;
command_function domain_list, domain_show, domain_create, domain_delete;
command_function record_list, record_show, record_create, record_change, record_delete;

// error_kind::usage if one of these command_options() is not an option of the command, or if it is
// given arguments and takes none. How many it needs is for the command itself to say.
result<void>
check_call(command const& c, std::vector<std::string> const& options, arguments const& given);

error usage_of(std::string_view name);

// The same failure, with this hint if a zone or record does not exist and there is no hint yet.
error with_hint(error cause, std::string const& hint);
inline constexpr auto see_zones = "run `acme-dns01 domain list` to see the account's zones";

// The zone given as the only argument: at least two labels, no wildcard. error_kind::usage.
result<dns::name> only_zone(std::string_view command, arguments const& given);

// The whole list or a page of it. Only one of the two is asked for.
template <class T>
async_result<digitalocean::page<T>>
read_list(bool all, async_result<std::vector<T>> whole, async_result<digitalocean::page<T>> page) {
    if (!all) {
        auto one = co_await std::move(page);
        co_return one;
    }
    auto items = co_await std::move(whole);
    if (!items) co_return items.error();
    auto const total = static_cast<std::int64_t>(items->size());
    co_return digitalocean::page<T>{std::move(*items), total, true};
}

// Which records of the zone --name and --type select. error_kind::usage.
result<digitalocean::record_filter>
filter_of(digitalocean::record_fields const& given, dns::name const& zone);

// The wait as every command does it. On a terminal a line per address is redrawn in place; without
// one, --verbose notes each change of an address's state as it happens. An address that was not
// waited for is worth a warning. Nothing is asked where there is no target.
async_result<challenge::propagation_report> wait_for(invocation& call, challenge::targets wanted);

// A CA is asked without the token, which is not its business.
async_result<net::response> get_from_ca(invocation& call, net::base_url url);
// The CA of --issuer, --directory or caa-issuer; nothing if none is named. For --directory, reads
// the meta.caaIdentities of that directory.
async_result<std::optional<caa::issuer>> named_issuer(invocation& call);

// The folder of the metrics file.
void add_metrics_folder(confinement& needs, settings const& set);
// How many records of this host are outstanding, added where there is a journal: nothing is written
// but the metrics.
void add_outstanding(invocation& call, std::vector<metric_family>& into);

// All that `check` finds for these domains. error_kind::usage for what is no domain name.
async_result<preflight::findings> findings_about(invocation& call, arguments domains);

// One request for each domain about the CA, account and method that the options name; duplicates
// are dropped. error_kind::usage for a bad domain and where no CA is named.
async_result<std::vector<caa::request>> caa_requests(invocation& call, arguments domains);

// The text of a CA's ACME directory, of at most net::answer_limits. The CA is not sent the token.
async_result<std::string> directory_at(invocation& call, net::base_url url);

// A failure to read that directory or its text, with a hint.
error about_directory(net::base_url const& url, error cause);

} // namespace acme_dns01::cli
