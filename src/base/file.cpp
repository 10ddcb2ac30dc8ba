#include "base/file.hpp"

#include "base/text.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <filesystem>
#include <linux/magic.h>
#include <optional>
#include <poll.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace acme_dns01 {

namespace {

namespace fs = std::filesystem;

// The reason why nothing can be read now, if waiting does not help.
std::error_code wait_after(int number, int file, deadline limit) {
    if (number == EINTR) return {};
    if (number != EAGAIN) return {number, std::generic_category()};
    if (limit.over()) return std::make_error_code(std::errc::timed_out);
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(limit.left());
    pollfd source{file, POLLIN, 0};
    ::poll(&source, 1, static_cast<int>(left.count()));
    return {};
}

std::string text_of(int file, std::size_t size_max, deadline limit, std::error_code& ec) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    std::string text;
    std::array<char, 8192> buffer{};
    while (!ec) {
        auto const size = ::read(file, buffer.data(), buffer.size());
        if (size < 0) ec = wait_after(errno, file, limit);
        if (size < 0) continue;
        if (size == 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(size));
        if (text.size() > size_max) ec = std::make_error_code(std::errc::file_too_large);
    }
    ::explicit_bzero(buffer.data(), buffer.size()); // it may be a token
    if (ec) text.clear();
    if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    return text; // not copied, for the same reason
}

// In a user namespace everybody whom it does not know has this number, root included.
bool is_unknown_user(uid_t user) {
    constexpr uid_t overflow_user = 65534;
    std::error_code ignored;
    auto const map = text_of_file("/proc/self/uid_map", 4096, ignored);
    return user == overflow_user && split(map, " \n") != split("0 0 4294967295", " ");
}

// The last of a path is not helped by a sticky bit: others may add files to such a folder.
std::optional<error> weakness_of(std::string const& path, struct stat const& status, bool is_last) {
    auto const us = ::geteuid();
    auto const unsafe = [&](std::string why, std::string const& command, bool by_root) {
        auto hint = (by_root ? "as root: " : "") + command + " " + shell_word(path);
        return error{error_kind::configuration, std::move(why), std::move(hint)};
    };
    auto const owner = status.st_uid;
    if (owner != 0 && owner != us && !is_unknown_user(owner)) {
        auto const command = "chown " + (us == 0 ? "root" : std::to_string(us));
        return unsafe(path + " belongs to user " + std::to_string(owner), command, us != 0);
    }
    // Members of root's group are as good as root, a user's private group has the user's number,
    // and writing to a device does not change it.
    auto const is_private_group = status.st_gid == 0 || status.st_gid == us;
    auto const group_writes = (status.st_mode & S_IWGRP) != 0 && !is_private_group;
    auto const others_write = group_writes || (status.st_mode & S_IWOTH) != 0;
    auto const is_safe_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) && !is_last;
    auto const has_no_mode = S_ISLNK(status.st_mode) || S_ISCHR(status.st_mode);
    if (!others_write || is_safe_folder || has_no_mode) return std::nullopt;
    return unsafe("other users may write to " + path, "chmod go-w", us != 0 && owner != us);
}

} // namespace

std::string
text_of_file(std::string const& path, std::size_t size_max, std::error_code& ec, seconds patience) {
    // Opening a pipe would wait for its writer, a terminal could become ours.
    auto const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ec.assign(file < 0 ? errno : 0, std::generic_category());
    if (file < 0) return {};
    auto text = text_of(file, size_max, deadline::in(patience), ec);
    ::close(file);
    return text;
}

result<void> check_owners(std::string_view what, std::string const& path) {
    constexpr unsigned links_max = 40; // as in the kernel
    std::error_code ec;
    auto const whole = fs::absolute(path, ec);
    std::deque<fs::path> rest(whole.begin(), whole.end());
    std::erase(rest, fs::path()); // of a '/' at the end
    fs::path at;
    unsigned links = 0;
    while (!rest.empty() && links < links_max) {
        auto const next = rest.front();
        rest.pop_front();
        if (next.empty() || next == ".") continue;
        at = next == ".." ? at.parent_path() : at / next;
        struct stat status {};
        if (::lstat(at.c_str(), &status) != 0) break;
        auto weakness = weakness_of(at, status, rest.empty());
        if (weakness) return in_context(std::string(what) + " " + path + " is not safe", *weakness);
        if (!S_ISLNK(status.st_mode)) continue;
        // A link is followed by hand, so that the folders of its target are looked at as well.
        ++links;
        auto const target = fs::read_symlink(at, ec);
        at = at.parent_path();
        rest.insert(rest.begin(), target.begin(), target.end());
    }
    return {};
}

bool is_mounted_secret(struct stat const& file, struct statfs const& system) {
    constexpr mode_t writes = S_IWUSR | S_IWGRP | S_IWOTH;
    if (file.st_uid != 0 || (file.st_mode & (S_IWGRP | S_IWOTH)) != 0) return false;
    auto const is_in_memory = system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC;
    return (system.f_flags & ST_RDONLY) != 0 || (is_in_memory && (file.st_mode & writes) == 0);
}

} // namespace acme_dns01
