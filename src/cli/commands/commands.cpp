#include "cli/commands/commands.hpp"

#include "base/text.hpp"
#include "cli/options/options.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <iterator>

namespace acme_dns01::cli {

namespace {

constexpr auto attributes = "type name data priority port weight flags tag";

constexpr command every_command[]{
    {"present",
     "<domain> <value> [<domain> <value>]...",
     "creates one TXT record per pair, and waits for all. With --account-uri it is that of "
     "dns-account-01.",
     "acme-dns01 present example.com LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
     present,
     "no-wait account-uri"},
    {"wait",
     "[<domain> <value>]...",
     "waits until every authoritative server serves the values. Without a pair it waits for all "
     "outstanding records.",
     "acme-dns01 wait example.com LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
     wait},
    {"cleanup",
     "<domain> <value> [...] | --id <zone>/<id> [...]",
     "removes exactly those records, by id",
     "acme-dns01 cleanup --id example.com/28448446",
     cleanup,
     "id"},
    {"status",
     "",
     "lists what was created here and is not yet removed",
     "acme-dns01 status --json",
     status,
     "",
     false},
    {"sweep",
     "[--older-than <s>] [--dry-run]",
     "removes what finished or killed runs have left behind",
     "acme-dns01 sweep --older-than 3600",
     sweep,
     "older-than dry-run",
     false},
    {"run",
     "[--domain <domain>]... [--certbot] [--certbot-dir <dir>] [--issuer <id>] -- <client> ...",
     "starts an ACME client if nothing stands in its way. It checks the domains first, and removes "
     "what the client leaves behind.",
     "acme-dns01 run --certbot -- certbot renew",
     run_client,
     "domain certbot certbot-dir issuer directory account-uri method",
     true,
     nullptr,
     true},
    {"hook certbot-auth",
     "",
     "creates a record, as certbot's --manual-auth-hook",
     "certbot certonly --manual --preferred-challenges dns \\\n"
     "    --manual-auth-hook 'acme-dns01 hook certbot-auth' \\\n"
     "    --manual-cleanup-hook 'acme-dns01 hook certbot-cleanup' -d example.com",
     hook_certbot_auth,
     "",
     false},
    {"hook certbot-cleanup",
     "",
     "removes a record, as certbot's --manual-cleanup-hook",
     "certbot certonly --manual --preferred-challenges dns \\\n"
     "    --manual-auth-hook 'acme-dns01 hook certbot-auth' \\\n"
     "    --manual-cleanup-hook 'acme-dns01 hook certbot-cleanup' -d example.com",
     hook_certbot_cleanup,
     "",
     false},
    {"hook dehydrated",
     "<operation> <arguments>...",
     "does what dehydrated asks of its HOOK. Put options before `hook`.",
     "acme-dns01 hook dehydrated deploy_challenge example.com token \\\n"
     "    LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
     hook_dehydrated},
    {"hook lego",
     "present|cleanup <arguments>...",
     "does what lego asks of its EXEC_PATH. Put options before `hook`.",
     "acme-dns01 hook lego present _acme-challenge.example.com. \\\n"
     "    LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
     hook_lego},
    {"hook uacme",
     "<method> <type> <identifier> <token> <authorization>",
     "does what uacme asks of its --hook. Put options before `hook`.",
     "acme-dns01 hook uacme begin dns-01 example.com token \\\n"
     "    LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
     hook_uacme},
    {"hook acmesh-add",
     "<record name> <value> [--no-wait]",
     "creates a record for acme.sh or Proxmox. Their plugin dns_acmedns01.sh calls it.",
     "acme-dns01 hook acmesh-add _acme-challenge.example.com \\\n"
     "    LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
     hook_pair,
     "no-wait"},
    {"hook acmesh-rm",
     "<record name> <value>",
     "removes a record for acme.sh or Proxmox. Their plugin dns_acmedns01.sh calls it.",
     "acme-dns01 hook acmesh-rm _acme-challenge.example.com \\\n"
     "    LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
     hook_pair},
    {"hook getssl-add",
     "<domain> <value>",
     "creates a record, as getssl's DNS_ADD_COMMAND",
     "acme-dns01 hook getssl-add example.com \\\n"
     "    LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
     hook_pair},
    {"hook getssl-del",
     "<domain> <value>",
     "removes a record, as getssl's DNS_DEL_COMMAND",
     "acme-dns01 hook getssl-del example.com \\\n"
     "    LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
     hook_pair},
    {"check",
     "<domain>... [--issuer <id>] [--account-uri <uri>] [--method <method>] [--write-test] "
     "[--metrics <file>]",
     "finds what would make an issuance fail. It changes nothing without --write-test.",
     "acme-dns01 check example.com '*.example.com' --issuer letsencrypt.org",
     check,
     "issuer directory account-uri method write-test metrics",
     true,
     check_needs},
    {"caa check",
     "<domain>... --issuer <id> [--account-uri <uri>] [--method <method>] [--at <date>]",
     "checks whether CAA permits this CA to issue. *.<domain> asks about the wildcard.",
     "acme-dns01 caa check example.com --issuer letsencrypt.org",
     caa_check,
     "issuer directory account-uri method at"},
    {"caa show",
     "<domain>...",
     "shows the CAA records that apply. It says where they stand and whether DNSSEC protects them.",
     "acme-dns01 caa show example.com",
     caa_show},
    {"caa allow",
     "<domain> --issuer <id> [--account-uri <uri>] [--method <method>] [--wildcard-only] "
     "[--yes]",
     "creates the CAA records that are missing. Without --yes it only shows them.",
     "acme-dns01 caa allow example.com --issuer letsencrypt.org",
     caa_allow,
     "issuer directory account-uri method wildcard-only yes"},
    {"persist set",
     "<domain>... --issuer <id> --account-uri <uri> [--wildcard] [--until <time>] [--yes]",
     "creates the standing record of dns-persist-01. Without --yes it only shows it.",
     "acme-dns01 persist set example.com --issuer letsencrypt.org \\\n"
     "    --account-uri https://acme-v02.api.letsencrypt.org/acme/acct/1",
     persist_set,
     "issuer directory account-uri account-file wildcard until form thumbprint hash-prefix "
     "reusable yes",
     true,
     persist_needs},
    {"persist check",
     "<domain>... --issuer <id> --account-uri <uri> [--wildcard]",
     "checks whether a standing record is good for this CA. It needs no token.",
     "acme-dns01 persist check example.com --issuer letsencrypt.org \\\n"
     "    --account-uri https://acme-v02.api.letsencrypt.org/acme/acct/1",
     persist_check,
     "issuer directory account-uri account-file wildcard form thumbprint hash-prefix",
     true,
     persist_needs},
    {"persist show",
     "<domain>...",
     "shows the standing records of dns-persist-01. It needs no token.",
     "acme-dns01 persist show example.com",
     persist_show,
     "issuer directory account-uri account-file wildcard form thumbprint hash-prefix",
     true,
     persist_needs},
    {"persist remove",
     "<domain>... --issuer <id> --account-uri <uri> [--yes]",
     "removes the standing record of this CA and account. Without --yes it only shows it.",
     "acme-dns01 persist remove example.com --issuer letsencrypt.org \\\n"
     "    --account-uri https://acme-v02.api.letsencrypt.org/acme/acct/1",
     persist_remove,
     "issuer directory account-uri account-file wildcard form thumbprint hash-prefix yes",
     true,
     persist_needs},
    {"cert status",
     "[<path>...] [--renew-within <days>] [--check] [--ari] [--metrics <file>]",
     "shows certificates, and whether they are renewed in time. Without a path it looks where "
     "certbot, acme.sh, dehydrated, lego and uacme keep theirs.",
     "acme-dns01 cert status /etc/letsencrypt",
     cert_status,
     "renew-within check issuer ari directory account-uri method metrics",
     true,
     cert_status_needs},
    {"domain list",
     "[--all | --page <n> --per-page <n>]",
     "lists the account's zones",
     "acme-dns01 domain list --all",
     domain_list,
     "all page per-page",
     false},
    {"domain show",
     "<domain>",
     "shows the zone as a zone file",
     "acme-dns01 domain show example.com",
     domain_show},
    {"domain create",
     "<domain> [--ip-address <ip>]",
     "adds a zone to the account",
     "acme-dns01 domain create example.com",
     domain_create,
     "ip-address"},
    {"domain delete",
     "<domain> [--yes]",
     "deletes a zone and all its records. It asks you to type the name of the zone again.",
     "acme-dns01 domain delete example.com",
     domain_delete,
     "yes"},
    {"record list",
     "<domain> [--name <name>] [--type <type>] [--all | --page <n> --per-page <n>]",
     "lists the zone's records. --name and --type select some.",
     "acme-dns01 record list example.com --type TXT",
     record_list,
     "name type all page per-page"},
    {"record show",
     "<domain> <id>",
     "shows one record",
     "acme-dns01 record show example.com 28448446",
     record_show},
    {"record create",
     "<domain> --type <type> --name <name> --data <data> [--ttl <s>] ...",
     "adds a record. MX, SRV and CAA records need more options.",
     "acme-dns01 record create example.com --type A --name www --data 192.0.2.1",
     record_create,
     attributes},
    {"record update",
     "<domain> <id> [--name <name>] [--data <data>] [--ttl <s>] ...",
     "changes the given attributes, by PUT",
     "acme-dns01 record update example.com 28448446 --data 192.0.2.2",
     record_change,
     attributes},
    {"record patch",
     "<domain> <id> [--name <name>] [--data <data>] [--ttl <s>] ...",
     "changes the given attributes, by PATCH",
     "acme-dns01 record patch example.com 28448446 --ttl 60",
     record_change,
     attributes},
    {"record delete",
     "<domain> <id>",
     "removes one record",
     "acme-dns01 record delete example.com 28448446",
     record_delete},
};

bool takes_option(command const& c, std::string const& option) {
    return std::ranges::count(split(c.own_options, " "), option) > 0;
}

bool is_called(command const& c, std::vector<std::string> const& words) {
    auto const names = split(c.name, " ");
    return words.size() >= names.size() && std::equal(names.begin(), names.end(), words.begin());
}

error misplaced(std::string const& option, command const& c) {
    std::vector<std::string> owners;
    for (auto const& other : every_command) {
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

std::span<command const> commands() { return every_command; }

command const* find_command(std::vector<std::string> const& words) {
    auto const called = [&](command const& c) { return is_called(c, words); };
    auto const* const found = std::ranges::find_if(every_command, called);
    return found == std::end(every_command) ? nullptr : found;
}

result<void> completed(boost::asio::io_context& context, outcome command) {
    result<void> done;
    auto const end = [&](std::exception_ptr const& bug, result<void> value) {
        if (bug) std::rethrow_exception(bug);
        done = std::move(value);
        context.stop();
    };
    boost::asio::co_spawn(context, std::move(command), end);
    context.run();
    return done;
}

bool is_group(std::string const& word) {
    return std::ranges::any_of(every_command, [&](command const& c) {
        return c.name.starts_with(word + " ");
    });
}

error usage_of(std::string_view name) {
    auto const found = std::ranges::find(every_command, name, &command::name);
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
