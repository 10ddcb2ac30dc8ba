#pragma once

#include "cli/output/resource_report.hpp"
#include "cli/session.hpp"

#include <string>
#include <utility>

namespace acme_dns01::cli {

// Prints a list of zones or records, `what` they are, and whether it is all of them.
template <class T>
void show_list(session& s, digitalocean::page<T> found, std::string const& what) {
    if (s.set().json) {
        s.out().text(json_text(std::move(found)) + "\n");
        return;
    }
    auto const remark = remark_on(found.items.size(), found.total, what);
    s.out().result(lines_for(std::move(found.items), s.out().width()), {});
    if (!remark.empty()) s.out().warning(remark);
}

} // namespace acme_dns01::cli
