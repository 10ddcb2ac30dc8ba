#include "sandbox/account.hpp"

#include <algorithm>
#include <stdexcept>

namespace acme_dns01::sandbox {

namespace {

// Longer than any publishing delay somebody may set.
constexpr std::chrono::hours memory{1};

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

held_record& live_record(zone& z, std::int64_t id) {
    auto const found = std::ranges::find_if(z.records, [&](held_record const& held) {
        return held.is_live() && held.record.id == id;
    });
    if (found == z.records.end()) throw std::invalid_argument("no such record");
    return *found;
}

} // namespace

held_record const* zone::find(std::int64_t id) const {
    auto const found = std::ranges::find_if(records, [&](held_record const& held) {
        return held.is_live() && held.record.id == id;
    });
    return found == records.end() ? nullptr : &*found;
}

account::account(std::vector<std::string> name_server_hosts, std::int64_t serial)
    : hosts_(std::move(name_server_hosts)), serial_(serial) {}

zone const* account::find(dns::name const& name) const {
    auto const found =
        std::ranges::find_if(zones_, [&](zone const& z) { return z.is_live() && z.name == name; });
    return found == zones_.end() ? nullptr : &*found;
}

zone& account::live(dns::name const& name) {
    auto const* found = find(name);
    if (found == nullptr) throw std::invalid_argument("no such zone: " + name.text());
    return zones_[static_cast<std::size_t>(found - zones_.data())];
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
    for (auto const& held : z.records) {
        if (held.is_live()) found.push_back(held.record);
    }
    std::ranges::sort(found, {}, &digitalocean::record::id);
    return found;
}

zone const& account::create(
    dns::name const& name, std::optional<std::string> const& ip_address, clock::time_point at
) {
    auto& z = zones_.emplace_back();
    z.name = name;
    z.from = at;
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
    forget_what_is_long_gone(z, at);
    r.id = next_id_++;
    auto owner = owner_of(r, name);
    z.records.push_back({std::move(r), std::move(owner), at, not_yet});
    return z.records.back().record;
}

digitalocean::record account::replace(
    dns::name const& name, std::int64_t id, digitalocean::record r, clock::time_point at
) {
    auto& z = live(name);
    live_record(z, id).until = at;
    r.id = id;
    auto owner = owner_of(r, name);
    z.records.push_back({std::move(r), std::move(owner), at, not_yet});
    return z.records.back().record;
}

void account::remove_record(dns::name const& name, std::int64_t id, clock::time_point at) {
    live_record(live(name), id).until = at;
}

bool account::is_full() const {
    return zones_.size() >= zones_max || std::ranges::any_of(zones_, [](zone const& z) {
               return z.records.size() >= records_max;
           });
}

void account::forget_what_is_long_gone(zone& z, clock::time_point at) {
    if (at == from_the_start) return;
    auto const forgotten =
        std::erase_if(z.records, [&](held_record const& held) { return held.until < at - memory; });
    z.first_serial += 2 * static_cast<std::int64_t>(forgotten);
}

} // namespace acme_dns01::sandbox
