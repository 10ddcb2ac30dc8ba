#pragma once

#include <functional>
#include <string>
#include <sys/stat.h>
#include <system_error>

namespace acme_dns01 {

// Looks at a file that has been opened and not yet read: false if it must not be read. Asking the
// open file, not its path, leaves no time to put another one in its place.
using file_check = std::function<bool(struct stat const&)>;

// The text of a file. `ec` is std::errc::file_too_large if it has more than `size_max` bytes, and
// std::errc::permission_denied if the check refuses it. At most some kilobytes more than `size_max`
// are read, because a file may be endless (/dev/zero).
std::string text_of_file(
    std::string const& path,
    std::size_t size_max,
    std::error_code& ec,
    file_check const& may_be_read = {}
);

} // namespace acme_dns01
