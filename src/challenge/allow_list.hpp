#pragma once

#include "base/error.hpp"
#include "challenge/challenge.hpp"
#include "dns/name.hpp"

#include <string>
#include <vector>

namespace acme_dns01::challenge {

// The names that this host may change: `allow = example.com, *.example.net`. A pattern is a name,
// or
// "*." and a name for all names below it, including the certificate for "*.<name>". Without
// patterns every name is allowed.
class allow_list {
public:
    allow_list() = default;
    // error_kind::usage.
    static result<allow_list> parse(std::vector<std::string> const& patterns);

    // `domain` as in a certificate, "*." included, or the name of a record. A challenge name is
    // allowed if its domain or that domain's wildcard is. error_kind::configuration.
    result<void> check(dns::name const& domain) const;

    // Checks the challenge's domain.
    result<void> check(dns01 const& c) const;

    bool is_limited() const { return !patterns_.empty(); }

private:
    bool covers(dns::name const& domain) const;

    std::vector<dns::name> patterns_;
};

} // namespace acme_dns01::challenge
