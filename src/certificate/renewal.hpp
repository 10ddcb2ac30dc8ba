#pragma once

#include "certificate/x509.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace acme_dns01::certificate {

// When a certificate is renewed, and whether that is in time. No I/O.

struct dates {
    moment not_before;
    moment not_after;

    std::chrono::seconds life() const { return not_after - not_before; }
};

// By which rule a client renews a certificate.
struct rule {
    enum class kind {
        none,   // no client is known to renew it
        margin, // so long before the end
        at,     // at a moment that is written down, wherever the end is
        share,  // a third of the life before the end, or half of a short one
    };
    kind is = kind::none;
    std::chrono::seconds margin{};     // of `margin`
    moment at{};                       // of `at`
    std::chrono::seconds short_life{}; // of `share`: a shorter life is short
    // Earlier, whatever the rule says: something else has changed at that moment.
    std::optional<moment> changed{};
};

rule before_end(std::chrono::seconds margin);
rule at(moment m);
// A third of the life, or half of a shorter one: by certbot 4 of one under ten days.
rule by_life(std::chrono::seconds short_life = std::chrono::days(10));

// The first moment at which the client's next run renews the certificate, never before it began;
// nothing without a client. It may be after the end.
std::optional<moment> due(rule const& r, dates const& d);

// In the order of their urgency.
enum class state { ok, due, every_run, overdue, late, expired, broken };

std::string_view to_string(state s);
// Whether the administrator has to do something.
bool is_a_problem(state s);

struct circumstances {
    moment now;
    dates valid;
    rule renewed;
    bool is_skipped = false; // its client will not renew it
    // --renew-within; the state is then at least `due`
    std::optional<std::chrono::seconds> wanted_left{};
};

// The worst of all that applies; `broken` if it is not valid yet. A client whose renewal is due
// for longer than patience_with_clients has failed: it runs every day.
state judge(circumstances const& c);
inline constexpr std::chrono::days patience_with_clients{2};

// "10 days", "3 weeks", "6 months 1 week"; a bare number counts days. As certbot's library reads
// it, with months of 30 days; nothing where that library understands nothing, and takes it for 0.
std::optional<std::chrono::seconds> interval_in(std::string_view text);

// "30 days", "36 hours": rounded, in the largest unit that leaves at least two.
std::string in_words(std::chrono::seconds length);

} // namespace acme_dns01::certificate
