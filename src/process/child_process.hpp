#pragma once

#include "base/error.hpp"
#include "process/program.hpp"

#include <string>
#include <vector>

namespace acme_dns01 {

// From now on this process's files are for their owner alone. A program that is run on somebody's
// behalf gets back the mask that was there before.
void keep_files_private();

// Runs a program on somebody's behalf, who would have started it in our place: it has our streams,
// our terminal and our group of processes. As long as the attendant lives, what asks this process
// to end (SIGINT, SIGQUIT, SIGTERM, SIGHUP) goes to the program while that runs, and ends nothing
// here, so that what has to follow the program can. A terminal's signals go to the program by
// themselves; ignored ones stay ignored. There is one attendant at a time.
class attendant {
public:
    attendant();
    attendant(attendant const&) = delete;
    attendant& operator=(attendant const&) = delete;
    ~attendant();

    // Until it has ended: its exit status, or 128 + the number of the signal that ended it.
    // error_kind::usage where it cannot be started.
    result<int>
    run(std::vector<std::string> const& arguments, environment_variables const& environment) const;

    // For whoever wants to be asked to end himself once the program has ended: the signals that are
    // not ignored, and whether one of them has come since.
    std::vector<int> signals() const;
    bool was_asked_to_end() const;
};

} // namespace acme_dns01
