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

inline certificate::moment
due_of(certificate::lineage const& l, std::chrono::seconds life = std::chrono::days(90)) {
    return certificate::due(l.renewed, {noon, noon + life}).value();
}

// "certbot example.com", or with the failure instead of the name.
inline std::vector<std::string> names_of(std::vector<certificate::lineage> const& all) {
    std::vector<std::string> names;
    for (auto const& l : all)
        names.push_back(l.client + " " + (l.failure ? l.failure->message : l.name));
    return names;
}

// Without the folder before the names of the files in it.
inline std::string below(std::filesystem::path const& folder, std::string text) {
    auto const prefix = folder.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
        text.erase(at, prefix.size());
    return text;
}

inline std::vector<std::string> paths_of(statuses const& all) {
    std::vector<std::string> paths;
    for (auto const& s : all)
        paths.push_back(s.what.path.string());
    std::ranges::sort(paths);
    return paths;
}

} // namespace acme_dns01::test
