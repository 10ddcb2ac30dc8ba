#include "preflight/finding.hpp"

#include "base/text.hpp"

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>

namespace acme_dns01::preflight {

BOOST_DESCRIBE_ENUM(
    check_id,
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
    state
)
BOOST_DESCRIBE_ENUM(severity, ok, warning, error)

std::string_view to_string(check_id id) { return boost::describe::enum_to_string(id, ""); }

std::string_view to_string(severity s) { return boost::describe::enum_to_string(s, ""); }

finding well(check_id check, std::string message, std::string evidence) {
    finding f{.check = check, .message = std::move(message)};
    f.evidence = std::move(evidence);
    return f;
}

finding doubtful(check_id check, std::string message, std::string evidence, std::string fix) {
    auto f = well(check, std::move(message), std::move(evidence));
    f.is = severity::warning;
    f.fix = std::move(fix);
    return f;
}

finding
wrong(check_id check, error_kind kind, std::string message, std::string evidence, std::string fix) {
    auto f = doubtful(check, std::move(message), std::move(evidence), std::move(fix));
    f.is = severity::error;
    f.kind = kind;
    return f;
}

finding wrong(check_id check, error const& e, std::string const& fix) {
    auto evidence = printable(e.server_said, evidence_max);
    if (evidence.ends_with('.')) evidence.pop_back();
    if (!e.request_id.empty())
        evidence += (evidence.empty() ? "" : "; ") + ("request " + e.request_id);
    return wrong(check, e.kind, e.message, std::move(evidence), e.hint.empty() ? fix : e.hint);
}

finding untold(check_id check, error const& e, std::string const& fix) {
    auto f = wrong(check, e, fix);
    f.is_untold = true;
    return f;
}

finding not_checked(check_id check, std::string const& why, check_id cause) {
    auto const fix =
        "correct what '" + std::string(to_string(cause)) + "' reports, then check again";
    auto skipped = doubtful(check, std::string(not_checked_because) + why, "", fix);
    skipped.is_skipped = true;
    return skipped;
}

findings about(std::string const& domain, findings found) {
    for (auto& f : found)
        f.domain = domain;
    return found;
}

bool is_fine(findings const& all) {
    return std::ranges::none_of(all, [](finding const& f) { return f.is == severity::error; });
}

bool is_same(finding const& one, finding const& other) {
    return one.check == other.check && one.is == other.is && one.message == other.message &&
           one.evidence == other.evidence && one.fix == other.fix;
}

void sort_by_check(findings& all) { std::ranges::stable_sort(all, {}, &finding::check); }

} // namespace acme_dns01::preflight
