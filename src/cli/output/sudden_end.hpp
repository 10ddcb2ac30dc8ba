#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

// This process may end at any moment: by a signal (SIGINT, SIGQUIT, SIGTERM, SIGHUP), or because
// there is no memory left. What is to be said then has to be ready before: at that moment nothing
// can be looked up, waited for or allocated.
//
// A signal ends the process as it does by default, at once, wherever it is: in the event loop, at
// a lock of the journal, or at a question on the terminal. A handler writes what was set last.
// Signals that our caller ignores stay ignored.

// To be called once, by main: tests share their process.
void prepare_for_sudden_end();

// The records that would be left, "example.com/28448446", or what the noun says, and the command
// that removes them. Without any nothing is said.
void would_leave(
    std::vector<std::string> const& records,
    std::string const& remedy,
    std::string_view noun = "record"
);

// For an end that comes as an exception.
void say_what_is_left();

// From now on a signal ends the process with this status.
void end_suddenly_with(int status);

// Whether an error is due as a JSON object on stdout.
void report_no_memory_as_json(bool wanted);

} // namespace acme_dns01::cli
