#pragma once

#include "certificate/places.hpp"
#include "certificate/status.hpp"
#include "support/test_ca.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace acme_dns01::test {

// Certificates as they are seen some time after noon.

using statuses = std::vector<certificate::status>;

inline statuses look_at(
    std::vector<certificate::lineage> all,
    std::chrono::seconds age,
    certificate::starters const& by = {}
) {
    certificate::inspector look(noon + age, by);
    statuses found;
    for (auto& l : all)
        found.push_back(look.inspect(std::move(l)));
    return certificate::sorted_by_urgency(std::move(found));
}

inline statuses
look_at(std::filesystem::path const& place, std::chrono::seconds age = std::chrono::days(1)) {
    return look_at(certificate::named_places().at(place), age);
}

// "ok", or "broken: <why>" where that is the only certificate.
inline std::string told(statuses const& all) {
    if (all.size() != 1) return std::to_string(all.size()) + " certificates";
    auto const is = std::string(to_string(all[0].is));
    return all[0].is == certificate::state::broken ? is + ": " + all[0].reason : is;
}

inline std::vector<std::string> paths_of(statuses const& all) {
    std::vector<std::string> paths;
    for (auto const& s : all)
        paths.push_back(s.what.path.string());
    std::ranges::sort(paths);
    return paths;
}

} // namespace acme_dns01::test
