#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "challenge/allow_list.hpp"
#include "services/accounts.hpp"
#include "services/resolvers.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace acme_dns01::preflight {

// Whether CAA permits the CA to issue for these domains: an error for each that it does not.
using caa_question =
    std::function<async_result<std::vector<error>>(std::vector<std::string> domains)>;

// Foresees, before a client starts, what will fail for the domains that it is going to prove:
// whether they may be touched, whether a zone of the account holds each challenge name, aliases
// followed, whether the public DNS looks for it in that zone, and whether CAA permits the CA. The
// account is asked for its zones once, which shows whether the token is good; the DNS is asked
// about all domains at once.
//
// The result has an error for each domain that will fail, with its domain in front. Fails where
// nothing can be said of any: usage, token, API. All references must outlive the call.
async_result<std::vector<error>> check_domains(
    services::accounts& all,
    services::resolvers& dns,
    challenge::allow_list const& allow,
    std::vector<std::string> domains,
    caa_question ask_caa,
    deadline until,
    log notes
);

// The domains of all certificates that `certbot renew` would renew with manual DNS hooks, whether
// due or not, from the *.conf files of its renewal folder; `folder` is that or the one above it. A
// lineage that certbot skips (certbot 2.1, storage.py and renewal.py) is skipped with a warning,
// unless other authenticators prove it. error_kind::configuration where the folder cannot be read,
// and where there is no domain.
result<std::vector<std::string>>
certbot_names(std::filesystem::path const& folder, log const& notes);

} // namespace acme_dns01::preflight
