#include "services/state_folder.hpp"

#include "sandbox/temporary_folder.hpp"
#include "support/challenge_services.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_state_folder)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

std::vector<rate_window> const one_an_hour{{std::chrono::hours(1), 1}};

constexpr auto without_journal =
    "; records are found again by name and value only, and every hook waits for its own record";

// A state folder, and what it has logged.
struct folder_at {
    explicit folder_at(std::string const& path) : state(path, logged) {}

    texts notes;
    texts warnings;
    acme_dns01::log logged{
        [this](auto const& text) { notes.push_back(text); },
        [this](auto const& text) { warnings.push_back(text); }};
    services::state_folder state;
};

// Even root makes no folder there.
constexpr auto unwritable = "/dev/null/state";

journal::intent intent() {
    journal::intent wanted;
    wanted.domain = "example.com";
    wanted.zone = name_of("example.com");
    wanted.fqdn = name_of("_acme-challenge.example.com");
    wanted.value = "value";
    return wanted;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_folder_that_others_may_write_to_is_refused) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    auto const path = (folder.path() / "state").string();
    std::filesystem::create_directory(path);
    auto const set_mode = [](std::string const& at, unsigned mode) {
        std::filesystem::permissions(at, static_cast<std::filesystem::perms>(mode));
    };
    auto const message = "the state folder " + path + " is not safe: other users may write to ";
    for (auto const& weak : {path, folder.path().string()}) {
        set_mode(weak, 0777);
        folder_at f(path);
        auto const refused = f.state.durable_journal();
        BOOST_REQUIRE(!refused);
        BOOST_TEST(to_string(refused.error().kind) == "configuration");
        BOOST_TEST(refused.error().message == message + weak);
        BOOST_TEST(refused.error().hint == "chmod go-w " + weak);
        BOOST_TEST(!f.state.check_owners());
        BOOST_TEST(!f.state.journal().is_durable());
        set_mode(weak, 0700);
        BOOST_TEST(f.state.check_owners().has_value());
    }
}

BOOST_AUTO_TEST_CASE(files_that_others_may_write_to_are_refused) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    BOOST_REQUIRE(folder_at(folder.path()).state.journal().plan({intent()}));
    texts const files{"the journal journal.sqlite", "the file of plans plans.sqlite"};
    for (auto const& named : files) {
        auto const name = named.rfind(' ') + 1;
        auto const file = (folder.path() / named.substr(name)).string();
        std::filesystem::permissions(file, std::filesystem::perms(0666));
        folder_at f(folder.path());
        auto const refused = f.state.check_owners().error();
        auto const message = " is not safe: other users may write to ";
        BOOST_TEST(refused.message == named.substr(0, name) + file + message + file);
        BOOST_TEST(refused.hint == "chmod go-w " + file);
        BOOST_TEST(!f.state.durable_journal());
        std::filesystem::permissions(file, std::filesystem::perms(0600));
    }
}

BOOST_AUTO_TEST_CASE(the_journal_and_the_ledger_are_in_the_folder) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    auto const path = folder.path() / "state";
    folder_at first(path);
    BOOST_TEST(first.state.journal().is_durable());
    BOOST_REQUIRE(first.state.durable_journal());
    BOOST_TEST((first.state.durable_journal().value() == &first.state.journal()));
    BOOST_REQUIRE(first.state.journal().intend(intent()));
    first.state.open_ledger("account", one_an_hour);
    BOOST_TEST(std::filesystem::exists(path / "requests.sqlite"));
    folder_at second(path);
    BOOST_TEST(second.state.journal().outstanding().value().size() == 1U);
    BOOST_TEST(first.notes.empty());
    BOOST_TEST(first.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_host_without_a_state_folder_keeps_its_journal_in_memory) {
    folder_at none("");
    auto& journal = none.state.journal();
    BOOST_TEST(!journal.is_durable());
    BOOST_REQUIRE(journal.intend(intent()));
    BOOST_TEST(none.state.journal().outstanding().value().size() == 1U);
    BOOST_TEST(
        none.notes == texts{std::string("there is no state folder") + without_journal},
        boost::test_tools::per_element()
    );
    BOOST_TEST(none.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_a_note) {
    folder_at none(unwritable);
    BOOST_TEST(!none.state.journal().is_durable());
    BOOST_REQUIRE(none.notes.size() == 1U);
    BOOST_TEST(
        none.notes[0] == std::string("the state folder ") + unwritable +
                             " cannot be created: Not a directory" + without_journal
    );
    BOOST_TEST(none.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_journal_is_a_warning) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    auto const file = folder.path() / "journal.sqlite";
    sandbox::write_private_file(file, std::string(4096, 'x'));
    folder_at damaged(folder.path());
    BOOST_TEST(!damaged.state.journal().is_durable());
    BOOST_TEST(
        damaged.warnings ==
            texts{
                "the journal " + file.string() + " cannot be used: file is not a database" +
                without_journal},
        boost::test_tools::per_element()
    );
    BOOST_TEST(damaged.notes.empty());
}

BOOST_AUTO_TEST_CASE(a_command_without_the_journal_it_needs_gets_the_reason) {
    folder_at none("");
    auto const first = none.state.durable_journal();
    BOOST_REQUIRE(!first);
    BOOST_TEST(
        whole_text(first.error()) ==
        "configuration: there is no state folder: name one with --state-dir"
    );
    BOOST_TEST(none.notes.empty());
    none.state.journal();
    BOOST_TEST(whole_text(none.state.durable_journal().error()) == whole_text(first.error()));
    folder_at unwritten(unwritable);
    BOOST_TEST(
        whole_text(unwritten.state.durable_journal().error()) ==
        std::string("configuration: the state folder ") + unwritable +
            " cannot be created: Not a directory: choose another with --state-dir"
    );
}

BOOST_AUTO_TEST_CASE(without_a_folder_the_ledger_counts_in_memory) {
    folder_at none("");
    auto ledger = none.state.open_ledger("account", one_an_hour);
    BOOST_TEST(!ledger.take().has_value());
    BOOST_TEST(ledger.take().has_value());
    auto another = none.state.open_ledger("account", one_an_hour);
    BOOST_TEST(!another.take().has_value());
    BOOST_TEST(none.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_ledger_that_cannot_be_used_is_a_warning) {
    sandbox::temporary_folder const folder("acme-dns01-test");
    auto const file = folder.path() / "requests.sqlite";
    std::filesystem::create_directory(file);
    folder_at unusable(folder.path());
    unusable.state.open_ledger("account", one_an_hour);
    BOOST_REQUIRE(unusable.warnings.size() == 1U);
    BOOST_TEST(unusable.warnings[0].find(file.string()) != std::string::npos);
    BOOST_TEST(unusable.state.journal().is_durable());
}

BOOST_AUTO_TEST_SUITE_END()
