#pragma once

#include "certificate/lineage.hpp"
#include "certificate/x509.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::certificate {

// When the CA suggests to renew a certificate (ARI, RFC 9773). The requests are made elsewhere.

struct window {
    moment start;
    moment end;
    std::string explanation{}; // a URL; may be empty

    bool operator==(window const&) const = default;
};

// The ACME directory of the certificate's CA, by its client's settings, else by the name of its
// issuer. Empty where it is not known.
std::string directory_of(lineage const& l, leaf const& of);

// The directory of a CA that is widely used, by the origin of any of its URLs. Empty for others.
std::string known_directory_at(std::string_view origin);
// "https://ca.example:14000" of "https://ca.example:14000/dir", in lower case.
std::string origin_of(std::string_view url);

// Where a directory says that suggestions are found (RFC 9773 4). error_kind::bad_answer, without
// its subject, for anything that is no directory; error_kind::not_found where it has no such place.
result<std::string> suggestions_in(std::string_view directory);

// The answer about one certificate (RFC 9773 4.2). error_kind::bad_answer, without its subject.
result<window> window_in(std::string_view answer);

} // namespace acme_dns01::certificate
