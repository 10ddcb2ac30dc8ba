#include "sandbox/account.hpp"

#include <algorithm>
#include <stdexcept>

namespace acme_dns01::sandbox {

namespace {

// The longest publishing delay that can be set.
constexpr std::chrono::hours history_kept{1};

digitalocean::record apex_record(std::string_view type, std::string_view data, std::int64_t ttl) {
    digitalocean::record r;
    r.type = type;
    r.name = "@";
    r.data = data;
    r.ttl = ttl;
    return r;
}

dns::name owner_of(digitalocean::record const& r, dns::name const& zone_name) {
    return dns::absolute_name(r.name, zone_name).value();
}

// Throws std::invalid_argument if there is no such record.
void end_record(zone& z, std::int64_t id, clock::time_point at) {
    if (z.records.find(id) == nullptr) throw std::invalid_argument("no such record");
    z.records.end_record(id, at);
}

} // namespace

account::account(std::vector<std::string> name_server_hosts, std::int64_t serial)
    : hosts_(std::move(name_server_hosts)), serial_(serial) {}

zone const* account::find(dns::name const& name) const {
    for (auto const* z : zones_called(name)) {
        if (z->is_live()) return z;
    }
    return nullptr;
}

std::vector<zone const*> account::zones_called(dns::name const& name) const {
    std::vector<zone const*> found;
    auto const [first, last] = by_name_.equal_range(name);
    for (auto at = first; at != last; ++at)
        found.push_back(at->second);
    return found;
}

zone& account::live(dns::name const& name) {
    auto const [first, last] = by_name_.equal_range(name);
    auto const found =
        std::find_if(first, last, [](auto const& entry) { return entry.second->is_live(); });
    if (found == last) throw std::invalid_argument("no such zone: " + name.text());
    return *found->second;
}

std::vector<zone const*> account::zones() const {
    std::vector<zone const*> found;
    for (auto const& z : zones_) {
        if (z.is_live()) found.push_back(&z);
    }
    return found;
}

std::vector<digitalocean::record> account::records(zone const& z) const {
    std::vector<digitalocean::record> found;
    for (auto const* held : z.records.live())
        found.push_back(held->record);
    return found;
}

zone const& account::create(
    dns::name const& name, std::optional<std::string> const& ip_address, clock::time_point at
) {
    auto& z = zones_.emplace_back();
    z.name = name;
    z.from = at;
    by_name_.emplace(name, &z);
    for (auto const& host : hosts_)
        add(name, apex_record("NS", host, z.ttl), at);
    if (ip_address) {
        auto const* type = ip_address->find(":") != std::string::npos ? "AAAA" : "A";
        add(name, apex_record(type, *ip_address, z.ttl), at);
    }
    z.first_serial = serial_ - static_cast<std::int64_t>(z.records.size());
    return z;
}

void account::remove(dns::name const& name, clock::time_point at) { live(name).until = at; }

digitalocean::record
account::add(dns::name const& name, digitalocean::record r, clock::time_point at) {
    auto& z = live(name);
    forget_old_records(z, at);
    r.id = next_id_++;
    auto owner = owner_of(r, name);
    return z.records.add({std::move(r), std::move(owner), at, not_yet}).record;
}

digitalocean::record account::replace(
    dns::name const& name, std::int64_t id, digitalocean::record r, clock::time_point at
) {
    auto& z = live(name);
    end_record(z, id, at);
    r.id = id;
    auto owner = owner_of(r, name);
    return z.records.add({std::move(r), std::move(owner), at, not_yet}).record;
}

void account::remove_record(dns::name const& name, std::int64_t id, clock::time_point at) {
    end_record(live(name), id, at);
}

bool account::is_full() const {
    return zones_.size() >= zones_max || std::ranges::any_of(zones_, [](zone const& z) {
               return z.records.size() >= records_max;
           });
}

void account::forget_old_records(zone& z, clock::time_point at) {
    if (at == from_the_start) return;
    z.first_serial += 2 * static_cast<std::int64_t>(z.records.forget(at - history_kept));
}

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
