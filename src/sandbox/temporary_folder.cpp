#include "sandbox/temporary_folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <stdlib.h>
#include <system_error>
#include <unistd.h>

namespace acme_dns01::sandbox {

namespace {

[[noreturn]] void fail(std::string const& what, std::filesystem::path const& path) {
    auto const why = std::generic_category().message(errno);
    throw std::runtime_error(what + " " + path.string() + ": " + why);
}

} // namespace

temporary_folder::temporary_folder(std::string_view prefix) {
    std::error_code ignored;
    auto const base = std::filesystem::temp_directory_path(ignored);
    auto const name = std::string(prefix) + "-XXXXXX";
    auto pattern = ((ignored ? std::filesystem::path("/tmp") : base) / name).string();
    if (::mkdtemp(pattern.data()) == nullptr) fail("cannot create the folder", pattern);
    path_ = pattern;
}

temporary_folder::~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void write_private_file(std::filesystem::path const& path, std::string_view content) {
    auto const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) fail("cannot write", path);
    auto rest = content;
    while (!rest.empty()) {
        auto const written = ::write(file, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::close(file) != 0 || !rest.empty()) fail("cannot write", path);
}

} // namespace acme_dns01::sandbox
