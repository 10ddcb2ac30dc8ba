#include "process/confinement.hpp"

#include "support/child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(confinement_)

using namespace acme_dns01;

namespace {

// 0 if the kernel has none.
long landlock_version() {
    return std::max(
        0L, ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION)
    );
}

// A folder with one file, below the folder for temporary files.
struct folder {
    folder() {
        BOOST_REQUIRE(::mkdtemp(path.data()) != nullptr);
        auto const made = ::open(file().c_str(), O_CREAT | O_WRONLY, 0600);
        BOOST_REQUIRE(made >= 0);
        ::close(made);
    }
    ~folder() {
        ::unlink(file().c_str());
        ::unlink(new_file().c_str());
        ::rmdir(path.c_str());
    }
    std::string file() const { return path + "/file"; }
    std::string new_file() const { return path + "/new"; }
    std::string path = "/tmp/acme-dns01-confinement-XXXXXX";
};

// The error number, or 0.
int open_error(std::string const& path, int how) {
    auto const file = ::open(path.c_str(), how | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    ::close(file);
    return 0;
}

int execution_error() {
    char name[] = "true";
    char* const arguments[] = {name, nullptr};
    ::execve("/bin/true", arguments, &arguments[1]);
    return errno;
}

// Nothing listens at these ports.
int connection_error(std::uint16_t port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto const s = ::socket(AF_INET, SOCK_STREAM, 0);
    auto const done = ::connect(s, reinterpret_cast<sockaddr*>(&to), sizeof to);
    auto const failure = done == 0 ? 0 : errno;
    ::close(s);
    return failure;
}

// `check` runs in a process that is confined to the needs.
bool holds_confined(confinement const& needs, std::function<bool()> const& check) {
    return test::succeeded(test::child_that([&] { return !confine(needs) && check(); }));
}

} // namespace

BOOST_AUTO_TEST_CASE(privileges_are_given_up_on_every_kernel) {
    BOOST_TEST(holds_confined({}, [] { return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1; }));
}

BOOST_AUTO_TEST_CASE(other_files_cannot_be_opened) {
    folder const readable, other;
    auto const refusal = landlock_version() > 0 ? EACCES : 0;
    BOOST_TEST(holds_confined({{readable.path, "/no/such/folder"}, {}, {}}, [&] {
        return open_error(readable.file(), O_RDONLY) == 0 &&
               open_error(readable.path, O_RDONLY | O_DIRECTORY) == 0 &&
               open_error(readable.file(), O_WRONLY) == refusal &&
               open_error(readable.new_file(), O_WRONLY | O_CREAT) == refusal &&
               open_error(other.file(), O_RDONLY) == refusal;
    }));
}

BOOST_AUTO_TEST_CASE(a_single_file_may_be_read) {
    folder const other;
    auto const refusal = landlock_version() > 0 ? EACCES : 0;
    BOOST_TEST(holds_confined({{other.file()}, {}, {}}, [&] {
        return open_error(other.file(), O_RDONLY) == 0 &&
               open_error(other.file(), O_WRONLY) == refusal &&
               open_error(other.path, O_RDONLY | O_DIRECTORY) == refusal;
    }));
}

BOOST_AUTO_TEST_CASE(a_writable_folder_gets_and_loses_files) {
    folder const state;
    BOOST_TEST(holds_confined({{}, {state.path}, {}}, [&] {
        return open_error(state.new_file(), O_RDWR | O_CREAT | O_TRUNC) == 0 &&
               open_error(state.new_file(), O_RDONLY) == 0 &&
               ::unlink(state.new_file().c_str()) == 0 &&
               ::mkdir(state.new_file().c_str(), 0700) == 0;
    }));
    ::rmdir(state.new_file().c_str());
}

BOOST_AUTO_TEST_CASE(no_program_can_be_executed) {
    auto const ends = [] { return execution_error() == EACCES; };
    // Without Landlock the program runs, and ends with status 0.
    BOOST_TEST(holds_confined({{"/bin", "/usr"}, {"/tmp"}, {}}, ends));
}

BOOST_AUTO_TEST_CASE(other_ports_cannot_be_connected_to) {
    auto const refusal = landlock_version() >= 4 ? EACCES : ECONNREFUSED;
    BOOST_TEST(holds_confined({{}, {}, {1}}, [&] {
        return connection_error(1) == ECONNREFUSED && connection_error(2) == refusal;
    }));
}

BOOST_AUTO_TEST_SUITE_END()
