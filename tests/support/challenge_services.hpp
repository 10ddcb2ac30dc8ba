#pragma once

#include "challenge/cleanup.hpp"
#include "challenge/present.hpp"
#include "sandbox/local_digitalocean.hpp"
#include "services/accounts.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::test {

using texts = std::vector<std::string>;
using ids = std::vector<std::int64_t>;

// The sandbox, where every name server publishes at once.
sandbox::options publishing_at_once();

struct service_settings {
    sandbox::options sandbox = publishing_at_once();
    std::optional<dns::endpoint> resolver{}; // its port is the name servers'; empty: the sandbox's
    std::string token = "the sandbox's";     // empty: none
    std::string state_dir = "the sandbox's"; // a folder of its own
    std::vector<std::string> allowed{};
};

// Everything that the use cases need, in this process: the sandbox behind it, and what was logged.
struct challenge_services {
    explicit challenge_services(service_settings const& set = {});

    // What a coroutine comes to. Several may be run after each other, over one connection. A
    // question that it has left without an answer is not waited for.
    template <class T>
    T run(boost::asio::awaitable<T> task) {
        std::optional<T> outcome;
        auto const keep = [&](std::exception_ptr const& e, T value) {
            if (e) std::rethrow_exception(e);
            outcome.emplace(std::move(value));
            io.stop();
        };
        boost::asio::co_spawn(io, std::move(task), keep);
        io.restart();
        io.run();
        return std::move(*outcome);
    }
    void run(boost::asio::awaitable<void> task);

    // The account of the sandbox's token.
    services::account& account() { return *accounts.chosen().value(); }
    challenge::presenter presenter() {
        return {accounts, state.journal(), dns, cleaner, notes_and_warnings};
    }

    // "created example.com=<value> 2 to come" for each row.
    texts rows();
    // The rows themselves.
    std::vector<journal::entry> entries() { return state.journal().outstanding().value(); }
    // A record at the API and its row; the id is the record's.
    journal::entry add_journalled(challenge::dns01 const& c, journal::run const& owner);
    // A row without an id: its request has left, and what became of it is not known.
    journal::entry add_intent(challenge::dns01 const& c, journal::run const& owner);
    // A TXT record of example.com, at the API alone.
    std::int64_t add_record(challenge::dns01 const& c);

    sandbox::local_digitalocean s;
    boost::asio::io_context io{1};
    texts notes;
    texts warnings;
    log notes_and_warnings;
    environment env;
    services::account_settings account_settings;
    services::state_folder state;
    services::resolvers dns;
    services::accounts accounts{
        io.get_executor(), account_settings, env, state, dns, notes_and_warnings};
    challenge::allow_list allowed;
    challenge::cleaner cleaner{accounts, state.journal(), dns, allowed, notes_and_warnings};
};

dns::name name_of(std::string_view text);
challenge::dns01 challenge_for(std::string_view domain, std::string_view value);

// Two runs of certbot: the process of one is alive, that of the other has ended.
journal::run living_run();
journal::run ended_run();

// From now on the journal takes no row: its disk is full.
void refuse_new_rows(sandbox::local_digitalocean const& s);

// "example.com/28448432" for each.
texts labels_of(std::vector<challenge::record_id> const& records);

// As calls_of, without the look at the account's zones.
texts calls_about_records(sandbox::local_digitalocean const& s);

// "usage: <message>: <hint>".
std::string whole_text(error const& e);

} // namespace acme_dns01::test
