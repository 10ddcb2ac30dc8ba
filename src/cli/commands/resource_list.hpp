#pragma once

#include "cli/commands/invocation.hpp"
#include "cli/output/resource_report.hpp"

#include <string>
#include <utility>

namespace acme_dns01::cli {

// Prints a list of zones or records, `what` they are, and whether it is all of them.
template <class T>
void show_list(invocation& call, digitalocean::page<T> found, std::string const& what) {
    if (call.set.json) {
        call.out.text(json_text(std::move(found)) + "\n");
        return;
    }
    auto const remark = remark_on(found.items.size(), found.total, what);
    call.out.result(lines_for(std::move(found.items), call.out.width()), {});
    if (!remark.empty()) call.out.warning(remark);
}

} // namespace acme_dns01::cli
