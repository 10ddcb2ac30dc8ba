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
    "/etc/resolv.conf",
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

// The folder in which the file, or the one that it is a link to, is replaced by another.
void add_with_folder(std::vector<std::string>& readable, std::string const& file) {
    std::error_code ec;
    if (file.empty()) return;
    auto const real = fs::canonical(file, ec);
    readable.push_back(file);
    if (ec || !fs::is_regular_file(real, ec)) return;
    readable.push_back(real.parent_path());
    readable.push_back(fs::absolute(file, ec).parent_path());
}

void add_files(std::vector<std::string>& readable, settings const& set, environment const& env) {
    readable.insert(readable.end(), system_files.begin(), system_files.end());
    auto const& trust = set.accounts.trust;
    for (auto const& file : {set.resolvers.trust_anchor, trust.ca_file, trust.cert_file})
        readable.push_back(file);
    for (auto const& folder : split(trust.cert_dir, ":"))
        readable.push_back(folder);
    readable.push_back(env.get("OPENSSL_CONF").value_or(""));
    readable.push_back(env.get("CREDENTIALS_DIRECTORY").value_or(""));
    add_with_folder(readable, set.accounts.token_file);
    add_with_folder(readable, set.accounts.configured_token_file);
    add_with_folder(readable, env.get("DO_AUTH_TOKEN_FILE").value_or(""));
    for (auto const& account : set.accounts.sections)
        add_with_folder(readable, account.token_file);
    if (fs::is_symlink("/etc/resolv.conf")) {
        std::error_code ec;
        readable.push_back(fs::canonical("/etc/resolv.conf", ec).parent_path());
    }
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
