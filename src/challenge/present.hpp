#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "challenge/cleanup.hpp"
#include "challenge/create.hpp"
#include "challenge/owner.hpp"
#include "journal/store.hpp"
#include "services/accounts.hpp"
#include "services/resolvers.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace acme_dns01::challenge {

// Asks whether the CA may issue for these challenges, each of them: error_kind::caa_forbidden if it
// may not.
using caa_question =
    std::function<boost::asio::awaitable<std::vector<result<void>>>(std::vector<dns01> challenges)>;

// The request of one call, of `present` or any client's hook.
struct presentation {
    std::vector<dns01> challenges;
    journal::run owner;
    std::int64_t remaining = 0;               // challenges of the order that follow
    std::int64_t ttl = 30;                    // seconds
    caa_question ask_caa{};                   // empty: CAA is not asked
    std::function<bool()> client_has_ended{}; // empty: no client to watch
    bool undoes_failures = false;             // no cleanup will follow a failure
    bool goes_on = false; // the client asks the CA about the other challenges after a failure
};

struct presented {
    std::vector<journal::entry> made; // in the order of the challenges
    std::vector<error> failures;
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

    // Creates all of them side by side; a failure does not stop the others. CAA is asked while they
    // are created: if the CA may not issue for one of them, none stays, or only the others' stay if
    // the client goes on. Without a token, and for a client that does not go on if an alias cannot
    // be followed, nothing is created. If the client has ended meanwhile, it may have passed its
    // cleanup already: its whole run is undone, with a warning, and no record returned.
    boost::asio::awaitable<presented> present(presentation p);

private:
    using creations = std::vector<result<journal::entry>>;
    using permissions = std::vector<result<void>>;
    struct chosen_account {
        explicit chosen_account(creator c) : by(std::move(c)) {}
        creator by;
        std::optional<error> why_closed; // no record can be created in it
    };
    using chosen_accounts = std::map<services::account*, chosen_account>;

    async_result<journal::entry>
    create(presentation const& p, dns01 const& c, chosen_accounts& all);
    boost::asio::awaitable<void> find_zones(presentation const& p, chosen_accounts& all);
    boost::asio::awaitable<creations> create_all(presentation const& p);
    boost::asio::awaitable<permissions> ask(presentation const& p);
    boost::asio::awaitable<void> create_and_ask(presentation const& p, presented& all);
    boost::asio::awaitable<void> undo_all(presentation const& p, presented& all);
    boost::asio::awaitable<bool> undo_if_client_ended(presentation const& p, presented& all);

    services::accounts& accounts_;
    journal::store& journal_;
    services::resolvers& resolvers_;
    cleaner& cleaner_;
    log log_;
};

} // namespace acme_dns01::challenge
