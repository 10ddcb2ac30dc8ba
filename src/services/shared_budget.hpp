#pragma once

#include "base/log.hpp"
#include "digitalocean/rate.hpp"
#include "journal/ledger.hpp"

#include <string>

namespace acme_dns01::services {

// The token's budget as all processes of this host know it, through the state folder. A ledger that
// fails is worth one warning and holds nobody up: the API still says no by itself.
class shared_budget : public digitalocean::budget {
public:
    // `account` tells tokens apart and is no secret.
    shared_budget(journal::ledger counts, std::string account, log notes)
        : counts_(std::move(counts)), account_(std::move(account)), log_(std::move(notes)) {}

    std::optional<digitalocean::wall_clock::time_point> take() override;
    void close_until(digitalocean::wall_clock::time_point moment) override;

private:
    void warn(error const& failure);

    journal::ledger counts_;
    std::string account_;
    log log_;
    bool has_failed_ = false;
};

} // namespace acme_dns01::services
