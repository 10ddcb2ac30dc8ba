#pragma once

#include "cli/session.hpp"

#include <optional>
#include <vector>

namespace acme_dns01::cli {

// One record that cannot be removed is no reason to leave the others: the first failure is told in
// the end.
struct removal_of_several {
    challenge::cleaned all;
    std::optional<error> failure;

    void add(result<challenge::cleaned> const& done);
};

// Removes what these rows of the journal stand for, each with its own account's token.
boost::asio::awaitable<removal_of_several> sweep_rows(session& s, std::vector<journal::entry> rows);

// The same for all rows of a client's run.
boost::asio::awaitable<removal_of_several> sweep_rows_of(session& s, journal::run owner);

} // namespace acme_dns01::cli
