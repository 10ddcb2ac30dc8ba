#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace acme_dns01::sandbox {

// A folder for its owner only, below TMPDIR, that goes away with this object and all that is in it.
// The constructor throws std::runtime_error where it cannot be made.
class temporary_folder {
public:
    explicit temporary_folder(std::string_view prefix);
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    ~temporary_folder();

    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Replaces the file; only its owner may read it. Throws std::runtime_error.
void write_private_file(std::filesystem::path const& path, std::string_view content);

} // namespace acme_dns01::sandbox
