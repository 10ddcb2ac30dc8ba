#include "cli/output/output.hpp"

#include "base/text.hpp"
#include "cli/output/sudden_end.hpp"

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
constexpr std::size_t line_max = 100'000; // TXT data has at most 64 KiB

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

// Zeros where it is no terminal, or one that does not report its size.
winsize size_of(std::FILE* file) {
    winsize size{};
    ::ioctl(::fileno(file), TIOCGWINSZ, &size);
    return size;
}

std::string number_text(double number) {
    std::array<char, 400> text{}; // the longest double without an exponent has 309 digits
    auto const end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    return std::string(text.data(), end.ptr);
}

// Of JSON, which allows DEL and U+0080 to U+009F in a string although terminals obey them. In UTF-8
// the latter are 0xC2 and their number.
std::string with_controls_escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const is_c1 = text[i] == '\xc2' && text[i + 1] < '\xa0';
        if (text[i] == '\x7f' || is_c1) {
            auto const code = static_cast<unsigned char>(text[is_c1 ? ++i : i]);
            escaped += std::string("\\u00") + digits[code / 16] + digits[code % 16];
        } else {
            escaped += text[i];
        }
    }
    return escaped;
}

std::string string_text(std::string_view string) {
    auto const text = json::serialize(json::value(string));
    boost::system::error_code ec;
    json::parse(text, ec);
    return ec ? string_text(printable(string, string.size())) : with_controls_escaped(text);
}

// ECMA-48 8.3.117.
char const* start_of(tone t) {
    if (t == tone::strong) return "\x1b[1m";
    if (t == tone::good) return "\x1b[32m";
    if (t == tone::doubtful) return "\x1b[33m";
    return t == tone::bad ? "\x1b[31m" : "";
}

char const* end_of(tone t) { return t == tone::plain ? "" : "\x1b[0m"; }

void print_line(std::FILE* to, std::string const& line) {
    std::fprintf(to, "%s\n", printable(line, line_max).c_str());
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

bool may_pass_later(error const& e) {
    auto const status = exit_status_of(e.kind);
    return status == exit_status::temporary || status == exit_status::not_propagated;
}

} // namespace

exit_status exit_status_of(error_kind kind) {
    static constexpr std::pair<error_kind, exit_status> statuses[]{
        {error_kind::unexpected, exit_status::unexpected},
        {error_kind::usage, exit_status::usage},
        {error_kind::configuration, exit_status::configuration},
        {error_kind::unauthorized, exit_status::unauthorized},
        {error_kind::zone_not_found, exit_status::not_found},
        {error_kind::not_found, exit_status::not_found},
        {error_kind::caa_forbidden, exit_status::caa_forbidden},
        {error_kind::not_propagated, exit_status::not_propagated},
        {error_kind::unreachable, exit_status::temporary},
        {error_kind::untrusted, exit_status::temporary},
        {error_kind::no_answer, exit_status::temporary},
        {error_kind::too_slow, exit_status::temporary},
        {error_kind::dns_failure, exit_status::temporary},
        {error_kind::rate_limited, exit_status::temporary},
        {error_kind::server_error, exit_status::temporary},
        {error_kind::rejected, exit_status::rejected},
        {error_kind::bad_answer, exit_status::rejected},
        {error_kind::too_large, exit_status::rejected},
        {error_kind::problems_found, exit_status::problems_found},
    };
    return std::ranges::find(statuses, kind, &std::pair<error_kind, exit_status>::first)->second;
}

std::string json_text(json::value const& value) {
    if (value.is_object()) return object_text(value.get_object());
    if (value.is_array()) return array_text(value.get_array());
    if (value.is_string()) return string_text(value.get_string());
    if (value.is_double()) return number_text(value.get_double());
    return json::serialize(value);
}

json::value or_null(std::string const& text) {
    return text.empty() ? json::value() : json::value(text);
}

output::output(std::FILE* results, std::FILE* messages, std::FILE* answers)
    : results_(results), messages_(messages), answers_(answers) {}

