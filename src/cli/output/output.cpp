#include "cli/output/output.hpp"

#include "base/text.hpp"
#include "cli/output/table.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace acme_dns01::cli {

namespace json = boost::json;

namespace {

constexpr std::size_t sentence_max = 4000;

json::value or_null(std::string const& text) {
    if (text.empty()) return nullptr;
    return json::value(text);
}

json::object machine_readable(error const& e, exit_status status) {
    json::object body{
        {"kind", to_string(e.kind)},
        {"exit", static_cast<int>(status)},
        {"message", e.text()},
        {"hint", or_null(e.hint)},
        {"request_id", or_null(e.request_id)},
    };
    return {{"error", std::move(body)}};
}

bool is_terminal(std::FILE* file) { return ::isatty(::fileno(file)) == 1; }

winsize size_of(std::FILE* file) {
    winsize size{};
    if (::ioctl(::fileno(file), TIOCGWINSZ, &size) != 0) return {};
    return size;
}

std::optional<std::size_t> columns_of(std::FILE* file) {
    auto const size = size_of(file);
    if (size.ws_col == 0) return std::nullopt;
    return size.ws_col;
}

std::string number_text(double number) {
    std::array<char, 400> text{}; // the longest double without an exponent has 309 digits
    auto const end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    return std::string(text.data(), end.ptr);
}

std::string string_text(std::string_view string) {
    auto text = json::serialize(json::value(string));
    boost::system::error_code ec;
    json::parse(text, ec);
    return ec ? string_text(printable(string, string.size())) : text;
}

std::string object_text(json::object const& object) {
    std::string text;
    for (auto const& [key, value] : object) {
        text += (text.empty() ? "" : ",") + string_text(key) + ":" + json_text(value);
    }
    return "{" + text + "}";
}

std::string array_text(json::array const& array) {
    std::string text;
    for (auto const& value : array)
        text += (text.empty() ? "" : ",") + json_text(value);
    return "[" + text + "]";
}

} // namespace

exit_status exit_status_of(error_kind kind) {
    switch (kind) {
    case error_kind::unexpected:
        return exit_status::unexpected;
    case error_kind::usage:
        return exit_status::usage;
    case error_kind::configuration:
        return exit_status::configuration;
    case error_kind::unauthorized:
        return exit_status::unauthorized;
    case error_kind::zone_not_found:
    case error_kind::not_found:
        return exit_status::not_found;
    case error_kind::caa_forbidden:
        return exit_status::caa_forbidden;
    case error_kind::not_propagated:
        return exit_status::not_propagated;
    case error_kind::unreachable:
    case error_kind::untrusted:
    case error_kind::no_answer:
    case error_kind::too_slow:
    case error_kind::dns_failure:
    case error_kind::rate_limited:
    case error_kind::server_error:
        return exit_status::temporary;
    case error_kind::rejected:
    case error_kind::bad_answer:
    case error_kind::too_large:
        return exit_status::rejected;
    case error_kind::problems_found:
        return exit_status::problems_found;
    }
    return exit_status::unexpected;
}

std::string json_text(json::value const& value) {
    if (value.is_object()) return object_text(value.get_object());
    if (value.is_array()) return array_text(value.get_array());
    if (value.is_string()) return string_text(value.get_string());
    if (value.is_double()) return number_text(value.get_double());
    return json::serialize(value);
}

output::output(std::FILE* results, std::FILE* messages, std::FILE* answers)
    : results_(results), messages_(messages), answers_(answers) {}

void output::result(std::vector<std::string> const& lines, json::object const& machine) {
    erase_progress();
    if (options_.json) {
        result_is_printed_ = true;
        std::fprintf(results_, "%s\n", json_text(machine).c_str());
        return;
    }
    if (options_.quiet) return;
    for (auto const& line : lines)
        std::fprintf(results_, "%s\n", line.c_str());
}

void output::protocol_line(std::string const& line) {
    erase_progress();
    stdout_is_the_clients_ = true;
    std::fprintf(results_, "%s\n", line.c_str());
    std::fflush(results_);
}

void output::text(std::string const& whole) {
    erase_progress();
    std::fputs(whole.c_str(), results_);
}

exit_status output::failure(error const& e) {
    auto const status = exit_status_of(e.kind);
    another_failure(e);
    if (options_.json && !stdout_is_the_clients_ && !result_is_printed_) {
        std::fprintf(results_, "%s\n", json_text(machine_readable(e, status)).c_str());
    }
    return status;
}

void output::another_failure(error const& e) {
    auto const request = e.request_id.empty() ? "" : " (request " + e.request_id + ")";
    message("error", e.text() + request);
    if (!e.hint.empty()) message("hint", e.hint);
}

void output::warning(std::string const& sentence) {
    if (!options_.quiet) message("warning", sentence);
}

void output::note(std::string const& sentence) {
    if (options_.verbose) message("note", sentence);
}

void output::message(std::string_view what, std::string const& sentence) {
    erase_progress();
    auto const shown = printable(sentence, sentence_max);
    std::fprintf(messages_, "acme-dns01: %s: %s\n", std::string(what).c_str(), shown.c_str());
}

std::optional<std::string> output::ask(std::string const& question) {
    erase_progress();
    std::fputs(printable(question, sentence_max).c_str(), messages_);
    std::fflush(messages_);
    std::string line;
    auto c = 0;
    while (line.size() < answer_max && (c = std::fgetc(answers_)) != EOF && c != '\n')
        line += static_cast<char>(c);
    // On a terminal the typed newline has ended the line already.
    if (c != '\n' || !is_terminal(answers_)) std::fputs("\n", messages_);
    if (c == EOF && line.empty()) return std::nullopt;
    return line;
}

bool output::shows_progress() const { return !options_.quiet && is_terminal(messages_); }

std::string output::erasure() {
    if (lines_drawn_ == 0) return {};
    return "\x1b[" + std::to_string(std::exchange(lines_drawn_, 0)) + "A\x1b[J";
}

void output::erase_progress() {
    auto const text = erasure();
    if (text.empty()) return;
    std::fputs(text.c_str(), messages_);
    std::fflush(messages_);
}

// One line is left for the cursor.
std::optional<std::size_t> output::progress_height() const {
    auto const size = size_of(messages_);
    if (size.ws_row == 0) return std::nullopt;
    return std::max<std::size_t>(size.ws_row, 2) - 1;
}

// Some terminals wrap a line that fills their whole width.
std::optional<std::size_t> output::progress_width() const {
    constexpr std::size_t narrowest = 2;
    auto const columns = columns_of(messages_);
    if (!columns) return std::nullopt;
    return std::max(*columns, narrowest) - 1;
}

// Lines that have scrolled off the screen cannot be drawn over.
void output::progress(std::vector<std::string> const& all) {
    if (!shows_progress()) return;
    auto lines = all;
    lines.resize(std::min(lines.size(), progress_height().value_or(lines.size())));
    auto const width = progress_width().value_or(sentence_max);
    auto text = erasure();
    for (auto const& line : lines)
        text += shortened(printable(line, sentence_max), width) + "\n";
    std::fputs(text.c_str(), messages_);
    std::fflush(messages_);
    lines_drawn_ = lines.size();
}

std::optional<std::size_t> output::width() const { return columns_of(results_); }

bool output::flush() {
    erase_progress();
    return std::fflush(results_) == 0 && std::ferror(results_) == 0;
}

} // namespace acme_dns01::cli
