#include "challenge/present.hpp"

#include "base/concurrent.hpp"
#include "challenge/create.hpp"
#include "challenge/effective_names.hpp"
#include "challenge/side_by_side.hpp"
#include "challenge/undo.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

// The same will be said to every other request of the account.
bool is_about_the_account(error const& e) {
    return e.kind == error_kind::unauthorized || e.kind == error_kind::untrusted;
}

bool is_about_the_name(error const& e) { return e.kind == error_kind::zone_not_found; }

std::vector<std::string> lanes_of(std::vector<dns01> const& challenges) {
    std::vector<std::string> lanes;
    for (auto const& c : challenges)
        lanes.push_back(c.fqdn.text() + " " + c.value);
    return lanes;
}

// The names that were found; the failures of the others are added.
std::vector<dns01>
sound_names(std::vector<result<dns01>> const& found, std::vector<error>& failures) {
    std::vector<dns01> sound;
    for (auto const& c : found) {
        if (c) sound.push_back(*c);
        if (!c) failures.push_back(c.error());
    }
    return sound;
}

} // namespace

// The first zone of an account that is asked for shows whether its token is good, and lists the
// zones for all: what fails then need not be tried for each name.
boost::asio::awaitable<void> presenter::find_zones(presentation const& p, chosen_accounts& all) {
    for (auto const& c : p.challenges) {
        auto const account = accounts_.for_name(c.fqdn);
        if (!account || all.contains(*account)) continue;
        auto& chosen =
            all.try_emplace(*account, creator(**account, journal_, log_, p.ttl)).first->second;
        auto const zone = co_await chosen.by.zone_for(c);
        if (zone || is_about_the_name(zone.error())) continue;
        chosen.why_closed = in_context(label_of(c), zone.error());
    }
}

async_result<journal::entry>
presenter::create(presentation const& p, dns01 const& c, chosen_accounts& all) {
    auto const account = accounts_.for_name(c.fqdn);
    if (!account) co_return account.error();
    auto& chosen = all.at(*account);
    if (chosen.why_closed) co_return *chosen.why_closed;
    auto record = co_await chosen.by.create(c, p.owner, p.remaining);
    auto const closes = !record && is_about_the_account(record.error());
    if (closes && !chosen.why_closed) chosen.why_closed = record.error();
    co_return record;
}

auto presenter::create_all(presentation const& p) -> boost::asio::awaitable<creations> {
    chosen_accounts all;
    co_await find_zones(p, all);
    std::function<async_result<journal::entry>(std::size_t)> const create_one = [&](std::size_t i) {
        return create(p, p.challenges[i], all);
    };
    auto made = co_await side_by_side(lanes_of(p.challenges), create_one);
    co_return made;
}

auto presenter::ask(presentation const& p) -> boost::asio::awaitable<permissions> {
    if (!p.ask_caa) co_return permissions(p.challenges.size());
    auto given = co_await p.ask_caa(p.challenges);
    co_return given;
}

boost::asio::awaitable<void> presenter::undo_all(presentation const& p, presented& all) {
    co_await undo(cleaner_, journal_, p.challenges, all.made, p.owner, log_);
    all.made.clear();
}

boost::asio::awaitable<bool>
presenter::undo_if_client_ended(presentation const& p, presented& all) {
    if (!p.client_has_ended || !p.client_has_ended()) co_return false;
    all.made.clear();
    auto const removed = co_await undo_run(cleaner_, journal_, p.owner);
    auto const client = p.owner.client == by_hand ? "the client" : p.owner.client;
    log_.warning(client + " has ended meanwhile: its records were removed again");
    for (auto const& failure : removed.failures)
        log_.warning(failure.text());
    co_return true;
}

// Of a challenge's failures the creation's is reported rather than CAA. If the CA may not issue,
// records are removed even if the client's cleanup will follow.
boost::asio::awaitable<void> presenter::create_and_ask(presentation const& p, presented& all) {
    auto const both = co_await both_at_once(create_all(p), ask(p));
    auto const& [created, permitted] = both;
    auto refused = p;
    refused.challenges.clear();
    presented refused_records;
    for (std::size_t i = 0; i < p.challenges.size(); ++i) {
        auto const stays = created[i] && permitted[i];
        if (stays) all.made.push_back(*created[i]);
        if (stays) continue;
        all.failures.push_back(created[i] ? permitted[i].error() : created[i].error());
        if (!created[i]) continue;
        refused.challenges.push_back(p.challenges[i]);
        refused_records.made.push_back(*created[i]);
    }
    auto const is_undone = co_await undo_if_client_ended(p, all);
    if (is_undone || refused.challenges.empty()) co_return;
    if (p.goes_on) {
        co_await undo_all(refused, refused_records);
        co_return;
    }
    all.made.insert(all.made.end(), refused_records.made.begin(), refused_records.made.end());
    co_await undo_all(p, all);
}

boost::asio::awaitable<presented> presenter::present(presentation p) {
    presented all;
    if (p.challenges.empty()) co_return all;
    auto const token = accounts_.check_token();
    if (!token) {
        all.failures.push_back(token.error());
        co_return all;
    }
    auto const found = co_await effective_names(resolvers_, cleaner_.allowed(), p.challenges, log_);
    auto const sound = sound_names(found, all.failures);
    auto const stops = !all.failures.empty() && !p.goes_on;
    if (!stops) {
        p.challenges = sound;
        co_await create_and_ask(p, all);
    }
    if (!all.failures.empty() && p.undoes_failures) co_await undo_all(p, all);
    co_return all;
}

} // namespace acme_dns01::challenge
