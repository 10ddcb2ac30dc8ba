#pragma once

#include "support/memory_file.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace acme_dns01::test {

// Both ends of a terminal, and somebody who looks at it all the time.
class terminal {
public:
    // `columns` 0: it does not tell.
    explicit terminal(unsigned short columns = 80, unsigned short rows = 24);
    terminal(terminal const&) = delete;
    terminal& operator=(terminal const&) = delete;
    ~terminal();

    // Where a program draws, as a stream and as a file to be opened by others.
    std::FILE* stream() const { return drawn_upon_.get(); }
    std::string path() const;

    // What was drawn since the last time. The terminal writes CR LF where the program wrote LF.
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
