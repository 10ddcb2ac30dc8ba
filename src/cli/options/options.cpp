#include "cli/options/options.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace acme_dns01::cli {

namespace po = boost::program_options;

namespace {

using enum takes;

constexpr option common[]{
    {"config",
     one,
     "<file>",
     "lines of `name = value`; default /etc/acme-dns01/acme-dns01.conf",
     "ACME_DNS01_CONFIG"},
    {"token-file", one, "<file>", "holds the DigitalOcean token", "ACME_DNS01_TOKEN_FILE"},
    {"account", one, "<name>", "use the token of the [account <name>] section"},
    {"allow",
     several,
     "<name>[,...]",
     "touch only these names; *.<name> means everything below it; repeatable"},
    {"api-url", one, "<url>", "default https://api.digitalocean.com", "ACME_DNS01_API_URL"},
    {"ca-file", one, "<file>", "trust these CAs instead of the system's"},
    {"resolver",
     several,
     "<ip>[:<port>]",
     "recursive resolver to use instead of those in /etc/resolv.conf; repeatable",
     "ACME_DNS01_RESOLVER"},
    {"dns-port", one, "<port>", "of authoritative servers; default 53", "ACME_DNS01_DNS_PORT"},
    {"trust-anchor",
     one,
     "<file>",
     "DS or DNSKEY records to use instead of the root's, for commands that validate DNSSEC",
     "ACME_DNS01_TRUST_ANCHOR"},
    {"state-dir",
     one,
     "<dir>",
     "holds the journal; default /var/lib/acme-dns01 for root, else "
     "$XDG_STATE_HOME/acme-dns01",
     "ACME_DNS01_STATE_DIR"},
    {"ttl",
     one,
     "<s>",
     "of challenge records, default 30; record create, update, patch: of the record"},
    {"propagation-timeout", one, "<s>", "longest wait for the name servers; default 120"},
    {"settle",
     one,
     "<s>",
     "pause before all servers are asked once more; default auto: the time between the first "
     "and the last server"},
    {"grace", one, "<s>", "how long a failing server may delay the others; default 5"},
    {"require",
     one,
     "all|answering",
     "all: wait for failing servers too, up to the timeout; default answering"},
    {"propagation",
     one,
     "authoritative|resolver",
     "which servers to ask for the records; default authoritative. Use resolver only on hosts "
     "that cannot reach port 53 elsewhere: it shows what a cache knows, not what a CA will see"},
    {"caa-issuer",
     one,
     "<id>",
     "your CA: hooks end with status 6 where CAA forbids it; the default of --issuer"},
    {"deadline", one, "<s>", "limit for everything that talks to the API; default 300"},
    {"json", nothing, "", "print one JSON object on stdout"},
    {"quiet", nothing, "", "print errors only"},
    {"verbose", nothing, "", "report progress on stderr"},
    {"help", nothing, "", "print this text"},
    {"version", nothing, "", "print the program's version"},
};

constexpr option command[]{
    {"no-wait", nothing, "", "present, hook acmesh-add: do not wait for the name servers"},
    {"issuer", one, "<id>", "caa, run: the CA, such as letsencrypt.org or letsencrypt"},
    {"directory", one, "<url>", "caa, run: the CA, by its ACME directory"},
    {"account-uri", one, "<uri>", "caa, run: the ACME account that will ask"},
    {"method", one, "<method>", "caa, run: the validation method; default dns-01"},
    {"wildcard-only", nothing, "", "caa allow: permit only the domain's wildcard"},
    {"id", several, "<zone>/<id>", "cleanup: remove these records"},
    {"domain",
     several,
     "<domain>[,...]",
     "run: a domain to check before the client starts; repeatable"},
    {"certbot", nothing, "", "run: check the domains that certbot renews with manual DNS hooks"},
    {"certbot-dir",
     one,
     "<dir>",
     "run: certbot's directory, default /etc/letsencrypt; implies --certbot"},
    {"older-than", one, "<s>", "sweep: nothing younger"},
    {"dry-run", nothing, "", "sweep: only show what would be removed"},
    {"type", one, "<type>", "record: A, AAAA, CAA, CNAME, MX, NS, SRV or TXT"},
    {"name", one, "<name>", "record: such as www, or @ for the domain itself"},
    {"data", one, "<data>", "record: the address, host, issuer or text"},
    {"priority", one, "<n>", "record: of MX and SRV"},
    {"port", one, "<n>", "record: of SRV"},
    {"weight", one, "<n>", "record: of SRV"},
    {"flags", one, "<n>", "record: of CAA; 128 is critical"},
    {"tag", one, "<tag>", "record: of CAA; issue, issuewild or iodef"},
    {"all", nothing, "", "domain list, record list: all pages"},
    {"page", one, "<n>", "domain list, record list: this page; default 1"},
    {"per-page", one, "<n>", "domain list, record list: entries per page, 1 to 200; default 20"},
    {"ip-address", one, "<ip>", "domain create: of an A or AAAA record for the domain"},
    {"yes", nothing, "", "domain delete: do not ask; caa allow: apply the change"},
};

po::value_semantic* semantic_of(option const& o) {
    if (o.argument == nothing) return po::bool_switch();
    return po::value<std::string>()->value_name(std::string(o.placeholder));
}

} // namespace

std::span<option const> common_options() { return common; }

std::vector<option> file_options() {
    std::vector<option> settings(std::begin(common), std::end(common));
    std::erase_if(settings, [](option const& o) {
        return o.name == "config" || o.name == "help" || o.name == "version";
    });
    return settings;
}

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

error usage_error(std::string message) {
    return {
        .kind = error_kind::usage,
        .message = std::move(message),
        .hint = "acme-dns01 --help lists commands and options",
    };
}

} // namespace acme_dns01::cli
