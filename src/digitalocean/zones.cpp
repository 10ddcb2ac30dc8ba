#include "digitalocean/zones.hpp"

#include "base/text.hpp"

namespace acme_dns01::digitalocean {

namespace {

error no_zone(dns::name const& fqdn, std::int64_t total) {
    auto const count = counted(static_cast<std::size_t>(total), "zone");
    return {
        .kind = error_kind::zone_not_found,
        .message =
            "no zone of the DigitalOcean account holds " + fqdn.text() + " (it has " + count + ")",
        .hint = "add the domain at DigitalOcean, or use the token of the account that has it",
    };
}

} // namespace

std::optional<dns::name> longest_match(dns::name const& fqdn, std::vector<dns::name> const& zones) {
    std::optional<dns::name> best;
    for (auto const& zone : zones) {
        if (!fqdn.is_within(zone)) continue;
        if (!best || zone.label_count() > best->label_count()) best = zone;
    }
    return best;
}

std::vector<dns::name> zone_candidates(dns::name const& fqdn) {
    auto candidates = fqdn.climb();
    if (!candidates.empty()) candidates.pop_back();
    return candidates;
}

awaitable_result<dns::name> zone_finder::zone_of(dns::name const& fqdn) {
    if (listing_ && is_remembered_) {
        if (auto const zone = longest_match(fqdn, *listing_)) co_return *zone;
    }
    if (!is_large_ && (!listing_ || is_remembered_)) {
        auto const read = co_await read_listing();
        if (!read) co_return read.error();
    }
    std::optional<dns::name> zone;
    if (is_large_) {
        auto const asked = co_await ask_by_name(fqdn);
        if (!asked) co_return asked.error();
        zone = *asked;
    } else {
        zone = longest_match(fqdn, *listing_);
    }
    if (!zone) co_return no_zone(fqdn, total_);
    co_return *zone;
}

awaitable_result<bool> zone_finder::read_listing() {
    std::vector<dns::name> zones;
    listing_.reset();
    is_remembered_ = false;
    for (unsigned number = 1; number <= listing_pages_max; ++number) {
        auto const page = co_await api_.list_domains(number);
        if (!page) co_return page.error();
        total_ = page->total;
        for (auto const& item : page->items) {
            // A zone whose name we cannot read holds none of our names.
            auto const zone = dns::name::parse(item.name);
            if (!zone) continue;
            zones.push_back(*zone);
            asked_[*zone] = true;
        }
        if (page->is_last) {
            listing_ = std::move(zones);
            co_return true;
        }
        is_large_ = page->total > std::int64_t(listing_pages_max) * client::per_page_max;
        if (is_large_) co_return true;
    }
    is_large_ = true;
    co_return true;
}

awaitable_result<std::optional<dns::name>> zone_finder::ask_by_name(dns::name const& fqdn) {
    for (auto const& candidate : zone_candidates(fqdn)) {
        auto const known = asked_.find(candidate);
        if (known == asked_.end()) {
            auto const found = co_await api_.find_domain(candidate);
            if (!found) co_return found.error();
            asked_[candidate] = found->has_value();
        }
        if (asked_.at(candidate)) co_return candidate;
    }
    co_return std::optional<dns::name>();
}

void zone_finder::distrust() {
    listing_.reset();
    is_remembered_ = false;
    is_large_ = false;
    asked_.clear();
}

std::optional<std::vector<dns::name>> zone_finder::fresh_listing() const {
    if (is_remembered_) return std::nullopt;
    return listing_;
}

} // namespace acme_dns01::digitalocean
