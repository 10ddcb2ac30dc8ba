#pragma once

#include "base/log.hpp"
#include "digitalocean/client.hpp"
#include "digitalocean/zones.hpp"
#include "journal/journal.hpp"

#include <string>

namespace acme_dns01::challenge {

// The account as the use cases see it: its operations, and which of its zones holds a name, learnt
// at most once a run and remembered between processes for as long as zone_memory.
class account {
public:
    static constexpr std::chrono::minutes zone_memory{5};

    // `api` and `memory` must outlive the account. `id` tells it from others in the journal.
    account(digitalocean::client& api, journal::journal& memory, std::string id, log notes);

    digitalocean::awaitable_result<dns::name> zone_of(dns::name const& fqdn);

    // The zone is not there after all: what was remembered is forgotten, everywhere.
    void distrust_zones();

    digitalocean::client& api() { return api_; }

private:
    std::optional<std::vector<dns::name>> recall();
    void remember();

    digitalocean::client& api_;
    journal::journal& memory_;
    std::string id_;
    log log_;
    digitalocean::zone_finder finder_;
    bool remembered_ = false;
};

} // namespace acme_dns01::challenge
