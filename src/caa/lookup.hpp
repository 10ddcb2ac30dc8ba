#pragma once

#include "base/clock.hpp"
#include "caa/record.hpp"
#include "dns/name.hpp"
#include "dns/validating_resolver.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace acme_dns01::caa {

// What was found at one name of the climb.
struct level {
    enum class content {
        records, // the nearest level of this kind decides
        nothing, // NOERROR without CAA records
        missing, // NXDOMAIN
        failed,  // no answer that a CA could use
    };
    dns::name node;
    content is = content::nothing;
    std::vector<property> records;
    // Where the node's aliases led; the node itself where there are none.
    dns::name target;
    dns::dnssec dnssec = dns::dnssec::unknown;
    std::string failure; // of a failed one; not to be trusted
    // What is wrong with an answer that counts all the same.
    enum class flaw {
        none,
        no_soa,         // nothing says that there are no records (RFC 2308 2)
        only_caa_is_nx, // missing, if CAA is asked for, and only then
    };
    flaw has_flaw = flaw::none;
    friend bool operator==(level const&, level const&) = default;
};

bool has_records(level const& l);
bool is_alias(level const& l);
// Where the level's records stand: its node, or where that leads.
dns::name const& owner_of(level const& l);

// Asks for the CAA records of a domain (without "*.") and of every name above it, the TLD last, all
// at once: it takes as long as the slowest of them. What has not come for as long as patience lasts
// has failed. Their keys and delegations are asked for beside them, so that validation has to wait
// for none in turn, and so that a name that is there for them and missing for CAA is found out.
boost::asio::awaitable<std::vector<level>>
look_up(dns::validating_resolver const& r, dns::name domain, clock::duration patience);

// What a resolver's answer to the CAA look-up for one name means. Its records come in an order
// that chance has no part in: each of equals may be the one that a sentence names.
level level_of(dns::name node, dns::validated const& answer);

} // namespace acme_dns01::caa
