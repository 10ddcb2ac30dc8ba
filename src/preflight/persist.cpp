#include "preflight/persist.hpp"

#include "base/text.hpp"

#include <chrono>

namespace acme_dns01::preflight {

namespace {

constexpr std::chrono::days near_end{14};
constexpr auto look = "run `acme-dns01 persist show` for the domain";

std::string records_of(persist::judgement const& found) {
    std::vector<std::string> values;
    for (auto const& r : found.records)
        values.push_back("\"" + r.value + "\"");
    return printable(joined(values, ", "), evidence_max);
}

bool ends_soon(persist::judgement const& found) {
    if (!found.valid_until) return false;
    std::chrono::sys_seconds const end{std::chrono::seconds(*found.valid_until)};
    return end - std::chrono::system_clock::now() < near_end;
}

error_kind kind_of(persist::verdict v) {
    if (v == persist::verdict::forbidden) return error_kind::caa_forbidden;
    return v == persist::verdict::error ? error_kind::dns_failure : error_kind::problems_found;
}

finding judged(persist::judgement const& found, bool is_needed) {
    auto const evidence = records_of(found);
    auto const fix = found.advice.empty() ? look : found.advice;
    if (found.is == persist::verdict::valid) {
        constexpr auto renew = "run `acme-dns01 persist set` with a later --until";
        if (ends_soon(found)) return doubtful(check_id::persist, found.reason, evidence, renew);
        return well(check_id::persist, found.reason, evidence);
    }
    if (!is_needed) return doubtful(check_id::persist, found.reason, evidence, fix);
    auto f = wrong(check_id::persist, kind_of(found.is), found.reason, evidence, fix);
    f.is_untold = found.is == persist::verdict::error;
    return f;
}

} // namespace

findings check_persist(persist::judgement const& found, issuance const& how) {
    using enum persist::verdict;
    auto const is_needed = how.method == persist::method;
    if (!is_needed && found.records.empty() && found.is == missing) return {};
    auto f = judged(found, is_needed);
    // The records are other CAs'.
    if (!is_needed && found.is == missing) f = well(check_id::persist, f.message, f.evidence);
    f.standing_until = found.valid_until;
    return {std::move(f)};
}

} // namespace acme_dns01::preflight
