#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::certificate {

// The domains that the first certificate of a PEM file is for (RFC 5280 4.2.1.6), in its order,
// without the IP addresses. error_kind::configuration where there is no certificate.
result<std::vector<std::string>> dns_names_in(std::string_view pem);

} // namespace acme_dns01::certificate
