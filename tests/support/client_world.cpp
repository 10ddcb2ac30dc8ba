#include "support/client_world.hpp"

#include <mutex>

namespace acme_dns01::test {

std::unique_ptr<client_world> new_world(sandbox::options const& o) {
    static std::mutex one_at_a_time;
    std::lock_guard const lock(one_at_a_time);
    return std::make_unique<client_world>(o);
}

} // namespace acme_dns01::test
