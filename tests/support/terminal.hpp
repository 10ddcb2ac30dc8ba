#pragma once

#include "support/memory_file.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace acme_dns01::test {

// Both ends of a terminal, and a thread that reads it all the time.
class terminal {
public:
    // `columns` 0: the width is unknown.
    explicit terminal(unsigned short columns = 80, unsigned short rows = 24);
    terminal(terminal const&) = delete;
    terminal& operator=(terminal const&) = delete;
    ~terminal();

    // The program's end, as a stream and as a file that others can open.
    std::FILE* stream() const { return drawn_upon_.get(); }
    std::string path() const;

    // The output since the last call. The terminal writes CR LF where the program wrote LF.
    std::string drawn() const;

private:
    void watch();

    int master_;
    file_ptr drawn_upon_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    mutable std::string seen_;
    std::thread watcher_;
};

} // namespace acme_dns01::test
