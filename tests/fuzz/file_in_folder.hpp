#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace acme_dns01::fuzz {

// A file in a folder of its own, for code that opens files itself. The folder is for this user
// alone, and goes with the object.
class file_in_folder {
public:
    explicit file_in_folder(std::string_view name);
    file_in_folder(file_in_folder const&) = delete;
    file_in_folder& operator=(file_in_folder const&) = delete;
    ~file_in_folder();

    std::filesystem::path const& folder() const { return folder_; }
    std::string const& path() const { return path_; }
    // Nothing else is in the folder afterwards.
    void write(std::string_view content) const;
    std::string content() const;

private:
    std::filesystem::path folder_;
    std::string path_;
};

} // namespace acme_dns01::fuzz
