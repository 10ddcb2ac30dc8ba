#include "services/resolvers.hpp"

#include "base/file.hpp"

#include <system_error>

namespace acme_dns01::services {

namespace {

// A look-up before a record is created is not worth a longer wait.
constexpr std::chrono::seconds look_up_limit{3};

// Root servers are anycast from some 2,000 sites; 3 s is generous.
constexpr std::chrono::seconds root_patience{3};

std::vector<dns::endpoint> system_resolvers() {
    constexpr std::size_t size_max = 1024UL * 1024UL;
    std::error_code ignored; // without the file libc asks 127.0.0.1, and so does an empty text
    return dns::parse_resolv_conf(text_of_file("/etc/resolv.conf", size_max, ignored));
}

} // namespace

std::vector<dns::endpoint> resolvers::addresses() const {
    return settings_.configured.empty() ? system_resolvers() : settings_.configured;
}

dns::resolver const& resolvers::caching() {
    if (!caching_) caching_.emplace(addresses(), look_up_limit);
    return *caching_;
}

async_result<dns::validating_resolver const*> resolvers::validating() {
    if (validating_) co_return &*validating_->resolver;
    dns::validating_settings wanted;
    wanted.forward_to = settings_.configured;
    wanted.trust_anchor_file = settings_.trust_anchor;
    auto found = co_await dns::find_resolver(executor_, wanted, system_resolvers(), root_patience);
    if (!found) co_return found.error();
    validating_.emplace(std::move(*found));
    co_return &*validating_->resolver;
}

} // namespace acme_dns01::services
