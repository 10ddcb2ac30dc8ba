#include "sandbox/fault.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace acme_dns01::sandbox {

namespace {

constexpr double delay_max = 3600;
constexpr std::string_view retry_after = "retry-after=";
constexpr auto delay_between_bytes = seconds(0.01);

error bad_fault(std::string_view text, std::string_view why) {
    return {
        .kind = error_kind::usage,
        .message = "'" + printable(text, 80) + "' is not a fault: " + std::string(why),
        .hint = "write for example 'POST /v2/domains 503 x3'",
    };
}

std::optional<fault_action> action_called(std::string_view word) {
    constexpr std::pair<std::string_view, fault_action> actions[] = {
        {"reset-before", fault_action::reset_before},
        {"reset-after", fault_action::reset_after},
        {"delay", fault_action::delay},
        {"cut-short", fault_action::cut_short},
        {"garbage", fault_action::garbage},
        {"oversized", fault_action::oversized},
        {"slowly", fault_action::slowly},
        {"close-after", fault_action::close_after},
    };
    for (auto const& [name, action] : actions) {
        if (name == word) return action;
    }
    return std::nullopt;
}

bool is_method(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool take_status(fault& f, std::string_view word) {
    auto const status = number_in<unsigned>(word);
    if (!status || *status < 200 || *status > 599) return false;
    f.action = fault_action::answer;
    f.status = *status;
    return true;
}

// "delay=2.5", "slowly", "garbage".
bool take_action(fault& f, std::string_view word) {
    auto const equals = std::min(word.find('='), word.size());
    auto const action = action_called(word.substr(0, equals));
    if (!action) return take_status(f, word);
    f.action = *action;
    auto const takes_time = f.action == fault_action::delay || f.action == fault_action::slowly;
    if (f.action == fault_action::slowly) f.delay = delay_between_bytes;
    if (equals == word.size()) return f.action != fault_action::delay;
    auto const delay = number_in<double>(word.substr(equals + 1));
    if (!takes_time || !delay || !std::isfinite(*delay) || *delay < 0 || *delay > delay_max)
        return false;
    f.delay = seconds(*delay);
    return true;
}

// "+2", "x3", "x*".
bool take_count(fault& f, std::string_view word) {
    if (word == "x*") {
        f.count = fault::always;
        return true;
    }
    auto const number = number_in<std::size_t>(word.substr(1));
    if (!number || (word.front() != '+' && word.front() != 'x')) return false;
    (word.front() == '+' ? f.skip : f.count) = *number;
    return true;
}

// "retry-after=2": whole seconds, as in the header.
bool take_retry_after(fault& f, std::string_view word) {
    auto const time = number_in<unsigned>(word.substr(retry_after.size()));
    if (!time || *time > delay_max || f.action != fault_action::answer) return false;
    f.headers.emplace_back("retry-after", std::to_string(*time));
    return true;
}

bool covers(fault const& f, std::string_view method, std::string_view target) {
    return (f.method.empty() || f.method == method) && target.starts_with(f.path_prefix);
}

} // namespace

result<fault> parse_fault(std::string_view text) {
    auto const words = split(text, " \t");
    auto word = words.begin();
    fault f;
    if (word != words.end() && is_method(*word)) f.method = *word++;
    if (word != words.end() && word->starts_with('/')) f.path_prefix = *word++;
    if (word == words.end()) return bad_fault(text, "it does not say what happens");
    if (!take_action(f, *word)) return bad_fault(text, "'" + printable(*word, 40) + "' is unknown");
    for (++word; word != words.end(); ++word) {
        auto const is_header = word->starts_with(retry_after);
        if (is_header && !take_retry_after(f, *word))
            return bad_fault(text, "'" + printable(*word, 40) + "' is not valid here");
        if (!is_header && !take_count(f, *word))
            return bad_fault(text, "'" + printable(*word, 40) + "' is not a count");
    }
    return f;
}

std::optional<fault> fault_list::next(std::string_view method, std::string_view target) {
    for (auto& f : faults_) {
        if (!covers(f, method, target) || f.count == 0) continue;
        if (f.skip > 0) {
            --f.skip;
            continue;
        }
        auto const found = f;
        if (f.count != fault::always) --f.count;
        std::erase_if(faults_, [](fault const& done) { return done.count == 0; });
        return found;
    }
    return std::nullopt;
}

} // namespace acme_dns01::sandbox
