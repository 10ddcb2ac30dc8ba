#pragma once

#include "support/memory_file.hpp"

#include <string>

namespace acme_dns01::test {

// Both ends of a terminal.
class terminal {
public:
    // `columns` 0: it does not tell.
    explicit terminal(unsigned short columns = 80);
    terminal(terminal const&) = delete;
    terminal& operator=(terminal const&) = delete;
    ~terminal();

    // Where a program draws, as a stream and as a file to be opened by others.
    std::FILE* stream() const { return drawn_upon_.get(); }
    std::string path() const;

    // What was drawn since the last time. The terminal writes CR LF where the program wrote LF.
    std::string drawn() const;

private:
    int master_;
    file_ptr drawn_upon_;
};

} // namespace acme_dns01::test
