#include "certificate/folder.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <cerrno>

namespace acme_dns01::certificate {

namespace fs = std::filesystem;

error cannot_be_read(std::error_code why) {
    return {
        .kind = error_kind::configuration,
        .message = "cannot be read: " + why.message(),
        .code = why.value(),
    };
}

bool is_forbidden(error const& e) { return e.code == EACCES || e.code == EPERM; }

// A device or a pipe may never end, or change when it is opened.
result<std::string> contents_of(fs::path const& file, std::size_t size_max) {
    std::error_code ec;
    auto const status = fs::status(file, ec);
    if (ec) return cannot_be_read(ec);
    if (fs::is_directory(status))
        return cannot_be_read(std::make_error_code(std::errc::is_a_directory));
    if (!fs::is_regular_file(status)) {
        return error{
            .kind = error_kind::configuration, .message = "cannot be read: it is no regular file"};
    }
    auto text = text_of_file(file.string(), size_max, ec, seconds(0));
    if (ec) return cannot_be_read(ec);
    return text;
}

result<std::vector<fs::path>> entries_of(fs::path const& folder) {
    std::error_code ec;
    std::vector<fs::path> all;
    fs::directory_iterator entry(folder, ec);
    if (ec) return cannot_be_read(ec);
    for (; entry != fs::directory_iterator(); entry.increment(ec)) {
        if (ec || all.size() == entries_max) break;
        if (!entry->path().filename().string().starts_with('.')) all.push_back(entry->path());
    }
    if (ec) return cannot_be_read(ec);
    std::ranges::sort(all);
    return all;
}

std::vector<fs::path> entries_if_any(fs::path const& folder) {
    auto all = entries_of(folder);
    return all ? std::move(*all) : std::vector<fs::path>();
}

fs::path real_path(fs::path const& path) {
    std::error_code ec;
    auto real = fs::canonical(path, ec);
    if (!ec) return real;
    auto whole = fs::absolute(path, ec);
    return ec ? path : whole.lexically_normal();
}

bool is_there(fs::path const& path) {
    std::error_code ec;
    return fs::exists(fs::symlink_status(path, ec));
}

bool is_file(fs::path const& path) {
    std::error_code ec;
    return fs::is_regular_file(path, ec);
}

bool is_folder(fs::path const& path) {
    std::error_code ec;
    return fs::is_directory(path, ec);
}

} // namespace acme_dns01::certificate
