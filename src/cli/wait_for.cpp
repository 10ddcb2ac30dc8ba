#include "cli/wait_for.hpp"

#include "base/text.hpp"
#include "cli/output/progress.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <map>

namespace acme_dns01::cli {

namespace {

using challenge::propagation_report;
using challenge::server_state;

// Tells each change of state once.
class changes {
public:
    explicit changes(output& out) : out_(out) {}

    void operator()(propagation_report const& report) {
        for (auto const& server : report.servers) {
            auto& known = states_[server.address];
            if (known == server.state) continue;
            known = server.state;
            out_.note(
                server.server + " (" + server.address + ") " +
                std::string(to_string(server.state)) + " after " + decimal(server.seconds, 2) +
                " s, " + counted(server.queries, "question")
            );
        }
    }

private:
    output& out_;
    std::map<std::string, server_state> states_;
};

async_result<std::vector<digitalocean::record>> name_server_records(session& s, dns::name zone) {
    auto const account = s.account_for(zone);
    if (!account) co_return account.error();
    digitalocean::record_filter const filter{zone, "NS"};
    auto records = co_await (*account)->api().list_all_records(zone, filter);
    co_return records;
}

// A wait without a token, or without a way to the API, goes on without.
boost::asio::awaitable<std::vector<dns::name>>
hosts_in_account(session& s, dns::name zone, deadline until) {
    using namespace boost::asio::experimental::awaitable_operators;
    boost::asio::steady_timer timer(s.executor(), until.end());
    boost::system::error_code ec;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ec);
    auto const first = co_await (name_server_records(s, zone) || timer.async_wait(token));
    std::vector<dns::name> hosts;
    if (first.index() == 1) co_return hosts;
    auto const& records = std::get<0>(first);
    if (!records) s.out().note(records.error().text());
    if (!records) co_return hosts;
    for (auto const& r : *records) {
        auto const host = dns::name::parse(r.data);
        if (host && r.name == "@") hosts.push_back(*host);
    }
    co_return hosts;
}

// On a terminal all lines at once; with --verbose each change in a line that stays.
challenge::propagation_settings settings_of(session& s) {
    auto settings = s.propagation();
    settings.ask_account = asks_account(s);
    if (s.out().shows_progress()) {
        settings.progress = [&out = s.out()](auto const& report) {
            auto const height = out.progress_height().value_or(lines_max);
            out.progress(progress_lines(report, height, out.progress_width()));
        };
    } else if (s.set().output.verbose) {
        settings.progress = changes(s.out());
    }
    return settings;
}

} // namespace

challenge::hosts_in_account asks_account(session& s) {
    return [&s](dns::name zone, deadline until) {
        return hosts_in_account(s, std::move(zone), until);
    };
}

async_result<propagation_report> wait_for(session& s, std::vector<challenge::target> targets) {
    if (targets.empty()) {
        propagation_report nothing;
        nothing.complete = true;
        co_return nothing;
    }
    auto const settings = settings_of(s);
    auto report = co_await challenge::wait_until_served(std::move(targets), settings);
    if (!report) co_return report.error();
    for (auto const& warning : report->warnings)
        s.out().warning(warning);
    co_return report;
}

} // namespace acme_dns01::cli
