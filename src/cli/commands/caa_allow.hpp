#pragma once

#include "base/async_result.hpp"
#include "caa/change.hpp"
#include "cli/commands/invocation.hpp"
#include "cli/options/caa_request.hpp"
#include "cli/output/caa_report.hpp"

namespace acme_dns01::cli {

// How `caa allow` makes a change and sees to it that it holds.

// What is to be allowed: with --wildcard-only, the wildcard of the domain. error_kind::usage,
// error_kind::configuration for a domain that this host may not touch.
result<caa::request>
request_to_allow(invocation const& call, caa_subject const& subject, std::string const& domain);

// The account and the method are pinned where they were given.
caa::restrictions restrictions_of(invocation const& call);

// The same change at the name where its records really stand: where a DNS wildcard has answered for
// the domain (RFC 4592), at the wildcard, since a record at the domain would hide all that the
// wildcard gives it.
async_result<caa::change> where_it_stands(invocation& call, dns::name zone, caa::change wanted);

// Creates the records and waits until every authoritative server serves them. Where one of them
// cannot be created, those before it are removed again.
async_result<void> apply(invocation& call, dns::name zone, caa::change wanted);

// Asked anew, by a resolver that remembers nothing.
async_result<caa::checked> verdict_after(invocation& call, caa::request asked);

} // namespace acme_dns01::cli
