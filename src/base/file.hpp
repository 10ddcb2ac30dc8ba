#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <system_error>

namespace acme_dns01 {

// The text of a file, without a byte order mark. `ec` is std::errc::file_too_large if it has more
// than `size_max` bytes, and std::errc::timed_out if a pipe or a terminal does not give its text
// within `patience`. At most some kilobytes more than `size_max` are read, because a file may be
// endless (/dev/zero).
std::string text_of_file(
    std::string const& path,
    std::size_t size_max,
    std::error_code& ec,
    seconds patience = seconds(10)
);

// Fails if a user other than root and us can change the file or folder, or put another one in its
// place: if it, a folder above it or a symbolic link on the way to it belongs to another user, or
// if others may write to it or to a folder above it. In a sticky folder such as /tmp others cannot
// replace what is ours. A path that does not exist passes: opening it will fail.
// error_kind::configuration; `what` begins the message ("the token file"), the hint is the command
// that helps.
result<void> check_owners(std::string_view what, std::string const& path);

// True for a secret as Docker and Kubernetes mount it: everybody may read it, but it is root's, and
// its mode cannot be changed, or its next mount will have the same mode.
bool is_mounted_secret(struct stat const& file, struct statfs const& system);

} // namespace acme_dns01
