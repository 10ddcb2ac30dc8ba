#include "certificate/renewal.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace acme_dns01::certificate {

namespace chrono = std::chrono;
using chrono::seconds;

namespace {

// Long beyond any certificate, so that no sum of moments overflows.
constexpr std::int64_t seconds_max = 1'000'000'000'000;

std::optional<moment> due_by_rule(rule const& r, dates const& d) {
    switch (r.is) {
    case rule::kind::none:
        return std::nullopt;
    case rule::kind::margin:
        return d.not_after - r.margin;
    case rule::kind::at:
        return r.at;
    case rule::kind::share:
        return d.not_after - d.life() / (d.life() < r.short_life ? 2 : 3);
    }
    return std::nullopt;
}

std::optional<seconds> unit_called(std::string_view word) {
    static constexpr std::pair<std::string_view, seconds> units[]{
        {"second", seconds(1)},
        {"sec", seconds(1)},
        {"minute", chrono::minutes(1)},
        {"min", chrono::minutes(1)},
        {"hour", chrono::hours(1)},
        {"day", chrono::days(1)},
        {"week", chrono::weeks(1)},
        {"month", chrono::days(30)},
        {"year", chrono::days(365)},
    };
    if (word.size() > 3 && word.ends_with('s')) word.remove_suffix(1);
    auto const* const found =
        std::ranges::find(units, word, &std::pair<std::string_view, seconds>::first);
    return found == std::end(units) ? std::nullopt : std::optional(found->second);
}

// "10days" is two words.
std::vector<std::string> words_in(std::string_view text) {
    std::string spaced;
    for (auto const c : lower(text)) {
        auto const is_digit = c >= '0' && c <= '9';
        auto const ends_number = !spaced.empty() && spaced.back() >= '0' && spaced.back() <= '9';
        if (ends_number && !is_digit) spaced += ' ';
        spaced += c;
    }
    return split(spaced, " \t,");
}

} // namespace

rule before_end(seconds margin) { return {.is = rule::kind::margin, .margin = margin}; }

rule at(moment m) { return {.is = rule::kind::at, .at = m}; }

rule by_life(seconds short_life) { return {.is = rule::kind::share, .short_life = short_life}; }

std::optional<moment> due(rule const& r, dates const& d) {
    auto when = due_by_rule(r, d);
    if (!when) return when;
    if (r.changed) when = std::min(*when, *r.changed);
    return std::max(*when, d.not_before);
}

std::string_view to_string(state s) {
    static constexpr std::array<std::string_view, 7> words{
        "ok", "due", "every_run", "overdue", "late", "expired", "broken"};
    return words[static_cast<std::size_t>(s)];
}

bool is_a_problem(state s) { return s >= state::overdue; }

state judge(circumstances const& c) {
    if (c.now < c.valid.not_before) return state::broken;
    auto worst = state::ok;
    auto const at_least = [&](state s, bool applies) {
        if (applies) worst = std::max(worst, s);
    };
    at_least(state::expired, c.now > c.valid.not_after);
    at_least(state::due, c.wanted_left && c.valid.not_after - c.now <= *c.wanted_left);
    auto const when = due(c.renewed, c.valid);
    if (!when) return worst;
    auto const is_due = c.now >= *when;
    auto const by_rule = due_by_rule(c.renewed, c.valid).value();
    at_least(state::due, is_due && !c.is_skipped);
    at_least(state::every_run, by_rule <= c.valid.not_before && !c.is_skipped);
    at_least(state::overdue, c.now - *when > patience_with_clients && !c.is_skipped);
    at_least(state::late, *when >= c.valid.not_after || (c.is_skipped && is_due));
    return worst;
}

std::optional<seconds> interval_in(std::string_view text) {
    auto const words = words_in(text);
    seconds sum{};
    for (std::size_t i = 0; i < words.size(); i += 2) {
        auto const count = number_in<std::uint32_t>(words[i]);
        auto const unit = i + 1 < words.size() ? unit_called(words[i + 1]) : chrono::days(1);
        if (!count || !unit) return std::nullopt;
        sum += *count * *unit;
        if (sum.count() > seconds_max) return std::nullopt;
    }
    if (words.empty()) return std::nullopt;
    return sum;
}

std::string in_words(seconds length) {
    static constexpr std::pair<seconds, std::string_view> units[]{
        {chrono::days(1), "day"}, {chrono::hours(1), "hour"}, {chrono::minutes(1), "minute"}};
    for (auto const& [unit, name] : units) {
        auto const count = (length + unit / 2) / unit;
        if (count >= 2) return counted(static_cast<std::size_t>(count), name);
    }
    return counted(static_cast<std::size_t>(std::max(length, seconds(0)).count()), "second");
}

} // namespace acme_dns01::certificate
