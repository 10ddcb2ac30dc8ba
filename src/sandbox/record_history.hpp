#pragma once

#include "base/clock.hpp"
#include "digitalocean/record.hpp"
#include "dns/name.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace acme_dns01::sandbox {

// When something came or went. Data that exists from the start, or that a test sets up, has the
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

} // namespace acme_dns01::sandbox
