#include "cli/commands/commands.hpp"

#include "base/text.hpp"
#include "cli/options/options.hpp"

#include <algorithm>

namespace acme_dns01::cli {

namespace {

constexpr auto attributes = "type name data priority port weight flags tag";

constexpr command all[]{
    {"present",
     "<domain> <value> [<domain> <value>]...",
     "creates one TXT record per pair and waits for all of them",
     present,
     "no-wait"},
    {"wait",
     "[<domain> <value>]...",
     "waits until every authoritative server serves the values; without a pair, all outstanding",
     wait},
    {"cleanup",
     "<domain> <value> [...] | --id <zone>/<id> [...]",
     "removes exactly those records, by id",
     cleanup,
     "id"},
    {"status", "", "lists what was created here and is not yet removed", status, "", false},
    {"sweep",
     "[--older-than <s>] [--dry-run]",
     "removes what finished or killed runs have left behind",
     sweep,
     "older-than dry-run",
     false},
    {"run",
     "[--domain <domain>]... [--certbot] [--certbot-dir <dir>] [--issuer <id>] -- <client> ...",
     "checks the domains, starts an ACME client if all is well, removes what it leaves behind",
     run_client,
     "domain certbot certbot-dir issuer directory account-uri method",
     true,
     nullptr,
     true},
    {"hook certbot-auth", "", "certbot's --manual-auth-hook", hook_certbot_auth, "", false},
    {"hook certbot-cleanup",
     "",
     "certbot's --manual-cleanup-hook",
     hook_certbot_cleanup,
     "",
     false},
    {"hook dehydrated",
     "<operation> <arguments>...",
     "dehydrated's HOOK; put options before 'hook'",
     hook_dehydrated},
    {"hook lego",
     "present|cleanup <arguments>...",
     "lego's EXEC_PATH; put options before 'hook'",
     hook_lego},
    {"hook uacme",
     "<method> <type> <identifier> <token> <authorization>",
     "uacme's --hook; put options before 'hook'",
     hook_uacme},
    {"hook acmesh-add",
     "<record name> <value> [--no-wait]",
     "called by dns_acmedns01_add of acme.sh and Proxmox",
     hook_pair,
     "no-wait"},
    {"hook acmesh-rm", "<record name> <value>", "called by dns_acmedns01_rm", hook_pair},
    {"hook getssl-add", "<domain> <value>", "getssl's DNS_ADD_COMMAND", hook_pair},
    {"hook getssl-del", "<domain> <value>", "getssl's DNS_DEL_COMMAND", hook_pair},
    {"caa check",
     "<domain>... --issuer <id> [--account-uri <uri>] [--method <method>]",
     "checks whether CAA permits this CA to issue; *.<domain> asks about the wildcard",
     caa_check,
     "issuer directory account-uri method"},
    {"caa show",
     "<domain>...",
     "shows the CAA records that apply, where they are, and their DNSSEC status",
     caa_show},
    {"caa allow",
     "<domain> --issuer <id> [--account-uri <uri>] [--method <method>] [--wildcard-only] "
     "[--yes]",
     "shows the CAA records that are missing; --yes creates them",
     caa_allow,
     "issuer directory account-uri method wildcard-only yes"},
    {"domain list",
     "[--all | --page <n> --per-page <n>]",
     "lists the account's zones",
     domain_list,
     "all page per-page",
     false},
    {"domain show", "<domain>", "shows the zone as a zone file", domain_show},
    {"domain create",
     "<domain> [--ip-address <ip>]",
     "adds a zone to the account",
     domain_create,
     "ip-address"},
    {"domain delete",
     "<domain> [--yes]",
     "deletes the zone and all its records, after you type its name again",
     domain_delete,
     "yes"},
    {"record list",
     "<domain> [--name <name>] [--type <type>] [--all | --page <n> --per-page <n>]",
     "lists the zone's records, all or those of a name and type",
     record_list,
     "name type all page per-page"},
    {"record show", "<domain> <id>", "shows one record", record_show},
    {"record create",
     "<domain> --type <type> --name <name> --data <data> [--ttl <s>] ...",
     "adds a record; MX, SRV and CAA need more options",
     record_create,
     attributes},
    {"record update",
     "<domain> <id> [--name <name>] [--data <data>] [--ttl <s>] ...",
     "changes the given attributes, by PUT",
     record_change,
     attributes},
    {"record patch",
     "<domain> <id> [--name <name>] [--data <data>] [--ttl <s>] ...",
     "changes the given attributes, by PATCH",
     record_change,
     attributes},
    {"record delete", "<domain> <id>", "removes one record", record_delete},
};

bool takes_option(command const& c, std::string const& option) {
    return std::ranges::count(split(c.own_options, " "), option) > 0;
}

error misplaced(std::string const& option, command const& c) {
    std::vector<std::string> owners;
    for (auto const& other : all) {
        if (takes_option(other, option)) owners.emplace_back(other.name);
    }
    return usage_error(
        "'" + std::string(c.name) + "' does not take --" + option,
        "--" + option + " is for " + joined(owners, ", ")
    );
}

} // namespace

result<void>
check_call(command const& c, std::vector<std::string> const& options, arguments const& given) {
    for (auto const& option : options) {
        if (!takes_option(c, option)) return misplaced(option, c);
    }
    if (c.takes_arguments || given.empty()) return {};
    return usage_error(
        "'" + std::string(c.name) + "' takes no arguments, but was given " +
        in_quotes(given.front(), 80)
    );
}

std::span<command const> commands() { return all; }

error usage_of(std::string_view name) {
    auto const found = std::ranges::find(all, name, &command::name);
    auto const usage = std::string(name) + " " + std::string(found->synopsis);
    return usage_error("wrong arguments for '" + std::string(name) + "'", "acme-dns01 " + usage);
}

error with_hint(error cause, std::string const& hint) {
    if (cause.kind == error_kind::not_found && cause.hint.empty()) cause.hint = hint;
    return cause;
}

result<dns::name> only_zone(std::string_view command, arguments const& given) {
    if (given.size() != 1) return usage_of(command);
    auto zone = dns::name::parse(given.front());
    if (!zone) return zone;
    if (zone->label_count() > 1 && !zone->text().starts_with("*.")) return zone;
    return usage_error(
        in_quotes(given.front(), 80) + " cannot be a domain at DigitalOcean",
        "give a domain such as example.com"
    );
}

} // namespace acme_dns01::cli
