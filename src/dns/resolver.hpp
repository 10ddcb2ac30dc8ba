#pragma once

#include "base/async_result.hpp"
#include "base/semaphore.hpp"
#include "dns/exchange.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

// Asks recursive resolvers ordinary questions: which servers a zone has, which addresses those
// have. Never to be asked about a challenge name: a cache would remember that it did not exist.
// Answers are kept as long as a copy of the resolver lives, which is one run.
class resolver {
public:
    // `limit` is for one look-up with all its rounds, on all servers.
    explicit resolver(
        std::vector<endpoint> servers, clock::duration limit = std::chrono::minutes(1)
    )
        : servers_(std::move(servers)), limit_(limit) {}

    // Looks names up in this way instead, and remembers the answers.
    using way = std::function<async_result<message>(question, clock::duration patience)>;
    resolver(way of_asking, clock::duration limit) : way_(std::move(of_asking)), limit_(limit) {}

    // The first NOERROR or NXDOMAIN answer of any server. They are asked in turn, in at most
    // rounds_max rounds; a dead one costs its head start, and the one that answered last is asked
    // first the next time. error_kind::dns_failure otherwise, with the last failure.
    async_result<message> look_up(question asked, deadline until) const;
    // From now on this copy takes one of these places for each look-up that it does not know yet.
    void take_places(async_semaphore of) { places_ = std::move(of); }
    clock::duration limit_of_one() const { return limit_; }
    // When a look-up that begins now has to end.
    deadline limit() const { return deadline(clock::now() + limit_); }

    static constexpr int rounds_max = 2;
    static constexpr clock::duration patience_max = std::chrono::seconds(2);

private:
    struct memory {
        std::map<question, message> known;
        endpoint last_to_answer;
    };
    async_result<message> ask_all(question asked, deadline until) const;
    async_result<message> ask_in_own_way(question asked, deadline until) const;
    std::vector<endpoint> in_turn() const;
    clock::duration patience(deadline until) const;

    std::vector<endpoint> servers_;
    way way_;
    clock::duration limit_;
    std::optional<async_semaphore> places_;
    std::shared_ptr<memory> memory_ = std::make_shared<memory>();
};

// The `nameserver` lines of resolv.conf(5), at most three as in libc; 127.0.0.1 if there is none.
std::vector<endpoint> parse_resolv_conf(std::string_view text);

} // namespace acme_dns01::dns
