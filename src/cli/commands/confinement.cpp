#include "cli/commands/confinement.hpp"

#include "base/text.hpp"
#include "net/proxy.hpp"

#include <filesystem>

namespace acme_dns01::cli {

namespace {

namespace fs = std::filesystem;

// Name resolution by the C library (with its plug-ins, which are libraries), OpenSSL with Debian's,
// Fedora's, Alpine's and openSUSE's trust stores but not their folders of private keys, libraries
// of NixOS and Guix, and what is known of other processes. A link counts as the file it leads to.
constexpr auto system_files = {
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/services",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/ssl/certs",
    "/etc/ssl/cert.pem",
    "/etc/ssl/openssl.cnf",
    "/etc/pki/ca-trust",
    "/etc/pki/tls/cert.pem",
    "/etc/pki/tls/certs",
    "/etc/pki/tls/openssl.cnf",
    "/etc/pki/tls/openssl.d",
    "/etc/crypto-policies",
    "/etc/ca-certificates",
    "/var/lib/ca-certificates",
    "/usr",
    "/lib",
    "/lib64",
    "/nix/store",
    "/gnu/store",
    "/proc",
    "/sys/devices/system/cpu",
    "/dev/null",
    "/dev/urandom",
};

// The file and the folders in which it, or what it is a link to, is replaced by another. All of
// /etc, where the system keeps its secrets, is too much for that.
void add_with_folders(std::vector<std::string>& readable, std::string const& file) {
    std::error_code ec;
    if (file.empty()) return;
    readable.push_back(file);
    auto const real = fs::canonical(file, ec);
    if (ec || !fs::is_regular_file(real, ec)) return;
    for (auto const& folder : {real.parent_path(), fs::absolute(file, ec).parent_path()}) {
        if (folder != "/" && folder != "/etc") readable.push_back(folder);
    }
}

void add_files(std::vector<std::string>& readable, settings const& set, environment const& env) {
    readable.insert(readable.end(), system_files.begin(), system_files.end());
    auto const& trust = set.accounts.trust;
    for (auto const& folder : split(trust.cert_dir, ":"))
        readable.push_back(folder);
    readable.push_back(env.get("OPENSSL_CONF").value_or(""));
    readable.push_back(env.get("CREDENTIALS_DIRECTORY").value_or(""));
    for (auto const& file :
         {std::string("/etc/resolv.conf"),
          set.resolvers.trust_anchor,
          set.persist.account_file, // the account's key is beside it
          trust.ca_file,
          trust.cert_file,
          set.accounts.token_file,
          set.accounts.configured_token_file,
          env.get("DO_AUTH_TOKEN_FILE").value_or("")})
        add_with_folders(readable, file);
    for (auto const& account : set.accounts.sections)
        add_with_folders(readable, account.token_file);
}

std::string existing(fs::path const& folder) {
    std::error_code ec;
    auto nearest = fs::absolute(folder, ec);
    while (nearest.has_relative_path() && !fs::exists(nearest, ec))
        nearest = nearest.parent_path();
    return nearest;
}

} // namespace

void add_port_of(confinement& needs, net::base_url const& url, environment const& env) {
    auto const through = net::proxy_for(url, env);
    auto const& text = through && *through ? (*through)->port : url.port;
    auto const port = number_in<std::uint16_t>(text);
    if (port) needs.ports.push_back(*port);
}

confinement needs_of(settings const& set, environment const& env) {
    confinement needs;
    add_files(needs.readable, set, env);
    if (!set.state_dir.empty()) needs.writable.push_back(existing(set.state_dir));
    needs.ports = {53, set.resolvers.dns_port};
    for (auto const& resolver : set.resolvers.configured)
        needs.ports.push_back(resolver.port());
    add_port_of(needs, set.accounts.api, env);
    if (set.caa.directory) add_port_of(needs, *set.caa.directory, env);
    return needs;
}

} // namespace acme_dns01::cli
