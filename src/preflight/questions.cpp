#include "preflight/questions.hpp"

#include <boost/asio/this_coro.hpp>

namespace acme_dns01::preflight {

namespace {

// For a place. Those in front have a limit each.
deadline no_deadline() { return deadline(clock::time_point::max()); }

// A CA asks its way down from the root. So do we for the names and addresses of servers, too,
// unless a resolver is configured or the root cannot be reached: this host's resolver may have
// zones of its own. The zone above is asked itself, at its servers, which servers it delegates to.
dns::resolver look_ups_from(
    services::resolvers& by, dns::validating_resolver const* library, async_semaphore const& places
) {
    auto const& system = by.caching();
    if (library != nullptr && by.recurses()) {
        // It takes its places by itself.
        auto const ask = [library](dns::question asked, clock::duration patience) {
            return library->whole_answer(std::move(asked), patience);
        };
        return {ask, system.limit_of_one()};
    }
    auto own = system;
    own.take_places(places);
    return own;
}

} // namespace

questions::questions(
    services::resolvers& by, dns::validating_resolver const* library, async_semaphore places
)
    : look_ups_(look_ups_from(by, library, places))
    , validating_(library)
    , places_(std::move(places))
    , port_(by.dns_port())
    , asks_authoritative_(by.asks_authoritative()) {}

boost::asio::awaitable<questions> questions::make(services::resolvers& by) {
    auto const executor = co_await boost::asio::this_coro::executor;
    auto const validating = co_await by.validating();
    if (validating) co_return questions(by, *validating, (*validating)->places());
    constexpr auto at_once_max = dns::validating_resolver::at_once_max;
    questions made(by, nullptr, async_semaphore(executor, at_once_max));
    made.no_validation_ = validating.error();
    co_return made;
}

async_result<dns::message> questions::look_up(dns::question asked) const {
    return look_ups_.look_up(std::move(asked), look_ups_.limit());
}

async_result<dns::message>
questions::ask(dns::endpoint server, dns::question asked, dns::ask_options options) const {
    auto const until = no_deadline();
    auto const place = co_await places_.enter(until);
    options.patience = server_patience;
    auto answer = co_await dns::ask(server, std::move(asked), options);
    co_return answer;
}

boost::asio::awaitable<dns::validated> questions::validate(dns::question asked) const {
    if (validating_ != nullptr) {
        auto answer = co_await validating_->look_up(std::move(asked), resolver_patience);
        co_return answer;
    }
    dns::validated nothing;
    nothing.code = dns::response_code::servfail;
    nothing.found_at = asked.asked;
    nothing.failure = no_validation_.message;
    co_return nothing;
}

} // namespace acme_dns01::preflight
