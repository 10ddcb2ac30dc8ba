#pragma once

#include "base/clock.hpp"
#include "digitalocean/record.hpp"
#include "dns/name.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace acme_dns01::sandbox {

// When something came or went. What was there from the start, or is set up by a test, has the
// earliest moment, so that no publishing delay hides it.
constexpr clock::time_point from_the_start = clock::time_point::min();
constexpr clock::time_point not_yet = clock::time_point::max();

// A record and its time, `from` included and `until` not: a change ends one and begins another of
// the same id, so that name servers can show any moment of the past.
struct held_record {
    digitalocean::record record;
    dns::name owner;
    clock::time_point from = from_the_start;
    clock::time_point until = not_yet;

    bool is_live() const { return until == not_yet; }
    bool was_live(clock::time_point at) const { return from <= at && at < until; }
};

// All records of a zone, those gone included, with what it takes to find one among tens of
// thousands without a look at the others. Pointers to records last until the next change.
class record_history {
public:
    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }
    std::size_t size() const { return all_.size(); }

    // Nothing where no live record has the id.
    held_record const* find(std::int64_t id) const;
    // By id.
    std::vector<held_record const*> live() const;
    // Those gone included.
    std::vector<held_record const*> at(dns::name const& owner) const;

    held_record const& add(held_record held);
    // A live record has the id.
    void end_record(std::int64_t id, clock::time_point at);
    // Of those that ended before this; how many there were.
    std::size_t forget(clock::time_point before);

private:
    void index(std::size_t position);

    std::vector<held_record> all_;
    std::map<std::int64_t, std::size_t> live_; // positions in all_
    std::map<dns::name, std::vector<std::size_t>> by_owner_;
};

} // namespace acme_dns01::sandbox
