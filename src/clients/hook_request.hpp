#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::clients {

enum class hook_action {
    nothing, // not ours: ignored silently
    present, // create the records and wait for them
    cleanup, // remove them
    finish,  // the run is over: remove whatever it has left
    decline, // a challenge that is not dns-01: the client is to try another one
};

// A value and the name it belongs to, as the client gives them.
struct hook_challenge {
    std::string name;
    std::string value;
    // The name of the TXT record itself, to be taken as it is, instead of the domain to prove.
    bool is_record_name = false;
    friend bool operator==(hook_challenge const&, hook_challenge const&) = default;
};

// A record as the hook has named it to its client.
struct known_record {
    std::string zone;
    std::int64_t id = 0;
    friend bool operator==(known_record const&, known_record const&) = default;
};

// One call of a client's hook.
struct hook_request {
    hook_action action = hook_action::nothing;
    // May be empty: a call about a challenge of another type can still be the last of its order.
    std::vector<hook_challenge> challenges{};
    std::int64_t remaining = 0; // challenges of any type yet to come in this order, where known
    std::string order{};        // differs from one order to the next, where known
    std::optional<known_record> record{}; // the one to remove, where the client knows it
};

} // namespace acme_dns01::clients
