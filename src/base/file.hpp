#pragma once

#include <string>
#include <system_error>

namespace acme_dns01 {

// The text of a file: std::errc::file_too_large where it has more than `size_max` bytes, of which
// hardly more are read, since a file may be endless (/dev/zero).
std::string text_of_file(std::string const& path, std::size_t size_max, std::error_code& ec);

} // namespace acme_dns01
