#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace acme_dns01::certificate {

// Files and folders that may belong to anybody: nothing here waits, follows a loop or reads without
// a bound.

// Certificates of a hundred names, their keys and settings are far smaller.
inline constexpr std::size_t file_max = std::size_t{256} * 1024;

// error_kind::configuration, "cannot be read: No such file or directory", for anything but a
// regular file that can be read and is not larger than `size_max`.
result<std::string> contents_of(std::filesystem::path const& file, std::size_t size_max = file_max);

// The entries of a folder in their order, without hidden ones; at most `entries_max`. The same
// error.
result<std::vector<std::filesystem::path>> entries_of(std::filesystem::path const& folder);
inline constexpr std::size_t entries_max = 20'000;
// None if it cannot be read.
std::vector<std::filesystem::path> entries_if_any(std::filesystem::path const& folder);

// Its code is the number of the reason.
error cannot_be_read(std::error_code why);
bool is_forbidden(error const& e);

// Links followed where they can be; else the path made absolute, without dots.
std::filesystem::path real_path(std::filesystem::path const& path);

bool is_there(std::filesystem::path const& path); // also a link to nothing
bool is_file(std::filesystem::path const& path);
bool is_folder(std::filesystem::path const& path);

} // namespace acme_dns01::certificate
