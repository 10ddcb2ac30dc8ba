#pragma once

#include "base/async_result.hpp"
#include "caa/decision.hpp"
#include "cli/commands/invocation.hpp"
#include "digitalocean/requester.hpp"

#include <string>
#include <vector>

namespace acme_dns01::cli {

// The CA, account and method that the options ask about.
struct caa_subject {
    caa::issuer by;
    std::string account_uri;
    std::string method;
};

// For --directory, reads the meta.caaIdentities of that directory. error_kind::usage where no CA is
// named.
async_result<caa_subject> caa_subject_of(invocation& call);

// One request for each domain; duplicates are dropped. error_kind::usage.
result<std::vector<caa::request>>
requests_for(caa_subject const& subject, std::vector<std::string> const& domains);

} // namespace acme_dns01::cli
