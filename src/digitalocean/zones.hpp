#pragma once

#include "base/async_result.hpp"
#include "base/semaphore.hpp"
#include "digitalocean/client.hpp"
#include "dns/name.hpp"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace acme_dns01::digitalocean {

// The zone that contains a name: the longest of `zones` it is within, on whole labels.
std::optional<dns::name> longest_match(dns::name const& fqdn, std::vector<dns::name> const& zones);

// The zones that could contain the name, longest first: the name itself and its parents. Top-level
// domains are left out: no account has one.
std::vector<dns::name> zone_candidates(dns::name const& fqdn);

// Finds the zone of the account that contains a name. The account decides, not the public DNS,
// which misleads where a delegation does not exist yet, where DNS is split-horizon, and where a
// server answers with a wrong SOA.
//
// One listing serves all names of a run. If the account has more than listing_pages_max pages, only
// the first page is read, since a listing contains whole zone files. For a name of such an account
// the public DNS makes a first guess, which costs no request; the request that uses the zone shows
// whether the guess was right. Without a guess, and after a wrong one, zones are asked for by name,
// longest candidate first, each once.
//
// Names may be looked for side by side: those that need the same answer wait for one request.
class zone_finder {
public:
    static constexpr unsigned listing_pages_max = 2;

    // Empty if the public DNS has no answer.
    using public_zone =
        std::function<boost::asio::awaitable<std::optional<dns::name>>(dns::name fqdn)>;

    // `api` must outlive the finder. `remembered` is what an earlier run has learnt. It is trusted
    // if it contains the name; before a name is reported to have no zone, the account is asked.
    zone_finder(client& api, std::optional<dns::zone_list> remembered, public_zone guess);

    // error_kind::zone_not_found if the account has none.
    async_result<dns::name> zone_of(dns::name const& fqdn);

    // The zone does not exist after all: the remembered zones are no longer trusted, nor is the
    // public DNS if it names this zone.
    void distrust(dns::name const& zone);

    // The remembered zones are no longer trusted: the account is asked again.
    void distrust_memory();

    // The zones that this run has learnt, to be remembered; empty if it has learnt nothing new.
    std::optional<dns::zone_list> learnt() const;

private:
    bool is_large() const { return known_ && !known_->is_complete; }
    // A remembered listing may lack the newest zones: it proves that a zone exists, not that none
    // does.
    bool may_lack_zones() const { return is_remembered_ && !is_large(); }
    async_result<void> make_listing_certain();
    async_result<void> read_listing();
    void add_zones(std::vector<domain> const& page, std::vector<dns::name>& zones);
    async_result<std::optional<dns::name>> zone_in_large_account(dns::name const& fqdn);
    async_result<bool> has_zone(dns::name const& candidate);

    client& api_;
    public_zone guess_;
    std::optional<dns::zone_list> known_;
    bool is_remembered_ = false;
    std::optional<std::int64_t> total_;
    std::map<dns::name, bool> asked_;
    async_semaphore turns_;             // of requests
    std::optional<error> last_failure_; // of the listing, for those that waited for it
    unsigned listings_ = 0;
};

} // namespace acme_dns01::digitalocean
