#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace acme_dns01::clients {

// What a file of certbot's renewal folder says of its lineage. The domains do not stand there: they
// are those of the certificate.
struct certbot_renewal {
    std::string certificate; // the file of the newest one
    // Whether manual hooks prove its domains by DNS. Others are no business of ours.
    bool is_by_dns_hooks = false;
};

// error_kind::configuration where the file names no certificate.
result<certbot_renewal> certbot_renewal_in(std::string_view file);

} // namespace acme_dns01::clients
