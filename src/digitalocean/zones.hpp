#pragma once

#include "base/async_result.hpp"
#include "digitalocean/client.hpp"
#include "dns/name.hpp"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace acme_dns01::digitalocean {

// The zone that holds a name: the longest of `zones` it is within, on whole labels.
std::optional<dns::name> longest_match(dns::name const& fqdn, std::vector<dns::name> const& zones);

// What could hold the name, longest first: the name itself and its parents, without top-level
// domains, which are nobody's zone.
std::vector<dns::name> zone_candidates(dns::name const& fqdn);

// What an earlier run of a short while ago has found out about the account's zones.
struct zone_knowledge {
    bool is_large = false;        // more zones than are worth listing
    std::vector<dns::name> zones; // all of them, unless the account is large
};

// Which zone of the account holds a name. The account decides, not the public DNS: delegations that
// are not made yet, split horizons and wrong SOA answers mislead whoever asks that first.
//
// One listing serves all names of a run. Of an account with more than listing_pages_max pages only
// the first page is read, since a listing carries whole zone files. For a name of such an account
// the public DNS is believed for a first guess, which costs the API nothing; the request that uses
// the zone shows whether it is right. Without a guess, and after a wrong one, zones are asked for
// by name, longest candidate first, each once.
class zone_finder {
public:
    static constexpr unsigned listing_pages_max = 2;

    // Nothing where the public DNS does not tell.
    using public_zone =
        std::function<boost::asio::awaitable<std::optional<dns::name>>(dns::name fqdn)>;

    // `api` must outlive the finder. What is remembered is believed where it holds the name, and
    // found out anew before anyone hears that no zone does.
    zone_finder(client& api, std::optional<zone_knowledge> remembered, public_zone guess);

    // error_kind::zone_not_found where the account has none.
    async_result<dns::name> zone_of(dns::name const& fqdn);

    // The zone has turned out not to be there: what was remembered is not believed any more, nor is
    // the public DNS where it names this zone.
    void distrust(dns::name const& zone);

    // What was remembered is not believed: the account is asked anew.
    void distrust_memory();

    // What was found out in this run and is worth remembering.
    std::optional<zone_knowledge> fresh_knowledge() const;

private:
    async_result<bool> read_listing();
    async_result<std::optional<dns::name>> zone_in_large_account(dns::name const& fqdn);
    async_result<bool> has_zone(dns::name const& candidate);

    client& api_;
    public_zone guess_;
    std::optional<std::vector<dns::name>> listing_;
    bool is_large_ = false;
    bool is_remembered_ = false;
    std::optional<std::int64_t> total_;
    std::map<dns::name, bool> asked_;
};

} // namespace acme_dns01::digitalocean
