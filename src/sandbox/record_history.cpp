#include "sandbox/record_history.hpp"

#include <utility>

namespace acme_dns01::sandbox {

held_record const* record_history::find(std::int64_t id) const {
    auto const found = live_.find(id);
    return found == live_.end() ? nullptr : &all_[found->second];
}

std::vector<held_record const*> record_history::live() const {
    std::vector<held_record const*> found;
    found.reserve(live_.size());
    for (auto const& [id, position] : live_)
        found.push_back(&all_[position]);
    return found;
}

std::vector<held_record const*> record_history::at(dns::name const& owner) const {
    std::vector<held_record const*> found;
    auto const here = by_owner_.find(owner);
    if (here == by_owner_.end()) return found;
    for (auto const position : here->second)
        found.push_back(&all_[position]);
    return found;
}

held_record const& record_history::add(held_record held) {
    all_.push_back(std::move(held));
    index(all_.size() - 1);
    return all_.back();
}

void record_history::end_record(std::int64_t id, clock::time_point at) {
    auto const found = live_.find(id);
    all_[found->second].until = at;
    live_.erase(found);
}

std::size_t record_history::forget(clock::time_point before) {
    auto const forgotten =
        std::erase_if(all_, [&](held_record const& held) { return held.until < before; });
    if (forgotten == 0) return 0;
    live_.clear();
    by_owner_.clear();
    for (std::size_t i = 0; i < all_.size(); ++i)
        index(i);
    return forgotten;
}

void record_history::index(std::size_t position) {
    auto const& held = all_[position];
    if (held.is_live()) live_[held.record.id] = position;
    by_owner_[held.owner].push_back(position);
}

} // namespace acme_dns01::sandbox
