#include "process/confinement.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace acme_dns01 {

namespace {

// The installed header may be older than the kernel, so that what came after Linux 5.13 is here.
struct ruleset {
    std::uint64_t files;
    std::uint64_t ports;
};
struct port_rule {
    std::uint64_t access;
    std::uint64_t port;
};
constexpr std::uint64_t connect_tcp = 1 << 1;
constexpr int port_rule_type = 2;
constexpr int ports_since_version = 4;

constexpr std::uint64_t truncate_file = 1 << 14;
constexpr std::uint64_t file_reads = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t file_writes = file_reads | LANDLOCK_ACCESS_FS_WRITE_FILE | truncate_file;
constexpr std::uint64_t folder_reads = file_reads | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t folder_writes = folder_reads | file_writes | LANDLOCK_ACCESS_FS_MAKE_REG |
                                        LANDLOCK_ACCESS_FS_MAKE_DIR |
                                        LANDLOCK_ACCESS_FS_REMOVE_FILE;

// Every right to a file that the kernel's version of Landlock knows, up to that to truncate.
std::uint64_t all_rights(int version) {
    auto const bits = version >= 3 ? 15 : version == 2 ? 14 : 13;
    return (std::uint64_t{1} << bits) - 1;
}

std::error_code last_error() { return {errno, std::generic_category()}; }

class landlock {
public:
    landlock(int version, bool any_port)
        : rules_{all_rights(version), version >= ports_since_version && !any_port ? connect_tcp : 0}
        , file_(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules_, sizeof(rules_), 0))
          ) {}
    landlock(landlock const&) = delete;
    landlock& operator=(landlock const&) = delete;
    ~landlock() { ::close(file_); }

    bool allow_path(std::string const& path, std::uint64_t to_file, std::uint64_t to_folder) {
        auto const opened = ::open(path.c_str(), O_PATH | O_CLOEXEC);
        if (opened < 0) return true; // it does not exist, or this process may not see it anyway
        struct stat status {};
        auto const is_folder = ::fstat(opened, &status) == 0 && S_ISDIR(status.st_mode);
        landlock_path_beneath_attr rule{};
        rule.allowed_access = (is_folder ? to_folder : to_file) & rules_.files;
        rule.parent_fd = opened;
        auto const added = add(LANDLOCK_RULE_PATH_BENEATH, &rule);
        // A pipe or a socket, such as /dev/stdin, is in no folder and needs no rule.
        auto const needs_none = !added && errno == EBADFD;
        ::close(opened);
        return added || needs_none;
    }

    bool allow_port(std::uint16_t port) {
        port_rule const rule{connect_tcp, port};
        return rules_.ports == 0 || add(port_rule_type, &rule);
    }

    bool enforce() { return ::syscall(SYS_landlock_restrict_self, file_, 0) == 0; }

private:
    bool add(int type, void const* rule) {
        return ::syscall(SYS_landlock_add_rule, file_, type, rule, 0) == 0;
    }

    ruleset rules_;
    int file_;
};

} // namespace

std::error_code confine(confinement const& needs) {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return last_error();
    auto const version = static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION)
    );
    if (version < 1) return {};
    landlock rules(version, needs.any_port);
    auto done = true;
    for (auto const& path : needs.readable)
        done = done && rules.allow_path(path, file_reads, folder_reads);
    for (auto const& path : needs.writable)
        done = done && rules.allow_path(path, file_writes, folder_writes);
    for (auto const port : needs.ports)
        done = done && rules.allow_port(port);
    return done && rules.enforce() ? std::error_code() : last_error();
}

} // namespace acme_dns01
