#include "cli/hook_caller.hpp"

#include "cli/commands/commands.hpp"
#include "cli/sweep.hpp"
#include "process/parent_process.hpp"

namespace acme_dns01::cli {

namespace {

// Where the client is not to be found, the `run` that has started it is.
bool has_lost_its_client(session const& s, journal::run const& owner) {
    auto const& client = owner.process;
    if (is_cut_off_from(client)) return true;
    if (client != this_process()) return !is_alive(client);
    auto const runner = parse_process_id(s.env().get(run_variable).value_or(""));
    return runner && is_cut_off_from(*runner);
}

} // namespace

result<journal::run> run_of_caller(session const& s, std::string const& client, std::string order) {
    journal::run owner{client, calling_process(client), std::move(order)};
    if (!has_lost_its_client(s, owner)) return owner;
    return error{
        .kind = error_kind::usage,
        .message = client + ", or what it called this hook through, has ended: nothing is created "
                            "for it",
        .hint = "start " + client + " again",
    };
}

boost::asio::awaitable<bool> is_removed_for_want_of_client(session& s, journal::run owner) {
    if (!has_lost_its_client(s, owner)) co_return false;
    auto const removal = co_await sweep_rows_of(s, owner);
    s.out().warning(owner.client + " has ended meanwhile: what was made for it is removed again");
    if (removal.failure) s.out().warning(removal.failure->text());
    co_return true;
}

} // namespace acme_dns01::cli
