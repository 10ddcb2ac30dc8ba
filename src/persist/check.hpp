#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "caa/survey.hpp"
#include "dns/validating_resolver.hpp"
#include "persist/account.hpp"
#include "services/resolvers.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::persist {

// A CA that takes standing records.
struct authority {
    caa::issuer by;                   // as CAA records name it
    std::vector<std::string> issuers; // the names in standing records, the one to write first
};

authority authority_of(caa::issuer by);

// A domain whose standing records are to be judged. Without a CA or an account, records for any are
// good, and CAA is not asked.
struct question {
    dns::name domain; // without "*."
    bool wildcard = false;
    std::optional<authority> ca{};
    std::optional<account> who{};
};

// "*.example.com".
std::string domain_of(question const& q);

// What a CA makes of the records, and in records[].state of one. The best reason comes last.
enum class verdict {
    error,         // a look-up failed
    missing,       // no record, or none of this CA's
    other_account, // (draft 4.1)
    not_wildcard,  // a wildcard was asked for
    expired,       // persistUntil has passed
    malformed,     // outweighs the others at Let's Encrypt
    forbidden,     // good, but CAA does not permit the CA, or not by this method
    valid,
};

std::string_view to_string(verdict v);

struct judged_record {
    std::string value;
    verdict state = verdict::missing;
    friend bool operator==(judged_record const&, judged_record const&) = default;
};

struct judgement {
    verdict is = verdict::error;
    std::string reason{};                      // one sentence, made printable
    std::string advice{};                      // what to do; empty where it is valid
    std::vector<judged_record> records{};      // sorted by their values
    std::vector<std::string> warnings{};       // of the look at CAA: a sentence each
    std::optional<std::int64_t> valid_until{}; // the end of a good or expired one; nothing: no end
};

// The TXT records of the record name, judged at `now` (seconds since 1970) as Let's Encrypt does:
// one good record wins; of several, the one that is good for longest.
judgement judge(question const& q, std::vector<std::string> values, std::int64_t now);

// The same after CAA was asked: a good record is of no use if CAA forbids the CA or cannot be
// determined; beside any other verdict it is mentioned.
judgement judge_with_caa(judgement found, caa::checked const& permission);

// The judgement where the records could not be looked up.
judgement judge_failure(question const& q, dns::validated const& answer);

struct checked {
    question asked;
    judgement found;
};

// Looks up the records of all questions and CAA beside them, by the resolver that validates. In the
// order of the questions. Fails only if there is no resolver to ask, as caa::decide_all does.
async_result<std::vector<checked>> check_all(
    services::resolvers& by,
    std::vector<question> questions,
    log notes,
    clock::duration patience = caa::look_up_limit
);

inline constexpr auto method = "dns-persist-01";

} // namespace acme_dns01::persist
