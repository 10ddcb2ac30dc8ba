#include "dns/reachable_resolver.hpp"

#include "base/text.hpp"

#include <utility>

namespace acme_dns01::dns {

namespace asio = boost::asio;

namespace {

// A resolver of one's own network has answered by then.
constexpr std::chrono::seconds resolver_patience{3};

std::string list_of(std::vector<endpoint> const& servers) {
    std::vector<std::string> texts;
    for (auto const& server : servers)
        texts.push_back(to_string(server));
    return joined(texts, ", ");
}

error nobody_answers(std::vector<endpoint> const& asked) {
    auto const others = asked.empty()
                            ? std::string("the system has no resolvers")
                            : "the system's resolvers (" + list_of(asked) + ") do not answer";
    return {
        .kind = error_kind::dns_failure,
        .message = "the DNS root cannot be reached, and " + others,
        .hint = "let questions to port 53 out, or name a resolver with --resolver",
    };
}

bool is_usable(validated const& keys_of_root) {
    return keys_of_root.failure.empty() || keys_of_root.status == dnssec::bogus;
}

reachable_resolver as_wished(validating_resolver r) { return {std::move(r), {}}; }

reachable_resolver instead(validating_resolver r, std::vector<endpoint> const& asked) {
    return {
        std::move(r),
        "the DNS root cannot be reached: the system's resolvers (" + list_of(asked) +
            ") are asked, whose caches may know other things than the CA will see"};
}

} // namespace

async_result<reachable_resolver> find_resolver(
    asio::any_io_executor executor,
    validating_settings wanted,
    std::vector<endpoint> otherwise,
    clock::duration patience
) {
    auto made = validating_resolver::make(executor, wanted);
    if (!made) co_return made.error();
    if (!wanted.forward_to.empty()) co_return as_wished(std::move(*made));
    auto const keys = co_await made->keys_of_root(patience);
    if (is_usable(keys)) co_return as_wished(std::move(*made));
    if (otherwise.empty()) co_return nobody_answers(otherwise);
    wanted.forward_to = otherwise;
    auto other = validating_resolver::make(executor, wanted);
    if (!other) co_return other.error();
    auto const others_keys = co_await other->keys_of_root(resolver_patience);
    if (others_keys.is_silence) co_return nobody_answers(otherwise);
    co_return instead(std::move(*other), otherwise);
}

} // namespace acme_dns01::dns
