#pragma once

#include "dns/exchange.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace acme_dns01::dns {

struct told {
    endpoint server;
    result<message> answer = message();
};

// How long a server has before the next one is asked as well.
constexpr clock::duration head_start = std::chrono::milliseconds(200);

// Puts one question to several servers in turn: to the next where one has not answered within
// head_start, which does not give that one up, or has answered to no use. The first useful answer,
// else what came last; nothing where there are no servers. A dead server so costs its head start,
// and its patience only where no other helps.
boost::asio::awaitable<std::optional<told>> first_answer(
    std::vector<endpoint> servers,
    question asked,
    ask_options options,
    std::function<bool(message const&)> is_useful
);

} // namespace acme_dns01::dns
