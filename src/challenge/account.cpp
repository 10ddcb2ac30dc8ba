#include "challenge/account.hpp"

namespace acme_dns01::challenge {

account::account(digitalocean::client& api, journal::journal& memory, std::string id, log notes)
    : api_(api)
    , memory_(memory)
    , id_(std::move(id))
    , log_(std::move(notes))
    , finder_(api, recall()) {}

std::optional<std::vector<dns::name>> account::recall() {
    auto found = memory_.zones_of(id_);
    if (!found) {
        log_.warning(found.error().text());
        return std::nullopt;
    }
    if (!found->has_value()) return std::nullopt;
    auto const age = std::chrono::system_clock::now() - (*found)->since;
    // A clock that was set back makes ages negative: not to be believed either.
    if (age.count() < 0 || age > zone_memory) return std::nullopt;
    return std::move((*found)->zones);
}

void account::remember() {
    auto const listing = finder_.fresh_listing();
    if (!listing || remembered_) return;
    log_.warn_if_failed(memory_.remember_zones(id_, *listing));
    remembered_ = true;
}

digitalocean::awaitable_result<dns::name> account::zone_of(dns::name const& fqdn) {
    auto zone = co_await finder_.zone_of(fqdn);
    remember();
    co_return zone;
}

void account::distrust_zones() {
    finder_.distrust();
    remembered_ = false;
    log_.warn_if_failed(memory_.forget_zones(id_));
}

} // namespace acme_dns01::challenge
