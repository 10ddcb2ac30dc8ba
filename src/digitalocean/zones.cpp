#include "digitalocean/zones.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::digitalocean {

namespace {

// Those before in the queue end by the deadline of their requests.
deadline const no_limit(clock::time_point::max());

error no_zone(dns::name const& fqdn, std::optional<std::int64_t> total) {
    auto const has =
        total ? " (the account has " + counted(static_cast<std::size_t>(*total), "zone") + ")" : "";
    return {
        .kind = error_kind::zone_not_found,
        .message = "no zone in the DigitalOcean account contains " + fqdn.text() + has,
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

zone_finder::zone_finder(client& api, std::optional<dns::zone_list> remembered, public_zone guess)
    : api_(api)
    , guess_(std::move(guess))
    , known_(std::move(remembered))
    , is_remembered_(known_.has_value())
    , turns_(api.executor(), 1) {}

async_result<dns::name> zone_finder::zone_of(dns::name const& fqdn) {
    if (may_lack_zones()) {
        if (auto const zone = longest_match(fqdn, known_->zones)) co_return *zone;
    }
    auto const certain = co_await make_listing_certain();
    if (!certain) co_return certain.error();
    auto zone = longest_match(fqdn, known_->zones);
    if (is_large()) {
        auto const found = co_await zone_in_large_account(fqdn);
        if (!found) co_return found.error();
        zone = *found;
    }
    if (!zone) co_return no_zone(fqdn, total_);
    co_return *zone;
}

// One that waited while another read the listing takes its outcome, a failure as well.
async_result<void> zone_finder::make_listing_certain() {
    auto const before = listings_;
    auto const turn = co_await turns_.enter(no_limit);
    if (known_ && !may_lack_zones()) co_return result<void>();
    if (listings_ != before && last_failure_) co_return *last_failure_;
    auto const read = co_await read_listing();
    ++listings_;
    last_failure_.reset();
    if (!read) last_failure_ = read.error();
    co_return read;
}

async_result<void> zone_finder::read_listing() {
    distrust_memory();
    auto const now = std::chrono::system_clock::now();
    dns::zone_list listed{{}, true, now};
    for (unsigned number = 1; number <= listing_pages_max; ++number) {
        page_request const wanted{number, per_page_max};
        auto const page = co_await api_.list_domains(wanted);
        // Two hundred zone files may be more than is read of one answer.
        auto const is_too_large = !page && page.error().kind == error_kind::too_large;
        if (is_too_large) break;
        if (!page) co_return page.error();
        total_ = page->total;
        add_zones(page->items, listed.zones);
        if (page->is_last) {
            known_ = std::move(listed);
            co_return result<void>();
        }
        if (page->total > std::int64_t(listing_pages_max) * per_page_max) break;
    }
    known_ = dns::zone_list{{}, false, now};
    co_return result<void>();
}

void zone_finder::add_zones(std::vector<domain> const& page, std::vector<dns::name>& zones) {
    for (auto const& item : page) {
        // A zone whose name we cannot read contains none of our names.
        auto const zone = dns::name::parse(item.name);
        if (!zone) continue;
        zones.push_back(*zone);
        asked_[*zone] = true;
    }
}

async_result<bool> zone_finder::has_zone(dns::name const& candidate) {
    auto const turn = co_await turns_.enter(no_limit);
    auto const known = asked_.find(candidate);
    if (known != asked_.end()) co_return known->second;
    auto const found = co_await api_.retrieve_domain(candidate);
    auto const is_missing = !found && found.error().kind == error_kind::not_found;
    if (!found && !is_missing) co_return found.error();
    asked_[candidate] = found.has_value();
    co_return found.has_value();
}

async_result<std::optional<dns::name>> zone_finder::zone_in_large_account(dns::name const& fqdn) {
    auto const candidates = zone_candidates(fqdn);
    auto const guess = co_await guess_(fqdn);
    if (guess && std::ranges::count(candidates, *guess) > 0) {
        auto const known = asked_.find(*guess);
        if (known == asked_.end() || known->second) co_return guess;
    }
    for (auto const& candidate : candidates) {
        auto const has = co_await has_zone(candidate);
        if (!has) co_return has.error();
        if (*has) co_return candidate;
    }
    co_return std::optional<dns::name>();
}

// A listing that was read since and lacks the zone is kept.
void zone_finder::distrust(dns::name const& zone) {
    auto const has_zone = known_ && std::ranges::count(known_->zones, zone) > 0;
    if (has_zone || may_lack_zones()) known_.reset();
    is_remembered_ = false;
    asked_[zone] = false;
}

void zone_finder::distrust_memory() {
    is_remembered_ = false;
    known_.reset();
}

std::optional<dns::zone_list> zone_finder::learnt() const {
    if (is_remembered_) return std::nullopt;
    return known_;
}

} // namespace acme_dns01::digitalocean
