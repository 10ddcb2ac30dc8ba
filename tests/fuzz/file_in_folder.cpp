#include "fuzz/file_in_folder.hpp"

#include "fuzz/fuzz.hpp"

#include <fstream>
#include <iterator>
#include <stdlib.h>

namespace acme_dns01::fuzz {

namespace fs = std::filesystem;

file_in_folder::file_in_folder(std::string_view name) {
    auto made = (fs::temp_directory_path() / "acme-dns01-fuzz-XXXXXX").string();
    require(::mkdtemp(made.data()) != nullptr, "there is a folder for temporary files");
    folder_ = made;
    path_ = folder_ / name;
}

file_in_folder::~file_in_folder() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void file_in_folder::write(std::string_view content) const {
    for (auto const& file : fs::directory_iterator(folder_))
        fs::remove(file);
    std::ofstream(path_, std::ios::binary) << content;
    fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write);
}

std::string file_in_folder::content() const {
    std::ifstream stream(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

} // namespace acme_dns01::fuzz
