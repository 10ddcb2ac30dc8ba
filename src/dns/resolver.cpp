#include "dns/resolver.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::dns {

namespace {

error look_up_failed(question const& asked, std::string_view why) {
    return {
        .kind = error_kind::dns_failure,
        .message = "looking up " + to_string(asked.type) + " of " + asked.asked.text() + ": " +
                   std::string(why),
        .hint = "check this host's resolver, or name another with --resolver",
    };
}

} // namespace

boost::asio::awaitable<result<message>> resolver::look_up(question asked, deadline until) const {
    auto const known = known_->find(asked);
    if (known != known_->end()) co_return known->second;
    auto answer = co_await ask_all(asked, until);
    if (answer) known_->insert_or_assign(asked, *answer);
    co_return answer;
}

boost::asio::awaitable<result<message>> resolver::ask_all(question asked, deadline until) const {
    std::string why = "there is no resolver";
    auto const questions = static_cast<int>(servers_.size()) * rounds_max;
    auto const patience = std::min(patience_max, until.left() / std::max(questions, 1));
    for (int round = 0; round < rounds_max; ++round) {
        for (auto const& server : servers_) {
            ask_options const options{true, patience};
            auto answer = co_await ask(server, asked, options);
            if (!answer) {
                why = answer.error().message;
                continue;
            }
            auto const usable =
                answer->code == response_code::noerror || answer->code == response_code::nxdomain;
            if (usable) co_return answer;
            why = "resolver " + to_string(server) + " answered " + to_string(answer->code);
        }
    }
    co_return look_up_failed(asked, why);
}

std::vector<endpoint> parse_resolv_conf(std::string_view text) {
    constexpr std::size_t servers_max = 3;
    std::vector<endpoint> servers;
    for (auto const& line : split(text, "\n")) {
        auto const words = split(line, " \t");
        if (words.size() < 2 || words[0] != "nameserver") continue;
        auto const server = parse_endpoint(words[1], 53);
        if (server && servers.size() < servers_max) servers.push_back(*server);
    }
    if (servers.empty()) servers.emplace_back(boost::asio::ip::make_address("127.0.0.1"), 53);
    return servers;
}

} // namespace acme_dns01::dns