bool output::is_json_due() const {
    return options_.json && !stdout_is_the_clients_ && !result_is_printed_;
}

void output::use(output_options o) {
    options_ = o;
    report_no_memory_as_json(is_json_due());
}

void output::leave_stdout_to_the_client() {
    stdout_is_the_clients_ = true;
    report_no_memory_as_json(false);
}

void output::result(std::vector<std::string> const& lines, json::object const& machine) {
    erase_progress();
    if (options_.json) {
        result_is_printed_ = true;
        report_no_memory_as_json(false);
        std::fprintf(results_, "%s\n", json_text(machine).c_str());
        return;
    }
    if (options_.quiet) return;
    for (auto const& line : lines)
        print_line(results_, line);
}

void output::toned_result(std::vector<toned_line> const& lines, json::object const& machine) {
    if (options_.json || options_.quiet || !options_.colours || !is_terminal(results_)) {
        std::vector<std::string> plain;
        for (auto const& line : lines)
            plain.push_back(line.text);
        return result(plain, machine);
    }
    erase_progress();
    for (auto const& line : lines) {
        auto const text = printable(line.text, line_max);
        std::fprintf(results_, "%s%s%s\n", start_of(line.is), text.c_str(), end_of(line.is));
    }
}

void output::protocol_line(std::string const& line) {
    erase_progress();
    leave_stdout_to_the_client();
    print_line(results_, line);
    std::fflush(results_);
}

void output::text(std::string const& whole) {
    erase_progress();
    std::fputs(whole.c_str(), results_);
}

exit_status output::failure(error const& e) {
    auto const status = exit_status_of(e.kind);
    another_failure(e);
    if (is_json_due())
        std::fprintf(results_, "%s\n", json_text(machine_readable(e, status)).c_str());
    return status;
}

void output::another_failure(error const& e) {
    auto const request = e.request_id.empty() ? "" : " (request " + e.request_id + ")";
    message("error", e.text() + request);
    if (!e.hint.empty()) message("hint", e.hint);
}

error output::all_but_deciding(std::vector<error> found) {
    std::vector<error> distinct;
    for (auto& e : found) {
        auto const is_equal = [&](error const& other) {
            return other.text() == e.text() && other.hint == e.hint;
        };
        if (std::ranges::none_of(distinct, is_equal)) distinct.push_back(std::move(e));
    }
    auto deciding = std::ranges::find_if_not(distinct, may_pass_later);
    if (deciding == distinct.end()) deciding = distinct.begin();
    auto last = std::move(*deciding);
    distinct.erase(deciding);
    for (auto const& e : distinct)
        another_failure(e);
    return last;
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
    print_line(messages_, "acme-dns01: " + std::string(what) + ": " + shown);
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

// One line is left for the cursor, and some terminals wrap a line that fills their whole width.
output::extent output::progress_extent() const {
    auto const size = size_of(messages_);
    auto const all_but_one = [](std::size_t n) {
        return n == 0 ? unlimited : std::max(n - 1, 1UL);
    };
    return {all_but_one(size.ws_row), all_but_one(size.ws_col)};
}

// Lines that have scrolled off the screen cannot be drawn over.
void output::progress(std::vector<std::string> const& all) {
    if (!shows_progress()) return;
    auto const room = progress_extent();
    auto text = erasure();
    lines_drawn_ = std::min(all.size(), room.height);
    for (std::size_t i = 0; i < lines_drawn_; ++i)
        text += shortened(printable(all[i], sentence_max), room.width) + "\n";
    std::fputs(text.c_str(), messages_);
    std::fflush(messages_);
}

std::size_t output::width() const {
    auto const columns = size_of(results_).ws_col;
    return columns == 0 ? unlimited : columns;
}

bool output::flush() {
    erase_progress();
    return std::fflush(results_) == 0 && std::ferror(results_) == 0;
}

} // namespace acme_dns01::cli
