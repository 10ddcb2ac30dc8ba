#pragma once

#include "base/async_result.hpp"
#include "cli/session.hpp"

#include <string>
#include <vector>

namespace acme_dns01::cli {

// What can be known, before a client starts, of domains that it is going to prove: whether they may
// be touched, whether a zone of the account holds each challenge name, aliases followed, whether
// the public DNS looks for it in that zone, and whether CAA permits the CA, where --issuer,
// --directory or caa-issuer names one. The account is asked for its zones once, which shows whether
// the token is good; the DNS is asked about all domains at once.
//
// What stands in the way of single domains is the result, each error with its domain in front:
// nothing where all are well. Fails where nothing can be told of any: usage, token, API.
async_result<std::vector<error>> preflight(session& s, std::vector<std::string> domains);

} // namespace acme_dns01::cli
