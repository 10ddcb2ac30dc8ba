#include "services/account.hpp"

namespace acme_dns01::services {

account::account(
    digitalocean::client& api,
    journal::store& memory,
    std::string id,
    digitalocean::zone_finder::public_zone guess,
    log notes
)
    : api_(api)
    , memory_(memory)
    , id_(std::move(id))
    , log_(std::move(notes))
    , finder_(api, recall(), std::move(guess)) {}

std::optional<dns::zone_list> account::recall() {
    auto found = memory_.zones_of(id_);
    if (!found) {
        log_.warning(found.error().text());
        return std::nullopt;
    }
    if (!found->has_value()) return std::nullopt;
    auto const& remembered = **found;
    auto const age = std::chrono::system_clock::now() - remembered.since;
    auto const limit = remembered.is_complete ? zone_memory : size_memory;
    // An age is negative if the clock was set back.
    if (age.count() < 0 || age > limit) return std::nullopt;
    return remembered;
}

void account::remember() {
    auto const learnt = finder_.learnt();
    if (!learnt || remembered_) return;
    log_.warn_if_failed(memory_.remember_zones(id_, *learnt));
    remembered_ = true;
}

async_result<dns::name>
account::zone_of(dns::name const& fqdn, std::optional<dns::name> public_zone) {
    auto zone = co_await finder_.zone_of(fqdn);
    remember();
    if (zone || zone.error().kind != error_kind::zone_not_found || !public_zone) co_return zone;
    auto failure = zone.error();
    failure.hint = "add the domain " + public_zone->text() +
                   " at DigitalOcean, or use the token of the account that has it";
    co_return failure;
}

void account::look_anew() {
    finder_.distrust_memory();
    remembered_ = false;
}

async_result<dns::name> account::zone_instead_of(
    dns::name const& wrong, dns::name const& fqdn, std::optional<dns::name> public_zone
) {
    finder_.distrust(wrong);
    remembered_ = false;
    log_.warn_if_failed(memory_.forget_zones(id_));
    auto zone = co_await zone_of(fqdn, std::move(public_zone));
    co_return zone;
}

} // namespace acme_dns01::services
