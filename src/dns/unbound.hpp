#pragma once

#include "base/c_handle.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "dns/message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <unbound.h>
#include <vector>

namespace acme_dns01::dns {

struct unbound_settings {
    std::vector<std::string> forward_to; // "<ip>@<port>"
    // Records, and a file of them. Without any, nothing is validated.
    std::vector<std::string> trust_anchors;
    std::string trust_anchor_file;
};

struct unbound_answer {
    c_handle<ub_result, ub_resolve_free> result; // none where there is no answer
    int error = UB_NOERROR;
    bool came = false; // before the deadline
};

// One libunbound, driven by our event loop. It waits for servers in a thread of its own, which ends
// with this object and touches nothing of ours. Not in a process, which it offers as well: that
// would be a copy of ours, with its open files and locks, whose end is exit().
class unbound : public std::enable_shared_from_this<unbound> {
public:
    // error_kind::configuration for a trust anchor that it does not take.
    static result<std::shared_ptr<unbound>>
    make(boost::asio::any_io_executor executor, unbound_settings const& settings);

    explicit unbound(boost::asio::any_io_executor executor);
    unbound(unbound const&) = delete;
    unbound& operator=(unbound const&) = delete;
    ~unbound();

    // May be cancelled, and destroyed as it waits. This object has to outlive it.
    boost::asio::awaitable<unbound_answer> ask(question asked, deadline until);

    // What has not come will not come: nobody waits for it any more, nor for what is asked later.
    void give_up();

private:
    struct pending;
    static void take(void* asker, int error, ub_result* answer);
    result<void> set_up(unbound_settings const& settings);
    int send(question const& asked, pending& p);
    void watch();
    void forget(pending& p);

    boost::asio::any_io_executor executor_;
    c_handle<ub_ctx, ub_ctx_delete> context_;
    boost::asio::posix::stream_descriptor answers_;
    std::set<pending*> waiting_;
    bool is_given_up_ = false;
    bool is_watching_ = false;
    bool has_started_ = false;
};

} // namespace acme_dns01::dns
