#pragma once

#include "base/secret.hpp"
#include "digitalocean/client.hpp"
#include "digitalocean/requester.hpp"
#include "net/https_client.hpp"
#include "sandbox/local_digitalocean.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace acme_dns01::test {

// The product's own client of a sandbox's API, in this process, and its messages.
class api_client {
public:
    explicit api_client(
        sandbox::local_digitalocean const& s,
        deadline limit = deadline::in(seconds(60)),
        digitalocean::request_budget budget = {}
    )
        : token_(s.token())
        , https_(
              context_.get_executor(),
              net::parse_base_url(s.api_url()).value(),
              {s.ca_file(), {}, {}}
          )
        , requester_(https_, token_, std::move(budget), limit, notes()) {}

    digitalocean::requester& requester() { return requester_; }
    digitalocean::client& api() { return client_; }

    // Returns the coroutine's result.
    template <class T>
    T run(boost::asio::awaitable<T> task) {
        std::optional<T> outcome;
        auto const keep = [&](std::exception_ptr const& e, T value) {
            if (e) std::rethrow_exception(e);
            outcome.emplace(std::move(value));
        };
        boost::asio::co_spawn(context_, std::move(task), keep);
        context_.restart();
        context_.run();
        return std::move(*outcome);
    }

    std::vector<std::string> said;  // with --verbose
    std::vector<std::string> shown; // as progress

private:
    log notes() {
        log to_here;
        to_here.note = [this](std::string const& sentence) { said.push_back(sentence); };
        to_here.progress = [this](std::string const& sentence) { shown.push_back(sentence); };
        return to_here;
    }

    boost::asio::io_context context_{1};
    secret token_;
    net::https_client https_;
    digitalocean::requester requester_;
    digitalocean::client client_{requester_};
};

} // namespace acme_dns01::test
