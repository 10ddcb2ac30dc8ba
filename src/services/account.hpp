#pragma once

#include "base/async_result.hpp"
#include "base/log.hpp"
#include "digitalocean/client.hpp"
#include "digitalocean/zones.hpp"
#include "journal/store.hpp"

#include <string>

namespace acme_dns01::services {

// An account for the use cases: its operations, and the zone of a name. The zones are listed at
// most once a run and remembered between processes for zone_memory.
class account {
public:
    static constexpr std::chrono::minutes zone_memory{5};
    // An account with too many zones to list still has too many a day later.
    static constexpr std::chrono::hours size_memory{24};

    // `api` and `memory` must outlive the account. `id` is its name in the journal; `guess` asks
    // the public DNS for a name's zone.
    account(
        digitalocean::client& api,
        journal::store& memory,
        std::string id,
        digitalocean::zone_finder::public_zone guess,
        log notes
    );

    // error_kind::zone_not_found names the domain to add if `public_zone`, the name's zone in the
    // public DNS, is known.
    async_result<dns::name>
    zone_of(dns::name const& fqdn, std::optional<dns::name> public_zone = std::nullopt);

    // Call this if `wrong`, a result of zone_of, does not exist: forgets the zones, in all
    // processes, and looks for the name's zone again.
    async_result<dns::name> zone_instead_of(
        dns::name const& wrong,
        dns::name const& fqdn,
        std::optional<dns::name> public_zone = std::nullopt
    );

    // Forgets the zones that earlier runs have listed, so that zone_of asks the API. That shows
    // whether the token is good.
    void look_anew();

    // Call this after a zone was created or deleted.
    void forget_zones() const { log_.warn_if_failed(memory_.forget_zones(id_)); }

    // For messages: the section of the configuration, empty if the token is not from one; where the
    // token comes from; how it could be kept more safely, empty if it is.
    struct token_origin {
        std::string section{};
        std::string source{};
        std::string warning{};
    };
    token_origin const& origin() const { return origin_; }
    void set_origin(token_origin o) { origin_ = std::move(o); }

    digitalocean::client& api() { return api_; }
    std::string const& id() const { return id_; }

private:
    std::optional<dns::zone_list> recall();
    void remember();

    digitalocean::client& api_;
    journal::store& memory_;
    std::string id_;
    log log_;
    digitalocean::zone_finder finder_;
    bool remembered_ = false;
    token_origin origin_;
};

} // namespace acme_dns01::services
