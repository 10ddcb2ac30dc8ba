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
    {"ttl", "<s>", "lifetime of the record in seconds; default 30"},
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
    {"help", "", "show how it is used"},
    {"version", "", "print the program's version"},
};

constexpr option command[]{
    {"no-wait", "", "do not wait for the name servers"},
    {"issuer", "<id>", "the CA, such as letsencrypt.org or letsencrypt"},
    {"directory", "<url>", "the CA, by its ACME directory"},
    {"account-uri", "<uri>", "the ACME account that will ask"},
    {"method", "<method>", "the validation method; default dns-01"},
    {"at", "<date>", "decide by the rules in force then, such as 2027-03-15"},
    {"write-test", "", "create, await and remove a record in each zone"},
    {"account-file", "<file>", "regr.json, ca.conf, account_id.json or account.json"},
    {"wildcard", "", "for *.<domain> as well"},
    {"until", "<time>", "such as 2027-06-30, 2027-06-30T12:00:00Z or 90d"},
    {"form", "uri|hash", "how the account is named; default uri"},
    {"thumbprint", "<text>", "of the account's key, for the hash"},
    {"hash-prefix", "<text>", "the CA's accountHashPrefix, for the hash"},
    {"reusable", "", "a hash that is good for every domain"},
    {"wildcard-only", "", "permit only the domain's wildcard"},
    {"id", "<zone>/<id>...", "remove these records"},
    {"domain", "<domain>,...", "a domain to check before the client starts"},
    {"certbot", "", "check the domains that certbot renews with manual DNS hooks"},
    {"certbot-dir", "<dir>", "certbot's folder; default /etc/letsencrypt; implies --certbot"},
    {"renew-within", "<days>", "what ends sooner is due"},
    {"check", "", "check the domains of the certificates, too"},
    {"ari", "", "ask the CA when it suggests to renew"},
    {"metrics", "<file>", "write Prometheus metrics to this file"},
    {"older-than", "<s>", "leave younger records alone"},
    {"dry-run", "", "only show what would be removed"},
    {"type", "<type>", "A, AAAA, CAA, CNAME, MX, NS, SRV or TXT"},
    {"name", "<name>", "such as www, or @ for the domain itself"},
    {"data", "<data>", "the address, host, issuer or text"},
    {"priority", "<n>", "of MX and SRV records"},
    {"port", "<n>", "of SRV records"},
    {"weight", "<n>", "of SRV records"},
    {"flags", "<n>", "of CAA records; 128 is critical"},
    {"tag", "<tag>", "of CAA records: issue, issuewild or iodef"},
    {"all", "", "all pages"},
    {"page", "<n>", "this page; default 1"},
    {"per-page", "<n>", "entries per page, 1 to 200; default 20"},
    {"ip-address", "<ip>", "address of an A or AAAA record for the domain"},
    {"yes", "", "make the change without asking"},
};

po::value_semantic* semantic_of(option const& o) {
    if (o.is_flag()) return po::bool_switch();
    return po::value<std::string>()->value_name(std::string(o.placeholder));
}

// Letters to insert, delete, change or swap with their neighbour, to make one word the other.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::vector<std::size_t>> d(from.size() + 1, std::vector(to.size() + 1, 0UL));
    for (std::size_t i = 0; i <= from.size(); ++i) {
        for (std::size_t j = 0; j <= to.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            auto const changed = d[i - 1][j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, changed});
            if (i < 2 || j < 2 || from[i - 1] != to[j - 2] || from[i - 2] != to[j - 1]) continue;
            d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d.back().back();
}

} // namespace

std::string_view nearest(std::string_view word, std::span<std::string_view const> candidates) {
    constexpr std::size_t length_max = 40; // no name of ours is as long
    if (word.size() < 2 || word.size() > length_max) return {};
    std::string_view best;
    auto least = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (auto const candidate : candidates) {
        auto away = distance(word, candidate);
        if (candidate.starts_with(word) || candidate.ends_with(" " + std::string(word))) away = 1;
        if (away >= least) continue;
        least = away;
        best = candidate;
    }
    return best;
}

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
