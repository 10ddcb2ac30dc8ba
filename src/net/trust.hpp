#pragma once

#include "base/error.hpp"

#include <optional>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace acme_dns01::net {

// Which certificates to trust; empty fields are not given. If `ca_file` is given, it alone counts.
// The other two are OpenSSL's SSL_CERT_FILE and SSL_CERT_DIR. Without any, the system's hashed
// directory is used, and its bundle only if there is no such directory: parsing the bundle costs
// every process some 40 ms.
struct trust {
    std::string ca_file;
    std::string cert_file;
    std::string cert_dir; // several separated by ':'
};

// Nothing if the context has them now. error_kind::configuration names the file that others may
// write to, or that holds no certificate.
std::optional<error> load_trust(boost::asio::ssl::context& context, trust const& trusted);

} // namespace acme_dns01::net
