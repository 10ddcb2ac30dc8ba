#pragma once

#include "caa/property.hpp"
#include "caa/request.hpp"
#include "dns/name.hpp"
#include "dns/validating_resolver.hpp"

#include <optional>
#include <string>
#include <string_view>
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

enum class verdict { permitted, forbidden, error };

std::string_view to_string(verdict v);

struct decision {
    verdict is = verdict::error;
    // One sentence that names the record, the level and the rule that decided.
    std::string reason;
    // What to change; empty where nothing needs to be.
    std::string advice;
    // The level whose records decided, or whose look-up failed; nothing where no level has any.
    std::optional<level> deciding;
    // Of the deciding level; where there is none, of the domain's own.
    dns::dnssec dnssec = dns::dnssec::unknown;
    // What is legal but surely not meant, and what another CA may see otherwise: a sentence each.
    std::vector<std::string> warnings;
};

// What the CA will decide, from the levels of the climb, the domain's own first, the TLD last (RFC
// 8659 3 and 4, RFC 8657 3 and 4; where they leave room, as Let's Encrypt does).
decision decide(request const& r, std::vector<level> const& climb);

} // namespace acme_dns01::caa
