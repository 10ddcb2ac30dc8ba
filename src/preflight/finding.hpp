#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::preflight {

// In the order in which findings are listed.
enum class check_id {
    name,
    token,
    zone,
    delegation,
    servers,
    challenge,
    dnssec,
    caa,
    persist,
    clock,
    rate,
    state,
};

std::string_view to_string(check_id id);

enum class severity {
    ok,
    warning, // it works today
    error,   // an issuance or its cleanup would fail
};

std::string_view to_string(severity s);

// Bytes of what a server or a record says.
inline constexpr std::size_t evidence_max = 400;

// What a probe has found out about one domain.
struct finding {
    std::string domain{}; // as it was given; empty for the account and this host
    check_id check = check_id::name;
    severity is = severity::ok;
    std::string message{};  // what is so, in one sentence without a full stop
    std::string evidence{}; // what shows it: an answer, a record, a setting
    std::string fix{};      // what to do: empty if all is well, and never otherwise
    // Of an error: what a command that stops at it reports.
    error_kind kind = error_kind::problems_found;
    // An error that could not be found out: the API or the resolver did not answer.
    bool is_untold = false;
    // For the metrics.
    std::optional<std::int64_t> standing_until{}; // the end of a standing record, Unix seconds
    std::optional<std::int64_t> requests_left{};  // of the API's limit
    bool is_skipped = false;   // a warning: the probe was not made, because of another finding
    bool is_asked_for = false; // shown with its evidence even if all is well
    friend bool operator==(finding const&, finding const&) = default;
};

using findings = std::vector<finding>;

finding well(check_id check, std::string message, std::string evidence = {});
finding doubtful(check_id check, std::string message, std::string evidence, std::string fix);
finding
wrong(check_id check, error_kind kind, std::string message, std::string evidence, std::string fix);
// A failure as its own text says it. `fix` is for those that have no hint.
finding wrong(check_id check, error const& e, std::string const& fix);
// The same for one that says nothing about the domain: an API or a resolver that does not answer.
finding untold(check_id check, error const& e, std::string const& fix);
// A probe that was not made, because `cause` is wrong: that check has the error.
finding not_checked(check_id check, std::string const& why, check_id cause);
inline constexpr std::string_view not_checked_because = "not checked: ";

// With this domain in each.
findings about(std::string const& domain, findings found);

// Whether all of them are at most warnings, of one check or of all.
bool is_fine(findings const& all);

// Whether both say the same, be it about different domains: what is wrong with a zone or an account
// comes with each of its domains.
bool is_same(finding const& one, finding const& other);

// By the order of the checks; findings of the same check stay in their order.
void sort_by_check(findings& all);

} // namespace acme_dns01::preflight
