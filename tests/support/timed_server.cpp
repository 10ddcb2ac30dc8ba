#include "support/timed_server.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sys/socket.h>
#include <sys/time.h>
#include <utility>

namespace acme_dns01::test {

namespace asio = boost::asio;
using asio::ip::udp;

namespace {

bytes answer_of(dns::endpoint const& server, bytes const& query) {
    asio::io_context io;
    udp::socket socket(io, udp::v4());
    timeval const patience{2, 0};
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    socket.send_to(asio::buffer(query), server);
    std::array<std::uint8_t, 4096> buffer{};
    boost::system::error_code ec;
    auto const size = socket.receive(asio::buffer(buffer), 0, ec);
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)};
}

} // namespace

script relayed(dns::endpoint to, std::chrono::milliseconds later) {
    return [to, later](received_query const& q) -> std::vector<reply> {
        return {{answer_of(to, q.wire), source::server, later}};
    };
}

void arrivals::note(received_query const& q, dns::question const& asked) {
    std::lock_guard const lock(mutex_);
    all_.push_back({clock::now(), asked, q.query.id});
}

std::size_t arrivals::count() const {
    std::lock_guard const lock(mutex_);
    std::set<std::pair<dns::question, std::uint16_t>> distinct;
    for (auto const& a : all_)
        distinct.emplace(a.asked, a.id);
    return distinct.size();
}

std::size_t arrivals::most_at_once(std::chrono::milliseconds answer_takes) const {
    std::lock_guard const lock(mutex_);
    std::size_t most = 0;
    std::map<dns::question, std::size_t> open;
    auto oldest = all_.begin();
    for (auto i = all_.begin(); i != all_.end(); ++i) {
        for (; i->at - oldest->at >= answer_takes; ++oldest) {
            if (--open[oldest->asked] == 0) open.erase(oldest->asked);
        }
        ++open[i->asked];
        most = std::max(most, open.size());
    }
    return most;
}

std::size_t arrivals::most_within(clock::duration length) const {
    std::lock_guard const lock(mutex_);
    std::size_t most = 0;
    auto oldest = all_.begin();
    for (auto i = all_.begin(); i != all_.end(); ++i) {
        while (i->at - oldest->at > length)
            ++oldest;
        most = std::max(most, static_cast<std::size_t>(i - oldest) + 1);
    }
    return most;
}

} // namespace acme_dns01::test
