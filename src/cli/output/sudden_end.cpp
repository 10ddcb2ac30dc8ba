#include "cli/output/sudden_end.hpp"

#include "base/text.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <new>
#include <poll.h>
#include <unistd.h>

namespace acme_dns01::cli {

namespace {

constexpr int by_the_signal = -1;
constexpr int no_memory_status = 8; // exit_status::temporary
// What a pipe takes at once.
constexpr std::size_t text_max = 4096;
constexpr std::size_t records_max = 20;

constexpr std::string_view no_memory =
    "acme-dns01: error: there is not enough memory\n"
    "acme-dns01: hint: free some memory, or raise the limit (ulimit -v, MemoryMax= of a systemd "
    "unit)\n";
constexpr std::string_view no_memory_as_json =
    R"({"error":{"kind":"no_memory","exit":8,"message":"there is not enough memory",)"
    R"-("hint":"free some memory, or raise the limit (ulimit -v, MemoryMax= of a systemd unit)",)-"
    R"("request_id":null}})"
    "\n";

// A signal may come to another thread while the next text is set: hence more than one.
std::array<std::string, 8> last_texts;
std::size_t next_text = 0;
std::atomic<std::string const*> last_text = nullptr;
std::atomic<int> last_status = by_the_signal;
std::atomic<bool> is_json_due = false;

// A reader that has stopped reading must not hold us up.
void write_at_once(int file, std::string_view what) {
    constexpr int limit_ms = 300;
    pollfd ready{file, POLLOUT, 0};
    if (::poll(&ready, 1, limit_ms) != 1) return;
    auto const written = ::write(file, what.data(), what.size());
    static_cast<void>(written); // nobody is left to tell
}

extern "C" void end_by_signal(int number) {
    say_what_is_left();
    if (last_status != by_the_signal) std::_Exit(last_status);
    // Blocked until this returns.
    std::signal(number, SIG_DFL);
    std::raise(number);
}

void end_for_want_of_memory() {
    write_at_once(STDERR_FILENO, no_memory);
    say_what_is_left();
    if (is_json_due) write_at_once(STDOUT_FILENO, no_memory_as_json);
    std::_Exit(no_memory_status);
}

} // namespace

void say_what_is_left() {
    auto const* const left = last_text.load();
    if (left != nullptr) write_at_once(STDERR_FILENO, *left);
}

void prepare_for_sudden_end() {
    // A write to a closed pipe, or beyond the limit on files, then fails where it is made. Programs
    // that we start do not inherit a handler.
    for (auto const number : {SIGPIPE, SIGXFSZ})
        std::signal(number, [](int) {});
    std::set_new_handler(end_for_want_of_memory);
    for (auto const number : {SIGINT, SIGQUIT, SIGTERM, SIGHUP}) {
        struct sigaction now {};
        ::sigaction(number, nullptr, &now);
        if (now.sa_handler != SIG_IGN) std::signal(number, end_by_signal);
    }
}

void would_leave(
    std::vector<std::string> const& records, std::string const& remedy, std::string_view noun
) {
    if (records.empty()) {
        last_text = nullptr;
        return;
    }
    auto shown = records;
    shown.resize(std::min(shown.size(), records_max));
    auto const more = records.size() - shown.size();
    auto& next = last_texts[next_text++ % last_texts.size()];
    next = "acme-dns01: warning: interrupted, with " + counted(records.size(), noun) +
           " left: " + joined(shown, ", ") +
           (more > 0 ? " and " + std::to_string(more) + " more" : "");
    next = printable(next, text_max / 2) +
           "\nacme-dns01: hint: " + printable(remedy, text_max / 2 - 20) + "\n";
    last_text = &next;
}

void end_suddenly_with(int with) { last_status = with; }

void report_no_memory_as_json(bool wanted) { is_json_due = wanted; }

} // namespace acme_dns01::cli
