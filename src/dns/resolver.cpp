#include "dns/resolver.hpp"

#include "base/shortage.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::dns {

namespace {

error look_up_failed(question const& asked, std::string_view why, int code) {
    auto const shortage = hint_for_shortage({code, std::generic_category()});
    return {
        .kind = error_kind::dns_failure,
        .message = "looking up " + to_string(asked.type) + " of " + shown(asked.asked) + ": " +
                   std::string(why),
        .hint = shortage.empty() ? "check this host's resolver, or name another with --resolver"
                                 : shortage,
        .code = code,
    };
}

bool is_usable(message const& answer) {
    return answer.code == response_code::noerror || answer.code == response_code::nxdomain;
}

} // namespace

async_result<message> resolver::look_up(question asked, deadline until) const {
    auto const known = memory_->known.find(asked);
    if (known != memory_->known.end()) co_return known->second;
    std::optional<async_semaphore::permit> place;
    if (places_) {
        auto free = co_await places_->enter(until);
        if (!free) co_return look_up_failed(asked, "there was no time left to ask", 0);
        place.emplace(std::move(*free));
    }
    auto asking = way_ ? ask_in_own_way(asked, until) : ask_all(asked, until);
    auto answer = co_await std::move(asking);
    if (answer) memory_->known.insert_or_assign(asked, *answer);
    co_return answer;
}

std::vector<endpoint> resolver::in_turn() const {
    auto servers = servers_;
    auto const is_first = [&](endpoint const& s) { return s == memory_->last_to_answer; };
    std::stable_partition(servers.begin(), servers.end(), is_first);
    return servers;
}

// For one server. The last of a round is asked only after the head starts of the others, which are
// taken off its share of the time as far as they leave it half.
clock::duration resolver::patience(deadline until) const {
    auto const share = until.left() / rounds_max;
    auto const head_starts = head_start * (static_cast<int>(servers_.size()) - 1);
    return std::min(patience_max, std::max(share - head_starts, share / 2));
}

async_result<message> resolver::ask_all(question asked, deadline until) const {
    std::string why = "there is no resolver";
    int code = 0;
    ask_options const options{true, patience(until)};
    std::function<bool(message const&)> const usable = is_usable;
    for (int round = 0; round < rounds_max && !servers_.empty(); ++round) {
        auto const came = co_await first_answer(in_turn(), asked, options, usable);
        auto const& [server, answer] = came.back();
        if (answer && is_usable(*answer)) {
            memory_->last_to_answer = server;
            co_return answer;
        }
        why = answer ? "resolver " + to_string(server) + " answered " + to_string(answer->code)
                     : answer.error().message;
        code = answer ? 0 : answer.error().code;
    }
    co_return look_up_failed(asked, why, code);
}

async_result<message> resolver::ask_in_own_way(question asked, deadline until) const {
    auto answer = co_await way_(asked, until.left());
    if (answer && is_usable(*answer)) co_return answer;
    auto const why = answer ? to_string(answer->code) : answer.error().message;
    co_return look_up_failed(asked, why, answer ? 0 : answer.error().code);
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
