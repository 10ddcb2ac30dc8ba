#include "cli/output.hpp"

#include "base/text.hpp"
#include "cli/json_text.hpp"

#include <unistd.h>

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

} // namespace

output::output(std::FILE* results, std::FILE* messages) : results_(results), messages_(messages) {}

void output::result(std::vector<std::string> const& lines, json::object const& machine) {
    if (manner_.json) {
        std::fprintf(results_, "%s\n", json_text(machine).c_str());
        return;
    }
    if (manner_.quiet) return;
    for (auto const& line : lines)
        std::fprintf(results_, "%s\n", line.c_str());
}

void output::protocol_line(std::string const& line) {
    stdout_is_the_clients_ = true;
    std::fprintf(results_, "%s\n", line.c_str());
    std::fflush(results_);
}

void output::text(std::string const& whole) { std::fputs(whole.c_str(), results_); }

exit_status output::failure(error const& e) {
    auto const status = exit_status_of(e.kind);
    auto const request = e.request_id.empty() ? "" : " (request " + e.request_id + ")";
    message("error", e.text() + request);
    if (!e.hint.empty()) message("hint", e.hint);
    if (manner_.json && !stdout_is_the_clients_) {
        std::fprintf(results_, "%s\n", json_text(machine_readable(e, status)).c_str());
    }
    return status;
}

void output::warning(std::string const& sentence) {
    if (!manner_.quiet) message("warning", sentence);
}

void output::note(std::string const& sentence) {
    if (manner_.verbose) message("note", sentence);
}

void output::message(std::string_view what, std::string const& sentence) {
    auto const shown = printable(sentence, sentence_max);
    std::fprintf(messages_, "acme-dns01: %s: %s\n", std::string(what).c_str(), shown.c_str());
    lines_drawn_ = 0;
}

bool output::shows_progress() const { return !manner_.quiet && ::isatty(::fileno(messages_)) == 1; }

void output::progress(std::vector<std::string> const& lines) {
    if (!shows_progress()) return;
    if (lines_drawn_ > 0) std::fprintf(messages_, "\x1b[%zuA", lines_drawn_);
    for (auto const& line : lines) {
        std::fprintf(messages_, "\x1b[2K%s\n", printable(line, sentence_max).c_str());
    }
    std::fflush(messages_);
    lines_drawn_ = lines.size();
}

bool output::flush() { return std::fflush(results_) == 0 && std::ferror(results_) == 0; }

} // namespace acme_dns01::cli
