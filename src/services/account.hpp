#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "digitalocean/client.hpp"
#include "digitalocean/zones.hpp"
#include "journal/store.hpp"

#include <string>

namespace acme_dns01::services {

// The account as the use cases see it: its operations, and which of its zones holds a name, learnt
// at most once a run and remembered between processes for as long as zone_memory.
class account {
public:
    static constexpr std::chrono::minutes zone_memory{5};

    // An account with more zones than are worth listing does not lose them in a day.
    static constexpr std::chrono::hours size_memory{24};

    // `api` and `memory` must outlive the account. `id` tells it from others in the journal;
    // `guess` is what the public DNS thinks of a name's zone.
    account(
        digitalocean::client& api,
        journal::store& memory,
        std::string id,
        digitalocean::zone_finder::public_zone guess,
        log notes
    );

    // error_kind::zone_not_found names the domain that would have to be there: `public_zone`, the
    // zone that the public DNS has for the name, where that is known.
    async_result<dns::name>
    zone_of(dns::name const& fqdn, std::optional<dns::name> public_zone = std::nullopt);

    // For a zone that zone_of returned and that turned out not to be there: forgets what was
    // remembered, in the journal too, and looks for the name's zone anew.
    async_result<dns::name> zone_instead_of(
        dns::name const& wrong,
        dns::name const& fqdn,
        std::optional<dns::name> public_zone = std::nullopt
    );

    // What earlier runs have learnt is learnt anew: a look at the zones as they are now, which
    // shows whether the token is good.
    void look_anew();

    // A zone came or went: what was remembered between processes is forgotten.
    void forget_zones() const { log_.warn_if_failed(memory_.forget_zones(id_)); }

    digitalocean::client& api() { return api_; }
    std::string const& id() const { return id_; }

private:
    std::optional<digitalocean::zone_knowledge> recall();
    void remember();

    digitalocean::client& api_;
    journal::store& memory_;
    std::string id_;
    log log_;
    digitalocean::zone_finder finder_;
    bool remembered_ = false;
};

} // namespace acme_dns01::services
