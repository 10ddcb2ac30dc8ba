#pragma once

#include "base/environment.hpp"
#include "cli/options/settings.hpp"
#include "net/url.hpp"
#include "process/confinement.hpp"

namespace acme_dns01::cli {

// What every command needs once its settings have been read:
//
//   - to read: the files by which the C library resolves names, and its plug-ins; OpenSSL's
//     configuration and certificates, SSL_CERT_DIR; what is known of other processes;
//   - to read, with the files beside them (but not all of / or /etc), since such a file is replaced
//     as a whole: token files, --ca-file, SSL_CERT_FILE, --trust-anchor, /etc/resolv.conf where it
//     is a link;
//   - to write: the state folder, or until it has been made the one that it will be in;
//   - to connect to: the ports of the API, of --directory, of their proxies, and of name servers.
//
// The configuration, the terminal and what else is open by then needs no right. A command that
// needs more says so in its line of the table in commands.cpp, by a needs_function.
confinement needs_of(settings const& set, environment const& env);

// For a needs_function: the port of this URL or, if it is reached by a proxy, the proxy's.
void add_port_of(confinement& needs, net::base_url const& url, environment const& env);

} // namespace acme_dns01::cli
