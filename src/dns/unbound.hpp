#pragma once

#include "base/c_handle.hpp"
#include "base/clock.hpp"
#include "dns/validating_resolver.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <unbound.h>
#include <vector>

namespace acme_dns01::dns {

// Whether the file can be read and has a DS or DNSKEY record; an empty name is no file.
// error_kind::configuration.
result<void> check_trust_anchor_file(std::string const& file);

struct unbound_answer {
    c_handle<ub_result, ub_resolve_free> result; // null if there is no answer
    int error = UB_NOERROR;
    bool came = false; // before the deadline
};

// One libunbound, driven by our event loop. It waits for servers in a thread of its own, which ends
// with this object and touches nothing of ours. It could do so in a process instead: a copy of
// ours, with its open files and locks, that ends with exit().
class unbound : public std::enable_shared_from_this<unbound> {
public:
    // The trust anchor file has been checked. error_kind::configuration if libunbound does not
    // accept it.
    static result<std::shared_ptr<unbound>>
    make(boost::asio::any_io_executor executor, validating_settings const& settings);

    explicit unbound(boost::asio::any_io_executor executor);
    unbound(unbound const&) = delete;
    unbound& operator=(unbound const&) = delete;
    ~unbound();

    // May be cancelled, and destroyed while it waits. This object has to outlive it.
    boost::asio::awaitable<unbound_answer> ask(question asked, deadline until);

private:
    struct pending;
    static void take(void* asker, int error, ub_result* answer);
    result<void> set_up(validating_settings const& settings);
    void set_trust_anchors(std::string const& file);
    int send(question const& asked, pending& p);
    void watch();

    boost::asio::any_io_executor executor_;
    c_handle<ub_ctx, ub_ctx_delete> context_;
    boost::asio::posix::stream_descriptor answers_;
    std::size_t waiting_ = 0;
    bool is_watching_ = false;
};

} // namespace acme_dns01::dns
