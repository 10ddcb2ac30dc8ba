#include "cli/options/options.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace acme_dns01::cli {

namespace po = boost::program_options;

namespace {

constexpr option common[]{
    {"config", "<file>", "settings; default /etc/acme-dns01/acme-dns01.conf", "ACME_DNS01_CONFIG"},
    {"token-file", "<file>", "holds the DigitalOcean token", "ACME_DNS01_TOKEN_FILE"},
    {"account", "<name>", "use the token of the [account <name>] section"},
    {"allow", "<name>,...", "touch only these names; *.<name> means everything below it"},
    {"api-url", "<url>", "default https://api.digitalocean.com", "ACME_DNS01_API_URL"},
    {"ca-file", "<file>", "trust these CAs instead of the system's"},
    {"resolver", "<ip>[:<port>]...", "instead of those in /etc/resolv.conf", "ACME_DNS01_RESOLVER"},
    {"dns-port", "<port>", "port of authoritative servers; default 53", "ACME_DNS01_DNS_PORT"},
    {"trust-anchor",
     "<file>",
     "DS or DNSKEY records to use instead of the root's, for commands that validate DNSSEC",
     "ACME_DNS01_TRUST_ANCHOR"},
    {"state-dir",
     "<dir>",
     "holds the journal; default /var/lib/acme-dns01 for root, else $XDG_STATE_HOME/acme-dns01",
     "ACME_DNS01_STATE_DIR"},
    {"ttl", "<s>", "of challenge records, default 30; record create, update, patch: of the record"},
    {"propagation-timeout", "<s>", "longest wait for the name servers; default 120"},
    {"settle", "<s>", "pause before the last check; default auto: the servers' lag, at most 10"},
    {"grace", "<s>", "how long a failing server may delay the others; default 5"},
    {"require", "all|answering", "all: wait for failing servers as well; default answering"},
    {"propagation",
     "authoritative|resolver",
     "which servers to ask; default authoritative; resolver only where port 53 is blocked"},
    {"caa-issuer", "<id>", "your CA: hooks fail where CAA forbids it; the default of --issuer"},
    {"deadline", "<s>", "limit for everything that talks to the API; default 300"},
    {"json", "", "print one JSON object on stdout"},
    {"quiet", "", "print errors only"},
    {"verbose", "", "report progress on stderr"},
    {"help", "", "print this text"},
    {"version", "", "print the program's version"},
};

constexpr option command[]{
    {"no-wait", "", "present, hook acmesh-add: do not wait for the name servers"},
    {"issuer", "<id>", "caa, check, run: the CA, such as letsencrypt.org or letsencrypt"},
    {"directory", "<url>", "caa, check, run: the CA, by its ACME directory"},
    {"account-uri", "<uri>", "caa, check, run: the ACME account that will ask"},
    {"method", "<method>", "caa, check, run: the validation method; default dns-01"},
    {"at", "<date>", "caa check: decide by the rules in force then, such as 2027-03-15"},
    {"write-test", "", "check: create, await and remove a record in each zone"},
    {"wildcard-only", "", "caa allow: permit only the domain's wildcard"},
    {"id", "<zone>/<id>...", "cleanup: remove these records"},
    {"domain", "<domain>,...", "run: a domain to check before the client starts"},
    {"certbot", "", "run: check the domains that certbot renews with manual DNS hooks"},
    {"certbot-dir", "<dir>", "run: certbot's folder; default /etc/letsencrypt; implies --certbot"},
    {"older-than", "<s>", "sweep: leave younger records alone"},
    {"dry-run", "", "sweep: only show what would be removed"},
    {"type", "<type>", "record: A, AAAA, CAA, CNAME, MX, NS, SRV or TXT"},
    {"name", "<name>", "record: such as www, or @ for the domain itself"},
    {"data", "<data>", "record: the address, host, issuer or text"},
    {"priority", "<n>", "record: of MX and SRV"},
    {"port", "<n>", "record: of SRV"},
    {"weight", "<n>", "record: of SRV"},
    {"flags", "<n>", "record: of CAA; 128 is critical"},
    {"tag", "<tag>", "record: of CAA; issue, issuewild or iodef"},
    {"all", "", "domain list, record list: all pages"},
    {"page", "<n>", "domain list, record list: this page; default 1"},
    {"per-page", "<n>", "domain list, record list: entries per page, 1 to 200; default 20"},
    {"ip-address", "<ip>", "domain create: of an A or AAAA record for the domain"},
    {"yes", "", "domain delete: do not ask; caa allow: apply the change"},
};

po::value_semantic* semantic_of(option const& o) {
    if (o.is_flag()) return po::bool_switch();
    return po::value<std::string>()->value_name(std::string(o.placeholder));
}

} // namespace

std::span<option const> common_options() { return common; }

std::span<option const> command_options() { return command; }

option const* find_option(std::string_view name) {
    for (auto const& options : {common_options(), command_options()}) {
        auto const found = std::ranges::find(options, name, &option::name);
        if (found != options.end()) return &*found;
    }
    return nullptr;
}

po::options_description describe(std::string_view title, std::span<option const> options) {
    po::options_description description{std::string(title)};
    for (auto const& o : options) {
        auto const name = std::string(o.name) + (o.name == "help" ? ",h" : "");
        description.add_options()(name.c_str(), semantic_of(o), std::string(o.text).c_str());
    }
    return description;
}

error usage_error(std::string message, std::string hint) {
    return {.kind = error_kind::usage, .message = std::move(message), .hint = std::move(hint)};
}

} // namespace acme_dns01::cli
