#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/cleanup.hpp"
#include "challenge/owner.hpp"
#include "journal/store.hpp"
#include "services/accounts.hpp"
#include "services/resolvers.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace acme_dns01::challenge {

// Asks whether the CA may issue for these challenges: error_kind::caa_forbidden if it may not.
using caa_question = std::function<async_result<void>(std::vector<dns01> challenges)>;

// The request of one call, of `present` or any client's hook.
struct presentation {
    std::vector<dns01> challenges;
    journal::run owner;
    std::int64_t remaining = 0;               // challenges of the order that follow
    std::int64_t ttl = 30;                    // seconds
    caa_question ask_caa{};                   // empty: CAA is not asked
    std::function<bool()> client_has_ended{}; // empty: no client to watch
    bool undoes_failures = false;             // no cleanup will follow a failure
};

// Creates the records of challenges at their effective names.
class presenter {
public:
    // All but the log must outlive the presenter.
    presenter(
        services::accounts& all,
        journal::store& j,
        services::resolvers& dns,
        cleaner& undoing,
        log notes
    )
        : accounts_(all), journal_(j), resolvers_(dns), cleaner_(undoing), log_(std::move(notes)) {}

    // Returns the records in the order of the challenges. CAA is asked while they are created; if
    // the CA may not issue, they are removed again. If the client has ended meanwhile, it may have
    // passed its cleanup already: its whole run is undone, with a warning, and no record returned.
    async_result<std::vector<journal::entry>> present(presentation p);

private:
    async_result<void> create_all(presentation const& p, std::vector<journal::entry>& made);
    async_result<void> create_and_ask(presentation const& p, std::vector<journal::entry>& made);

    services::accounts& accounts_;
    journal::store& journal_;
    services::resolvers& resolvers_;
    cleaner& cleaner_;
    log log_;
};

} // namespace acme_dns01::challenge
