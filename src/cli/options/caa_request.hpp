#pragma once

#include "base/async_result.hpp"
#include "caa/decision.hpp"
#include "cli/commands/invocation.hpp"
#include "digitalocean/requester.hpp"

#include <string>
#include <vector>

namespace acme_dns01::cli {

// Which CA, account and method the options of a caa command ask about: --issuer, or --directory,
// whose meta.caaIdentities are read, or else the configuration's caa-issuer; --account-uri;
// --method. error_kind::usage for none and for two of them.
struct caa_subject {
    caa::issuer by;
    std::string account_uri;
    std::string method;
};

async_result<caa_subject> caa_subject_of(invocation& call);

// One request for each domain, each once. error_kind::usage.
result<std::vector<caa::request>>
requests_for(caa_subject const& subject, std::vector<std::string> const& domains);

} // namespace acme_dns01::cli
