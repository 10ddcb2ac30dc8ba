#pragma once

namespace acme_dns01::cli {

// How to tell what there is to tell.
struct manner {
    bool json = false;
    bool quiet = false;
    bool verbose = false;
};

} // namespace acme_dns01::cli
