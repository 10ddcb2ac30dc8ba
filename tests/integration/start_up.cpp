#include "sandbox/temporary_folder.hpp"
#include "support/outcome_check.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <filesystem>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(integration_start_up)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;
namespace fs = std::filesystem;

namespace {

using texts = std::vector<std::string>;

constexpr uid_t daemons = 1;

boost::test_tools::assertion_result can_lend_rights(boost::unit_test::test_unit_id /*test*/) {
    struct statvfs folders {};
    ::statvfs(fs::temp_directory_path().c_str(), &folders);
    boost::test_tools::assertion_result can_run(
        ::geteuid() == 0 && ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 &&
        (folders.f_flag & ST_NOSUID) == 0
    );
    can_run.message() << "only root can make a set-user-ID program, on a file system that has such";
    return can_run;
}

// A copy of the program that anybody may run.
struct copy {
    temporary_folder folder{"acme-dns01-start-up"};
    std::string path = (folder.path() / "acme-dns01").string();

    explicit copy(uid_t owner, mode_t mode) {
        fs::copy_file(tested::program(), path);
        fs::permissions(folder.path(), fs::perms(0755));
        BOOST_REQUIRE(::chown(path.c_str(), owner, owner) == 0);
        BOOST_REQUIRE(::chmod(path.c_str(), mode) == 0);
    }

    outcome run_as_nobody(texts const& arguments) const {
        acme_dns01::test::command c;
        c.arguments = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", path};
        c.arguments.insert(c.arguments.end(), arguments.begin(), arguments.end());
        c.capture = true;
        return run(c).value();
    }
};

// CAP_NET_BIND_SERVICE, as setcap writes it: version 2, effective.
void add_capability(std::string const& path) {
    constexpr std::array<unsigned char, 20> bind{1, 0, 0, 2, 0, 4};
    BOOST_REQUIRE(
        ::setxattr(path.c_str(), "security.capability", bind.data(), bind.size(), 0) == 0
    );
}

void check_refused(copy const& program) {
    for (texts const& line : {texts{"--version"}, texts{"status", "--config=/nonexistent.conf"}}) {
        check_outcome(
            program.run_as_nobody(line),
            3,
            "",
            "acme-dns01: error: acme-dns01 does not run with more rights than its caller has: its "
            "file is set-user-ID or set-group-ID, or has capabilities\n"
            "acme-dns01: hint: remove them with chmod ug-s and setcap -r; use sudo to run it as "
            "another user\n"
        );
    }
}

// Every kind of result: none of these commands waits for anything.
std::vector<texts> const commands{
    {"--version"},
    {"--help"},
    {"status"},
    {"status", "--json"},
    {"wait"},
    {"domain", "list"},
    {"domain", "show", "example.com", "--json"},
    {"record", "list", "example.com", "--all", "--json"},
    {"present", "example.com", value_a, "--no-wait"},
    {"cleanup", "example.com", value_a},
    {"sweep", "--dry-run"},
    {"hook", "certbot-auth"},
};

} // namespace

BOOST_AUTO_TEST_CASE(
    a_program_that_lends_rights_refuses_to_run, *boost::unit_test::precondition(can_lend_rights)
) {
    check_refused(copy(daemons, 04755));
    check_refused(copy(daemons, 02755));
    copy const with_capability(0, 0755);
    add_capability(with_capability.path);
    check_refused(with_capability);
    BOOST_TEST(copy(daemons, 0755).run_as_nobody({"--version"}).status == 0);
}

BOOST_AUTO_TEST_CASE(a_result_that_cannot_be_written_is_never_a_success) {
    local_digitalocean const s(quick());
    user admin(s);
    admin.with("CERTBOT_DOMAIN", "example.com").with("CERTBOT_VALIDATION", value_b);
    for (std::string const where : {">&-", "<&- >&-", ">/dev/full"}) {
        for (auto line : commands) {
            BOOST_TEST_CONTEXT(line.back() << " " << where) {
                line.insert(
                    line.begin(), {"sh", "-c", "exec \"$0\" \"$@\" " + where, tested::program()}
                );
                auto const done = admin.execute(line);
                BOOST_TEST(done.status == 1);
                BOOST_TEST(done.err == "acme-dns01: error: the result cannot be written\n");
            }
        }
    }
}

// Else the next file that it opens would get what it prints.
BOOST_AUTO_TEST_CASE(the_client_of_run_has_no_closed_stream) {
    local_digitalocean const s(quick());
    auto const has_all = "test -e /proc/self/fd/0 && test -e /proc/self/fd/1 && "
                         "test -e /proc/self/fd/2";
    for (std::string const stream : {"0", "1", "2"}) {
        BOOST_TEST_CONTEXT(stream) {
            auto const start = "exec \"$0\" \"$@\" " + stream + ">&-";
            auto const done = user(s).execute(
                {"sh", "-c", start, tested::program(), "run", "--", "sh", "-c", has_all}
            );
            BOOST_TEST(done.status == 0);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
