#include "cli/options/options.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <array>
#include <string>

namespace acme_dns01::cli {

namespace po = boost::program_options;

namespace {

constexpr std::array common{
    option{
        "config",
        takes::one,
        "<file>",
        "settings, a line of `name = value` each; default /etc/acme-dns01/acme-dns01.conf",
        "ACME_DNS01_CONFIG"},
    option{
        "token-file",
        takes::one,
        "<file>",
        "holds the DigitalOcean token",
        "ACME_DNS01_TOKEN_FILE"},
    option{"account", takes::one, "<name>", "use the token of this [account <name>] section"},
    option{
        "allow",
        takes::several,
        "<name>[,...]",
        "touch these names only; *.<name> is everything below it; repeatable"},
    option{
        "api-url",
        takes::one,
        "<url>",
        "default https://api.digitalocean.com",
        "ACME_DNS01_API_URL"},
    option{"ca-file", takes::one, "<file>", "trust these CAs instead of the system's"},
    option{
        "resolver",
        takes::several,
        "<ip>[:<port>]",
        "recursive resolver instead of those in /etc/resolv.conf; repeatable",
        "ACME_DNS01_RESOLVER"},
    option{
        "dns-port",
        takes::one,
        "<port>",
        "of authoritative servers; default 53",
        "ACME_DNS01_DNS_PORT"},
    option{
        "trust-anchor",
        takes::one,
        "<file>",
        "DS or DNSKEY records instead of the root's, for commands that validate DNSSEC",
        "ACME_DNS01_TRUST_ANCHOR"},
    option{
        "state-dir",
        takes::one,
        "<dir>",
        "holds the journal; default /var/lib/acme-dns01 for root, else "
        "$XDG_STATE_HOME/acme-dns01",
        "ACME_DNS01_STATE_DIR"},
    option{
        "ttl",
        takes::one,
        "<s>",
        "of challenge records, default 30; record create, update, patch: of the record"},
    option{"propagation-timeout", takes::one, "<s>", "how long to wait at most; default 120"},
    option{
        "settle",
        takes::one,
        "<s>",
        "pause before all servers are asked once more; default auto: as long as the first and "
        "the last lay apart"},
    option{
        "grace", takes::one, "<s>", "how long a failing server may hold up the others; default 5"},
    option{
        "require",
        takes::one,
        "all|answering",
        "all: a failing server is never let off; default answering"},
    option{
        "propagation",
        takes::one,
        "authoritative|resolver",
        "whom to ask for the records; default authoritative. resolver is for hosts that cannot "
        "reach port 53 elsewhere: it shows what a cache knows, not what a CA will see"},
    option{
        "caa-issuer",
        takes::one,
        "<id>",
        "the CA that is to issue: hooks end with status 6 where CAA forbids it, and caa asks "
        "about it where no --issuer is given"},
    option{"deadline", takes::one, "<s>", "for everything that talks to the API; default 300"},
    option{"json", takes::nothing, "", "one JSON object on stdout"},
    option{"quiet", takes::nothing, "", "nothing but errors"},
    option{"verbose", takes::nothing, "", "tell on stderr what happens"},
    option{"help", takes::nothing, "", "this text"},
    option{"version", takes::nothing, "", "the program's version"},
};

constexpr std::array command{
    option{
        "no-wait",
        takes::nothing,
        "",
        "present, hook acmesh-add: do not wait for the name servers"},
    option{
        "issuer", takes::one, "<id>", "caa, run: the CA, such as letsencrypt.org or letsencrypt"},
    option{"directory", takes::one, "<url>", "caa, run: the CA, by its ACME directory"},
    option{"account-uri", takes::one, "<uri>", "caa, run: the ACME account that will ask"},
    option{"method", takes::one, "<method>", "caa, run: how control is proven; default dns-01"},
    option{"wildcard-only", takes::nothing, "", "caa allow: the domain's wildcard alone"},
    option{"id", takes::several, "<zone>/<id>", "cleanup: remove these records"},
    option{
        "domain",
        takes::several,
        "<domain>[,...]",
        "run: a domain to check before the client starts; repeatable"},
    option{
        "certbot",
        takes::perhaps_one,
        "[<dir>]",
        "run: check the domains that certbot renews with manual DNS hooks, as its folder tells; "
        "default /etc/letsencrypt",
        "",
        "/etc/letsencrypt"},
    option{"older-than", takes::one, "<s>", "sweep: nothing younger"},
    option{"dry-run", takes::nothing, "", "sweep: only tell what would go"},
    option{"type", takes::one, "<type>", "record: A, AAAA, CAA, CNAME, MX, NS, SRV or TXT"},
    option{"name", takes::one, "<name>", "record: such as www, or @ for the domain itself"},
    option{"data", takes::one, "<data>", "record: the address, host, issuer or text"},
    option{"priority", takes::one, "<n>", "record: of MX and SRV"},
    option{"port", takes::one, "<n>", "record: of SRV"},
    option{"weight", takes::one, "<n>", "record: of SRV"},
    option{"flags", takes::one, "<n>", "record: of CAA; 128 is critical"},
    option{"tag", takes::one, "<tag>", "record: of CAA; issue, issuewild or iodef"},
    option{"all", takes::nothing, "", "domain list, record list: all pages"},
    option{"page", takes::one, "<n>", "domain list, record list: this page; default 1"},
    option{"per-page", takes::one, "<n>", "so many on a page, 1 to 200; default 20"},
    option{"ip-address", takes::one, "<ip>", "domain create: its A or AAAA record"},
    option{"yes", takes::nothing, "", "domain delete: do not ask; caa allow: change it"},
};

po::value_semantic* semantic_of(option const& o) {
    std::string const placeholder(o.placeholder);
    switch (o.argument) {
    case takes::nothing:
        return po::bool_switch();
    case takes::one:
        return po::value<std::string>()->value_name(placeholder);
    case takes::perhaps_one:
        return po::value<std::string>()
            ->implicit_value(std::string(o.otherwise), "")
            ->value_name(placeholder);
    case takes::several:
        break;
    }
    return po::value<std::vector<std::string>>()->value_name(placeholder);
}

} // namespace

std::span<option const> common_options() { return common; }

std::vector<option> file_options() {
    std::vector<option> settings(common.begin(), common.end());
    std::erase_if(settings, [](option const& o) {
        return o.name == "config" || o.name == "help" || o.name == "version";
    });
    return settings;
}

std::span<option const> command_options() { return command; }

po::options_description describe(std::string_view title, std::span<option const> options) {
    po::options_description description{std::string(title)};
    for (auto const& o : options) {
        auto const name = std::string(o.name) + (o.name == "help" ? ",h" : "");
        description.add_options()(name.c_str(), semantic_of(o), std::string(o.text).c_str());
    }
    return description;
}

} // namespace acme_dns01::cli
