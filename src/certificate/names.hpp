#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::certificate {

// The domains in the first certificate of a PEM file (its subjectAltName, RFC 5280 4.2.1.6), in its
// order, without IP addresses. The file has less than 2 GiB. error_kind::configuration if the file
// has no certificate.
result<std::vector<std::string>> dns_names_in(std::string_view pem);

} // namespace acme_dns01::certificate
