#pragma once

#include "digitalocean/client.hpp"
#include "dns/name.hpp"

#include <map>
#include <optional>
#include <vector>

namespace acme_dns01::digitalocean {

// The zone that holds a name: the longest of `zones` it is within, on whole labels.
std::optional<dns::name> longest_match(dns::name const& fqdn, std::vector<dns::name> const& zones);

// What could hold the name, longest first: the name itself and its parents, without top-level
// domains, which are nobody's zone.
std::vector<dns::name> zone_candidates(dns::name const& fqdn);

// Which zone of the account holds a name. The account decides, not the public DNS: delegations that
// are not made yet, split horizons and wrong SOA answers mislead whoever asks that first.
//
// One listing serves all names of a run. Of an account with more than listing_pages_max pages only
// the first page is read, since a listing carries whole zone files; its zones are then asked for by
// name, longest candidate first, each once.
class zone_finder {
public:
    static constexpr unsigned listing_pages_max = 2;

    // `api` must outlive the finder. `remembered` is a complete listing of a short while ago; it is
    // believed where it holds the name, and made anew before anyone hears that no zone does.
    zone_finder(client& api, std::optional<std::vector<dns::name>> remembered)
        : api_(api), listing_(std::move(remembered)), is_remembered_(listing_.has_value()) {}

    // error_kind::zone_not_found where the account has none.
    awaitable_result<dns::name> zone_of(dns::name const& fqdn);

    // The zone has turned out not to be there: what was remembered is not believed any more.
    void distrust();

    // A complete listing that was read in this run and is worth remembering.
    std::optional<std::vector<dns::name>> fresh_listing() const;

private:
    awaitable_result<bool> read_listing();
    awaitable_result<std::optional<dns::name>> ask_by_name(dns::name const& fqdn);

    client& api_;
    std::optional<std::vector<dns::name>> listing_;
    bool is_remembered_;
    bool is_large_ = false;
    std::int64_t total_ = 0;
    std::map<dns::name, bool> asked_;
};

} // namespace acme_dns01::digitalocean
