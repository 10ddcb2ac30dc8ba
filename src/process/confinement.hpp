#pragma once

#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

namespace acme_dns01 {

// What a process still needs once it has started. A folder stands for everything below it; a path
// that does not exist is left out.
struct confinement {
    std::vector<std::string> readable;
    std::vector<std::string> writable; // and readable
    std::vector<std::uint16_t> ports;  // TCP ports to connect to
    bool any_port = false;             // where they are not known yet
};

// Gives up the rest for good, by Landlock (landlock(7)): other files, the execution of programs,
// other TCP ports; and by no_new_privs what set-user-ID programs would add. This holds for the
// calling thread and those that it starts later. What is open stays open.
//
// An older kernel does what it can: without Landlock (before 5.13, or not enabled) nothing is given
// up but privileges, and before 6.7 no port. That is no error; any other failure is the kernel's.
std::error_code confine(confinement const& needs);

} // namespace acme_dns01
