#include "dns/message.hpp"
#include "journal/database.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/child_process.hpp"
#include "support/client_world.hpp"
#include "support/outcome_check.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <new>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

BOOST_AUTO_TEST_SUITE(limits_shortage)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;

namespace {

using texts = std::vector<std::string>;

constexpr auto open_files_hint =
    "acme-dns01: hint: raise the limit on open files (ulimit -n, LimitNOFILE= of a systemd unit)\n";
constexpr auto no_memory =
    "acme-dns01: error: there is not enough memory\n"
    "acme-dns01: hint: free some memory, or raise the limit (ulimit -v, MemoryMax= of a systemd "
    "unit)\n";

texts const present{"present", "example.com", value_a};
texts const cleanup{"cleanup", "example.com", value_a};

// The program below a shell script, whose "$@" it is.
texts in_a_shell(std::string const& script, texts const& line) {
    texts all{"sh", "-c", script, "sh", tested::program()};
    all.insert(all.end(), line.begin(), line.end());
    return all;
}

user without_memory(local_digitalocean const& s, std::size_t beyond) {
    user poor(s);
    poor.with("LD_PRELOAD", tested::no_memory_library());
    poor.with("NO_MEMORY_BEYOND", std::to_string(beyond));
    return poor;
}

// What is wrong once the program has ended so: a record at the API that the journal does not have.
std::string unknown_records(local_digitalocean const& s) {
    auto const known = user(s).outstanding("value");
    std::string unknown;
    for (auto const& value : txt_values(s, "example.com")) {
        if (std::ranges::count(known, value) == 0) unknown += value;
    }
    return unknown;
}

// It gets less and less short of memory, until there is enough.
void check_with_little_memory(texts const& line, int status_with_enough) {
    local_digitalocean const s(quick());
    for (std::size_t bytes = 1000;; bytes = bytes * 5 / 4) {
        BOOST_TEST_CONTEXT(line[0] << " with " << bytes << " bytes") {
            auto const done = without_memory(s, bytes).run(line);
            BOOST_TEST(unknown_records(s) == "");
            if (!done.err.starts_with(no_memory)) {
                BOOST_TEST(done.status == status_with_enough);
                return;
            }
            BOOST_TEST(done.status == 8);
            BOOST_TEST(done.out == "");
            auto const left = done.err.substr(std::string(no_memory).size());
            BOOST_TEST(
                (left.empty() || left.starts_with("acme-dns01: warning: interrupted")), left
            );
        }
    }
}

// In a mount namespace of its own, where "$ACME_DNS01_STATE_DIR" is a small file system.
outcome on_a_small_disk(local_digitalocean const& s, std::string const& script) {
    auto const mounted = "mount -t tmpfs -o size=64k,mode=700 none \"$ACME_DNS01_STATE_DIR\" && "
                         "\"$@\" status >/dev/null; ";
    texts const first{"unshare", "-m"};
    auto line = in_a_shell(mounted + script, {});
    line.insert(line.begin(), first.begin(), first.end());
    return user(s).execute(line);
}

boost::test_tools::assertion_result may_mount(boost::unit_test::test_unit_id /*test*/) {
    acme_dns01::test::command command;
    command.arguments = {"unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"};
    command.capture = true;
    auto const done = run(command);
    boost::test_tools::assertion_result can(done && done->status == 0);
    can.message() << "this host allows no mount namespaces for processes";
    return can;
}

std::string cannot_be_used(local_digitalocean const& s, std::string const& why) {
    return "acme-dns01: warning: the journal " + s.state_dir() +
           "/journal.sqlite cannot be used: " + why;
}

constexpr auto by_name = "; records are found again by name and value only, and every hook waits "
                         "for its own record\n";

// All memory that a process may have, in pieces that are given back one by one, the smallest first.
class spent_memory {
public:
    spent_memory() {
        constexpr rlim_t more = 4UL << 20U;
        rlim_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        rlimit const limit{pages * static_cast<rlim_t>(::getpagesize()) + more, RLIM_INFINITY};
        ::setrlimit(RLIMIT_AS, &limit);
        for (std::size_t size = 1UL << 20U; size >= sizeof(piece); size /= 2) {
            while (auto* taken = static_cast<piece*>(std::malloc(size))) {
                taken->before = last_;
                last_ = taken;
            }
        }
    }
    bool give_back() {
        if (last_ == nullptr) return false;
        std::free(std::exchange(last_, last_->before));
        return true;
    }

private:
    struct piece {
        piece* before;
    };
    piece* last_ = nullptr;
};

// A message is written and read, or there is not enough memory for it: nothing in between.
bool reads_whole_messages(acme_dns01::dns::message const& query) {
    namespace dns = acme_dns01::dns;
    spent_memory memory;
    do {
        try {
            auto const wire = dns::query_wire(query);
            auto const read = wire ? dns::from_wire(*wire) : wire.error();
            return read && read->asked == query.asked;
        } catch (std::bad_alloc const&) {
        }
    } while (memory.give_back());
    return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(without_memory_each_command_says_so_and_forgets_nothing) {
    std::vector<std::pair<texts, int>> const lines{
        {{"present", "example.com", value_a, "--no-wait"}, 0},
        {cleanup, 0},
        {{"caa", "check", "example.com", "--issuer", "letsencrypt"}, 0},
        {{"sweep"}, 0},
    };
    for (auto const& [line, status] : lines)
        check_with_little_memory(line, status);
}

// ldns would end the process, or leave out a part of the message.
BOOST_AUTO_TEST_CASE(a_message_has_all_the_memory_it_needs_or_none) {
    acme_dns01::dns::question const asked{
        acme_dns01::dns::name::parse("_acme-challenge.example.com").value()};
    auto const query = acme_dns01::dns::make_query(asked, 7, false);
    BOOST_TEST(succeeded(child_that([&] { return reads_whole_messages(query); })));
}

BOOST_AUTO_TEST_CASE(without_memory_json_is_one_object) {
    local_digitalocean const s(quick());
    auto const done = without_memory(s, 100'000).run({"present", "example.com", value_a, "--json"});
    check_outcome(
        done,
        8,
        R"({"error":{"kind":"no_memory","exit":8,"message":"there is not enough memory",)"
        R"("hint":"free some memory, or raise the limit (ulimit -v, MemoryMax= of a systemd )"
        "unit)\",\"request_id\":null}}\n",
        no_memory
    );
}

BOOST_AUTO_TEST_CASE(without_a_thread_nothing_is_created) {
    local_digitalocean const s(quick());
    user poor(s);
    poor.with("LD_PRELOAD", tested::no_memory_library()).with("NO_THREADS", "1");
    check_outcome(
        poor.run(present),
        8,
        "",
        "acme-dns01: error: this host sets a limit: Resource temporarily unavailable\n"
        "acme-dns01: hint: raise the limit on processes (ulimit -u, TasksMax= of a systemd unit)\n"
    );
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(with_few_descriptors_the_hint_is_their_limit) {
    local_digitalocean const s(quick({0, 0, 0}));
    // No descriptors come free while it tries again.
    texts const line{"present", "example.com", value_a, "--deadline", "1"};
    for (int files = 4; files < 40; ++files) {
        BOOST_TEST_CONTEXT(files << " descriptors") {
            auto const limit = "ulimit -n " + std::to_string(files) + "; exec \"$@\"";
            auto const done = user(s).execute(in_a_shell(limit, line));
            auto const told = done.err.find("journal.sqlite cannot be used") != std::string::npos;
            BOOST_TEST((told || unknown_records(s).empty()));
            user(s).run(cleanup);
            if (done.status == 0) return;
            // The loader could not open the program's libraries.
            if (done.status == 127) continue;
            BOOST_TEST((done.status == 8 || done.status == 7), done.err);
            BOOST_TEST(done.err.find("Too many open files") != std::string::npos, done.err);
            BOOST_TEST(done.err.ends_with(open_files_hint), done.err);
        }
    }
    BOOST_ERROR("it never had enough");
}

BOOST_AUTO_TEST_CASE(a_closed_or_full_stderr_stops_nothing) {
    local_digitalocean const s(quick());
    temporary_folder const here("acme-dns01-test");
    auto const file = (here.path() / "status").string();
    for (std::string const& script : texts{
             "\"$@\" --verbose 2>/dev/full; echo $? >\"$STATUS\"",
             "\"$@\" --verbose 2>&-; echo $? >\"$STATUS\"",
             "{ \"$@\" --verbose 2>&1 >/dev/null; echo $? >\"$STATUS\"; } | true",
         }) {
        BOOST_TEST_CONTEXT(script) {
            user client(s);
            client.with("STATUS", file).execute(in_a_shell(script, present));
            std::string status;
            std::ifstream(file) >> status;
            BOOST_TEST(status == "0");
            BOOST_TEST(client.run(cleanup).status == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_closed_stdout_is_no_success) {
    local_digitalocean const s(quick());
    auto const script = "{ \"$@\" --json; echo $? >&2; } | true";
    auto const done = user(s).execute(in_a_shell(script, present));
    BOOST_TEST(done.err == "acme-dns01: error: the result cannot be written\n1\n");
    BOOST_TEST(user(s).outstanding("value") == texts{value_a});
}

BOOST_AUTO_TEST_CASE(a_locked_journal_is_waited_for_once) {
    local_digitalocean const s(quick());
    user const admin(s);
    admin.run({"status"});
    auto other = acme_dns01::journal::database::open(s.state_dir() + "/journal.sqlite");
    BOOST_REQUIRE(other.value().execute("BEGIN IMMEDIATE").has_value());
    auto const done = admin.run(present);
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.err == cannot_be_used(s, "database is locked\n"));
    BOOST_REQUIRE(other.value().execute("ROLLBACK").has_value());
    BOOST_TEST(admin.run(cleanup).status == 0);
    BOOST_TEST(txt_values(s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(a_full_disk_stops_no_issuance, *boost::unit_test::precondition(may_mount)) {
    local_digitalocean const s(quick());
    auto const done = on_a_small_disk(
        s,
        "dd if=/dev/zero of=\"$ACME_DNS01_STATE_DIR/fill\" bs=1k 2>/dev/null; "
        "\"$@\" present example.com " +
            value_a + " >/dev/null; echo $?; \"$@\" cleanup example.com " + value_a
    );
    BOOST_TEST(done.out == "0\nexample.com/28448432 removed\n");
    BOOST_TEST(
        done.err.find(cannot_be_used(s, "database or disk is full\n")) != std::string::npos,
        done.err
    );
}

BOOST_AUTO_TEST_CASE(
    a_read_only_journal_stops_no_issuance, *boost::unit_test::precondition(may_mount)
) {
    local_digitalocean const s(quick());
    auto const done = on_a_small_disk(
        s,
        "mount -o remount,ro \"$ACME_DNS01_STATE_DIR\"; \"$@\" present example.com " + value_a +
            " >/dev/null; echo $?; \"$@\" cleanup example.com " + value_a + " 2>/dev/null"
    );
    BOOST_TEST(done.out == "0\nexample.com/28448432 removed\n");
    BOOST_TEST(
        done.err == cannot_be_used(s, "attempt to write a readonly database") + std::string(by_name)
    );
}

BOOST_AUTO_TEST_CASE(a_limit_on_file_sizes_stops_no_issuance) {
    local_digitalocean const s(quick());
    user const admin(s);
    auto const done = admin.execute(in_a_shell("ulimit -f 0; exec \"$@\"", present));
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.err == cannot_be_used(s, "disk I/O error") + std::string(by_name));
    BOOST_TEST(admin.run(cleanup).out == "example.com/28448432 removed\n");
}

BOOST_AUTO_TEST_SUITE_END()
