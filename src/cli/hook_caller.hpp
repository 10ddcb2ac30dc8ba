#pragma once

#include "cli/session.hpp"

#include <string>

namespace acme_dns01::cli {

// A hook's client, killed perhaps, may have ended before the hook begins, or while it creates a
// record: nobody will then ask for a cleanup, and the `run` that has started the client may be at
// its sweep already, or behind it.

// Whose run the records are that a hook creates. error_kind::usage where the client has ended.
result<journal::run> run_of_caller(session const& s, std::string const& client, std::string order);

// Once a record is created: where the client has ended meanwhile, what its run has made is removed
// at once. True then. Before the hook says anything: what it would say it to may be gone.
boost::asio::awaitable<bool> is_removed_for_want_of_client(session& s, journal::run owner);

} // namespace acme_dns01::cli
