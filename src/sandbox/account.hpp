#pragma once

#include "base/clock.hpp"
#include "digitalocean/record.hpp"
#include "dns/name.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::sandbox {

// The moments of changes. Data that exists from the start, or that a test sets up, has the
// earliest moment, so that no publishing delay hides it.
constexpr clock::time_point from_the_start = clock::time_point::min();
constexpr clock::time_point not_yet = clock::time_point::max();

// A record and the time it existed, `from` included and `until` not. A change ends one and begins
// another with the same id, so that name servers can show any moment of the past.
struct held_record {
    digitalocean::record record;
    dns::name owner;
    clock::time_point from = from_the_start;
    clock::time_point until = not_yet;

    bool is_live() const { return until == not_yet; }
    bool was_live(clock::time_point at) const { return from <= at && at < until; }
};

// All records of a zone, including deleted ones, indexed by id and by owner because a zone may have
// tens of thousands. Pointers to records are valid until the next change.
class record_history {
public:
    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }
    std::size_t size() const { return all_.size(); }

    // Null if no live record has the id.
    held_record const* find(std::int64_t id) const;
    // Ordered by id.
    std::vector<held_record const*> live() const;
    // Including deleted ones.
    std::vector<held_record const*> at(dns::name const& owner) const;

    held_record const& add(held_record held);
    // A live record must have the id.
    void end_record(std::int64_t id, clock::time_point at);
    // Drops the records that ended before this; returns how many.
    std::size_t forget(clock::time_point before);

private:
    void index(std::size_t position);

    std::vector<held_record> all_;
    std::map<std::int64_t, std::size_t> live_; // positions in all_
    std::map<dns::name, std::vector<std::size_t>> by_owner_;
};

struct zone {
    dns::name name;
    std::int64_t ttl = 1800;
    // The serial number is this plus the number of changes.
    std::int64_t first_serial = 0;
    clock::time_point from = from_the_start;
    clock::time_point until = not_yet;
    record_history records{};

    bool is_live() const { return until == not_yet; }
    bool was_live(clock::time_point at) const { return from <= at && at < until; }
};

// A customer's zones and their records. Deleted ones are kept for as long as a name server may
// still show them. Record ids start at 28448429, as in DigitalOcean's published examples.
class account {
public:
    static constexpr std::size_t zones_max = 10'000;
    static constexpr std::size_t records_max = 100'000; // in a zone, including deleted ones

    account(std::vector<std::string> name_server_hosts, std::int64_t serial);
    account(account const&) = delete;
    account& operator=(account const&) = delete;

    zone const* find(dns::name const& name) const;
    // In the order of their creation.
    std::vector<zone const*> zones() const;
    // Ordered by id.
    std::vector<digitalocean::record> records(zone const& z) const;
    std::deque<zone> const& past_and_present() const { return zones_; }
    // Including deleted ones: a zone may be removed and created again.
    std::vector<zone const*> zones_called(dns::name const& name) const;
    std::string const& first_host() const { return hosts_.front(); }

    // Creates NS records too and, if there is an address, an A or AAAA record. The name must be
    // free.
    zone const& create(
        dns::name const& name, std::optional<std::string> const& ip_address, clock::time_point at
    );
    void remove(dns::name const& name, clock::time_point at);

    // The zone and the id must exist. Returns the record as stored.
    digitalocean::record add(dns::name const& name, digitalocean::record r, clock::time_point at);
    digitalocean::record
    replace(dns::name const& name, std::int64_t id, digitalocean::record r, clock::time_point at);
    void remove_record(dns::name const& name, std::int64_t id, clock::time_point at);
    bool is_full() const;

private:
    zone& live(dns::name const& name);
    void forget_old_records(zone& z, clock::time_point at);

    std::vector<std::string> hosts_;
    std::int64_t serial_;
    std::int64_t next_id_ = 28448429;
    std::deque<zone> zones_;
    std::multimap<dns::name, zone*> by_name_;
};

} // namespace acme_dns01::sandbox
