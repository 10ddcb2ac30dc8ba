#include "base/file.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <linux/magic.h>
#include <sys/statvfs.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(base_file)

using namespace acme_dns01;

namespace {

std::error_code error_of(std::string const& path, std::size_t size_max) {
    std::error_code ec;
    BOOST_TEST(text_of_file(path, size_max, ec) == "");
    return ec;
}

// A file in a folder of its own, with these modes.
struct kept {
    sandbox::temporary_folder temporary{"acme-dns01-file"};
    std::string folder = temporary.path().string() + "/folder";
    std::string file = folder + "/file";

    explicit kept(unsigned file_mode = 0600, unsigned folder_mode = 0700) {
        std::filesystem::create_directory(folder);
        sandbox::write_private_file(file, "text");
        set_mode(file, file_mode);
        set_mode(folder, folder_mode);
    }
    static void set_mode(std::string const& path, unsigned mode) {
        std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
    }
};

std::string refusal(std::string const& path) {
    auto const safe = check_owners("the file", path);
    return safe ? "" : safe.error().message + "; " + safe.error().hint;
}

std::string written_by_others(std::string const& path, std::string const& weak) {
    return "the file " + path + " is not safe: other users may write to " + weak + "; chmod go-w " +
           weak;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_dropped) {
    kept const k;
    sandbox::write_private_file(k.file, "\xef\xbb\xbfmarked\r\n");
    std::error_code ec;
    BOOST_TEST(text_of_file(k.file, 100, ec) == "marked\r\n");
}

BOOST_AUTO_TEST_CASE(a_pipe_that_nobody_writes_to_does_not_hold_us_up) {
    kept const k;
    auto const named = k.folder + "/pipe";
    BOOST_REQUIRE(::mkfifo(named.c_str(), 0600) == 0);
    std::error_code ec;
    BOOST_TEST(text_of_file(named, 100, ec) == "");
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    auto const silent = "/proc/self/fd/" + std::to_string(ends[0]);
    BOOST_TEST(text_of_file(silent, 100, ec, seconds(0.01)) == "");
    BOOST_TEST((ec == std::errc::timed_out));
    BOOST_REQUIRE(::write(ends[1], "text", 4) == 4);
    ::close(ends[1]);
    BOOST_TEST(text_of_file(silent, 100, ec) == "text");
    BOOST_TEST(!ec);
    ::close(ends[0]);
}

BOOST_AUTO_TEST_CASE(a_file_of_ours_in_folders_of_ours_is_safe) {
    for (auto const* path :
         {"/", "/dev/null", "/nonexistent/file", "/etc/passwd", "/proc/self/fd/0"})
        BOOST_TEST(refusal(path) == "");
    for (unsigned const mode : {0600U, 0644U, 0444U}) {
        kept const k(mode, 0755);
        BOOST_TEST(refusal(k.file) == "");
        BOOST_TEST(refusal(k.folder + "/../folder/./file") == "");
        BOOST_TEST(refusal(k.folder + "/missing") == "");
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_to_is_not_safe) {
    kept const k(0602);
    BOOST_TEST(refusal(k.file) == written_by_others(k.file, k.file));
    kept const open_folder(0600, 0707);
    BOOST_TEST(
        refusal(open_folder.file) == written_by_others(open_folder.file, open_folder.folder)
    );
    BOOST_TEST(
        refusal(open_folder.folder + "/missing") ==
        written_by_others(open_folder.folder + "/missing", open_folder.folder)
    );
    kept const sticky(0600, 01777);
    BOOST_TEST(refusal(sticky.file) == "");
    BOOST_TEST(refusal(sticky.folder) == written_by_others(sticky.folder, sticky.folder));
    auto const with_slash = sticky.folder + "/";
    BOOST_TEST(refusal(with_slash) == written_by_others(with_slash, sticky.folder));
}

BOOST_AUTO_TEST_CASE(a_link_is_as_safe_as_every_folder_on_its_way) {
    kept const safe;
    kept const open(0600, 0707);
    auto const link = safe.folder + "/link";
    auto const open_link = open.folder + "/link";
    std::filesystem::create_symlink(safe.file, open_link);
    std::filesystem::create_symlink(open_link, link);
    BOOST_TEST(refusal(link) == written_by_others(link, open.folder));
    kept::set_mode(open.folder, 0700);
    BOOST_TEST(refusal(link) == "");
    std::filesystem::create_symlink("loop", safe.folder + "/loop");
    BOOST_TEST(refusal(safe.folder + "/loop") == "");
}

BOOST_AUTO_TEST_CASE(a_file_of_another_user_or_group_is_not_safe) {
    if (::geteuid() != 0) return; // only root can give files away
    kept const k(0620);
    BOOST_TEST(refusal(k.file) == "");
    BOOST_REQUIRE(::chown(k.file.c_str(), 0, 1234) == 0);
    BOOST_TEST(refusal(k.file) == written_by_others(k.file, k.file));
    BOOST_REQUIRE(::chown(k.folder.c_str(), 1234, 0) == 0);
    BOOST_TEST(
        refusal(k.file) == "the file " + k.file + " is not safe: " + k.folder +
                               " belongs to user 1234; chown root " + k.folder
    );
}

BOOST_AUTO_TEST_CASE(a_secret_is_mounted_where_its_mode_cannot_help) {
    struct {
        uid_t owner;
        mode_t mode;
        long type;
        long flags;
        bool expected;
    } const cases[] = {
        {0, 0444, TMPFS_MAGIC, 0, true},
        {0, 0444, RAMFS_MAGIC, 0, true},
        {0, 0644, TMPFS_MAGIC, ST_RDONLY, true},
        {0, 0644, EXT4_SUPER_MAGIC, ST_RDONLY, true},
        {0, 0644, TMPFS_MAGIC, 0, false},
        {0, 0444, EXT4_SUPER_MAGIC, 0, false},
        {0, 0646, TMPFS_MAGIC, ST_RDONLY, false},
        {0, 0464, TMPFS_MAGIC, ST_RDONLY, false},
        {1234, 0444, TMPFS_MAGIC, ST_RDONLY, false},
    };
    for (auto const& c : cases) {
        struct stat file {};
        file.st_uid = c.owner;
        file.st_mode = S_IFREG | c.mode;
        struct statfs system {};
        system.f_type = c.type;
        system.f_flags = c.flags;
        BOOST_TEST_CONTEXT(c.owner << " " << c.mode << " " << c.type << " " << c.flags) {
            BOOST_TEST(is_mounted_secret(file, system) == c.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_file_is_read_up_to_its_limit) {
    sandbox::temporary_folder const folder("acme-dns01-file");
    auto const path = (folder.path() / "text").string();
    sandbox::write_private_file(path, std::string(20'000, 'x'));
    std::error_code ec;
    BOOST_TEST(text_of_file(path, 20'000, ec) == std::string(20'000, 'x'));
    BOOST_TEST(!ec);
    BOOST_TEST((error_of(path, 19'999) == std::errc::file_too_large));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_has_its_reason) {
    BOOST_TEST((error_of("/nonexistent/file", 10) == std::errc::no_such_file_or_directory));
    BOOST_TEST((error_of("/", 10) == std::errc::is_a_directory));
    BOOST_TEST((error_of("/dev/zero", 10) == std::errc::file_too_large));
}

BOOST_AUTO_TEST_SUITE_END()
