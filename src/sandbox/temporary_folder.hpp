#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace acme_dns01::sandbox {

// A folder below TMPDIR that only its owner may enter. It is removed, with everything in it, when
// this object is destroyed. The constructor throws std::runtime_error if it cannot be created.
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

// Replaces the file's content; only its owner may read it. Throws std::runtime_error.
void write_private_file(std::filesystem::path const& path, std::string_view content);

} // namespace acme_dns01::sandbox
