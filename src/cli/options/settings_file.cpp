#include "cli/options/settings_file.hpp"

#include "base/file.hpp"

#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace acme_dns01::cli {

namespace {

constexpr std::size_t size_max = 1024UL * 1024UL;

error unreadable(std::string const& file, int number) {
    return bad_config(file, "cannot be read: " + std::generic_category().message(number));
}

} // namespace

error bad_config(std::string const& file, std::string_view why, std::string hint) {
    return {
        .kind = error_kind::configuration,
        .message = "the configuration file " + file + " " + std::string(why),
        .hint = std::move(hint),
    };
}

result<std::string> config_text(std::string const& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return unreadable(file, errno);
    if (S_ISDIR(status.st_mode)) return unreadable(file, EISDIR);
    if (S_ISREG(status.st_mode) && (status.st_mode & S_IWOTH) != 0) {
        return bad_config(file, "may be written by others", "chmod o-w " + file);
    }
    std::error_code ec;
    auto text = text_of_file(file, size_max, ec);
    if (ec == std::errc::file_too_large) return bad_config(file, "is larger than 1 MiB");
    if (ec) return unreadable(file, ec.value());
    return text;
}

presence look_for_config(std::string const& file) {
    std::error_code ec;
    auto const is_there = std::filesystem::exists(file, ec);
    if (!ec) return {is_there};
    return {
        false,
        "the configuration file " + file + " cannot be reached: " + ec.message() +
            "; if it is there, nothing that it says holds, `allow` and `caa-issuer` included"};
}

} // namespace acme_dns01::cli
