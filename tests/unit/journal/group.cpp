#include "journal/group.hpp"

#include "base/concurrent.hpp"
#include "journal/ledger.hpp"
#include "journal/store.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/run_awaitable.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(journal_group)

using namespace acme_dns01;
using namespace acme_dns01::journal;
using boost::test_tools::per_element;
namespace asio = boost::asio;

namespace {

using texts = std::vector<std::string>;
using outcomes = std::vector<result<void>>;
using tasks = std::vector<asio::awaitable<result<void>>>;

// SQLite counts the transactions in the file's header (Database File Format, 1.3.7).
unsigned transactions_of(std::filesystem::path const& file) {
    std::array<char, 28> header{};
    std::ifstream(file, std::ios::binary).read(header.data(), header.size());
    unsigned count = 0;
    for (std::size_t i = 24; i < header.size(); ++i)
        count = count * 256 + static_cast<unsigned char>(header[i]);
    return count;
}

struct written_file {
    sandbox::temporary_folder folder{"acme-dns01-group"};
    std::filesystem::path path = folder.path() / "journal.sqlite";
    database db = database::open(path).value();
    std::optional<group> steps{std::in_place};

    written_file() {
        BOOST_REQUIRE(db.execute("CREATE TABLE t (name TEXT NOT NULL)"));
        // One step fails, and one ends the transaction, as a full disk may.
        BOOST_REQUIRE(db.execute("CREATE TRIGGER bad BEFORE INSERT ON t WHEN NEW.name = 'bad'"
                                 " BEGIN SELECT RAISE(FAIL, 'no'); END"));
        BOOST_REQUIRE(db.execute("CREATE TRIGGER fatal BEFORE INSERT ON t WHEN NEW.name = 'fatal'"
                                 " BEGIN SELECT RAISE(ROLLBACK, 'full'); END"));
    }

    texts names() {
        texts all;
        statement select(db, "SELECT name FROM t ORDER BY rowid");
        while (select.step().value())
            all.push_back(select.text(0));
        return all;
    }

    unsigned transactions() const { return transactions_of(path); }
};

intent intent_for(std::string const& domain) {
    intent i;
    i.domain = domain;
    return i;
}

constexpr std::array<rate_window, 1> three_an_hour{{{std::chrono::hours(1), 3}}};

struct written_store {
    sandbox::temporary_folder folder{"acme-dns01-group"};
    store journal = store::open(folder.path()).value();
    texts left; // domain/id, as a signal would say now

    written_store() {
        journal.watch([this](std::vector<entry> const& all) {
            left.clear();
            for (auto const& e : all)
                left.push_back(e.domain + (e.id ? "/" + std::to_string(*e.id) : ""));
        });
    }
    std::filesystem::path path() const { return folder.path() / "journal.sqlite"; }
    database other() const { return database::open(path()).value(); }
    unsigned transactions() const { return transactions_of(path()); }
    std::vector<entry> rows() { return journal.outstanding().value(); }

    std::vector<result<std::int64_t>> intend_all(std::vector<intent> const& wanted) {
        std::vector<asio::awaitable<result<std::int64_t>>> all;
        for (auto const& i : wanted)
            all.push_back(journal.intend_with_others(i));
        return test::run(all_at_once(std::move(all)));
    }
};

// Two rows, after so many turns of the event loop.
async_result<void> write(written_file& f, std::string name, int turns = 0) {
    auto const executor = co_await asio::this_coro::executor;
    for (int i = 0; i < turns; ++i)
        co_await asio::post(executor, asio::use_awaitable);
    group::step const step = [&] {
        auto const first = f.db.run("INSERT INTO t VALUES (?)", name + " first");
        return first ? f.db.run("INSERT INTO t VALUES (?)", name) : first;
    };
    auto const done = co_await f.steps->write(f.db, step);
    co_return done;
}

asio::awaitable<std::string> claim(store& j, entry const& row) {
    auto const is_ours = co_await j.claim_with_others(row);
    co_return is_ours.value() ? "claimed" : "lost";
}

outcomes write_all(written_file& f, texts const& names) {
    tasks all;
    for (auto const& name : names)
        all.push_back(write(f, name));
    return test::run(all_at_once(std::move(all)));
}

texts messages_of(outcomes const& all) {
    texts found;
    for (auto const& done : all) {
        auto const message = done ? "" : done.error().message;
        found.push_back(message.substr(message.rfind(' ') + 1));
    }
    return found;
}

} // namespace

BOOST_AUTO_TEST_CASE(steps_that_are_ready_together_are_one_transaction_in_their_order) {
    written_file f;
    auto const before = f.transactions();
    auto const done = write_all(f, {"a", "b", "c"});
    BOOST_TEST(messages_of(done) == (texts{"", "", ""}), per_element());
    BOOST_TEST(f.names() == (texts{"a first", "a", "b first", "b", "c first", "c"}), per_element());
    BOOST_TEST(f.transactions() - before == 1U);
    // And those after them another.
    write_all(f, {"d", "e"});
    BOOST_TEST(f.transactions() - before == 2U);
}

BOOST_AUTO_TEST_CASE(a_commit_lets_others_go_first_as_long_as_each_turn_brings_a_step) {
    written_file f;
    auto const before = f.transactions();
    tasks all;
    for (int turns : {0, 1, 2, 3, 20, 21})
        all.push_back(write(f, std::to_string(turns), turns));
    auto const done = test::run(all_at_once(std::move(all)));
    BOOST_TEST(messages_of(done) == texts(6), per_element());
    BOOST_TEST(f.names().size() == 12U);
    BOOST_TEST(f.transactions() - before == 2U);
}

BOOST_AUTO_TEST_CASE(a_transaction_takes_a_limited_number_of_steps) {
    written_file f;
    auto const before = f.transactions();
    write_all(f, texts(2 * group::steps_max + 2, "a"));
    BOOST_TEST(f.names().size() == 2 * (2 * group::steps_max + 2));
    BOOST_TEST(f.transactions() - before == 3U);
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_undoes_only_itself) {
    written_file f;
    auto const before = f.transactions();
    auto const done = write_all(f, {"a", "bad", "c"});
    BOOST_TEST(messages_of(done) == (texts{"", "no", ""}), per_element());
    BOOST_TEST(f.names() == (texts{"a first", "a", "c first", "c"}), per_element());
    BOOST_TEST(f.transactions() - before == 1U);
}

BOOST_AUTO_TEST_CASE(a_step_that_ends_the_transaction_fails_all) {
    written_file f;
    auto const done = write_all(f, {"a", "fatal", "c"});
    BOOST_TEST(messages_of(done) == (texts{"full", "full", "full"}), per_element());
    BOOST_TEST(f.names().empty());
    BOOST_TEST(messages_of(write_all(f, {"d", "e"})) == texts(2), per_element());
}

BOOST_AUTO_TEST_CASE(a_commit_that_fails_fails_all) {
    written_file f;
    BOOST_REQUIRE(f.db.execute("PRAGMA foreign_keys = ON; CREATE TABLE known (name PRIMARY KEY);"
                               "CREATE TABLE late (name REFERENCES known DEFERRABLE INITIALLY "
                               "DEFERRED); CREATE TRIGGER late AFTER INSERT ON t WHEN NEW.name = "
                               "'late' BEGIN INSERT INTO late VALUES (NEW.name); END"));
    auto const done = write_all(f, {"a", "late", "c"});
    BOOST_TEST(messages_of(done) == (texts{"failed", "failed", "failed"}), per_element());
    BOOST_TEST(f.names().empty());
    BOOST_TEST(messages_of(write_all(f, {"d", "e"})) == texts(2), per_element());
    BOOST_TEST(f.names().size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_single_step_is_written_as_it_is) {
    written_file f;
    auto is_in_transaction = true;
    group::step const step = [&] {
        is_in_transaction = f.db.is_in_transaction();
        return result<void>();
    };
    BOOST_TEST(test::run(f.steps->write(f.db, step)).has_value());
    BOOST_TEST(!is_in_transaction);
}

BOOST_AUTO_TEST_CASE(a_cancelled_coroutine_takes_its_step_back) {
    written_file f;
    asio::io_context io(1);
    asio::cancellation_signal signal;
    std::string how;
    auto const end = [&](std::exception_ptr const& e, result<void> const&) {
        try {
            if (e) std::rethrow_exception(e);
        } catch (boost::system::system_error const& cancelled) {
            how = cancelled.code().message();
        }
    };
    asio::co_spawn(io, write(f, "a"), asio::bind_cancellation_slot(signal.slot(), end));
    asio::co_spawn(io, write(f, "b"), [](std::exception_ptr const&, result<void> const&) {});
    // Behind the two, before their commit.
    asio::post(io, [&] { signal.emit(asio::cancellation_type::terminal); });
    io.run();
    BOOST_TEST(how == "Operation canceled");
    BOOST_TEST(f.names() == (texts{"b first", "b"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_step_is_not_called_without_its_group) {
    written_file f;
    asio::io_context io(1);
    asio::co_spawn(io, write(f, "a"), [](std::exception_ptr const&, result<void> const&) {});
    asio::post(io, [&] { f.steps.reset(); });
    io.poll();
    BOOST_TEST(f.names().empty());
}

BOOST_AUTO_TEST_CASE(a_loop_that_ends_before_the_commit_does_not_stop_the_next) {
    written_file f;
    auto io = std::make_unique<asio::io_context>(1);
    asio::co_spawn(*io, write(f, "a"), [](std::exception_ptr const&, result<void> const&) {});
    asio::post(*io, [&] { io->stop(); });
    io->run();
    io.reset();
    BOOST_TEST(messages_of(write_all(f, {"b"})) == texts(1), per_element());
    BOOST_TEST(f.names() == (texts{"b first", "b"}), per_element());
}

BOOST_AUTO_TEST_CASE(several_records_are_intended_created_and_forgotten_together) {
    written_store f;
    auto const before = f.transactions();
    std::vector<intent> const wanted{intent_for("a"), intent_for("b"), intent_for("c")};
    auto const keys = f.intend_all(wanted);
    BOOST_TEST(f.transactions() - before == 1U);
    BOOST_TEST(f.left == (texts{"a", "b", "c"}), per_element());
    for (std::size_t i = 0; i < keys.size(); ++i)
        BOOST_TEST(f.rows()[i].key == keys[i].value());
    tasks all;
    all.push_back(f.journal.created_with_others(keys[0].value(), 7));
    all.push_back(f.journal.forget_with_others(keys[1].value()));
    all.push_back(f.journal.removing_with_others(keys[2].value()));
    test::run(all_at_once(std::move(all)));
    BOOST_TEST(f.transactions() - before == 2U);
    BOOST_TEST(f.left == (texts{"a/7", "c"}), per_element());
    auto const rows = f.rows();
    BOOST_REQUIRE(rows.size() == 2U);
    BOOST_TEST((rows[0].at == state::created && rows[0].id == 7));
    BOOST_TEST((rows[1].at == state::removing && rows[1].key == keys[2].value()));
}

BOOST_AUTO_TEST_CASE(a_row_that_several_want_goes_to_one) {
    written_store f;
    auto const keys = f.intend_all({intent_for("a"), intent_for("b")});
    BOOST_TEST(f.journal.created(keys[1].value(), 7).has_value());
    auto const rows = f.rows();
    std::vector<asio::awaitable<std::string>> claims;
    for (int i = 0; i < 2; ++i)
        claims.push_back(claim(f.journal, rows[0]));
    auto const claimed = test::run(all_at_once(std::move(claims)));
    BOOST_TEST(claimed == (texts{"claimed", "lost"}), per_element());
    auto const wanted = intent_for("b");
    using key = result<std::optional<std::int64_t>>;
    std::vector<asio::awaitable<key>> adoptions;
    for (int i = 0; i < 2; ++i)
        adoptions.push_back(f.journal.adopt_with_others(rows[1], wanted));
    auto const adopted = test::run(all_at_once(std::move(adoptions)));
    BOOST_TEST(adopted[0].value().has_value());
    BOOST_TEST(!adopted[1].value().has_value());
    BOOST_TEST(f.rows().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_record_whose_row_could_not_be_written_is_still_told) {
    written_store f;
    BOOST_REQUIRE(f.other().execute(
        "CREATE TRIGGER full BEFORE INSERT ON record WHEN NEW.domain = 'full' BEGIN"
        " SELECT RAISE(ROLLBACK, 'full'); END"
    ));
    auto const keys = f.intend_all({intent_for("a"), intent_for("full")});
    for (auto const& key : keys)
        BOOST_TEST(key.error().message.ends_with(" cannot be used: full"));
    BOOST_TEST(f.rows().empty());
    BOOST_TEST(f.left == (texts{"a", "full"}), per_element());
    // So is one that was found at the API.
    BOOST_REQUIRE(f.other().execute("DROP TRIGGER full"));
    auto const key = f.intend_all({intent_for("b")}).front().value();
    BOOST_TEST(f.journal.created(key, 8).has_value());
    auto const found = f.rows().front();
    BOOST_TEST(f.journal.forget(key).has_value());
    BOOST_REQUIRE(f.other().execute("DROP TABLE record"));
    auto const wanted = intent_for("c");
    BOOST_TEST(!test::run(f.journal.adopt_with_others(found, wanted)));
    BOOST_TEST(f.left == (texts{"a", "full", "c/8"}), per_element());
}

BOOST_AUTO_TEST_CASE(requests_are_counted_together) {
    sandbox::temporary_folder const folder("acme-dns01-group");
    auto counts = ledger::open(folder.path(), {"token", three_an_hour});
    auto const file = folder.path() / "requests.sqlite";
    auto const before = transactions_of(file);
    std::vector<asio::awaitable<std::optional<ledger::moment>>> all;
    for (int i = 0; i < 5; ++i)
        all.push_back(counts.take_with_others());
    auto const turns = test::run(all_at_once(std::move(all)));
    BOOST_TEST((!turns[0] && !turns[1] && !turns[2]));
    BOOST_TEST((turns[3] && turns[3] == turns[4]));
    BOOST_TEST(transactions_of(file) - before == 1U);
}

BOOST_AUTO_TEST_CASE(a_ledger_that_fails_says_so_once_and_stops_no_request) {
    sandbox::temporary_folder const folder("acme-dns01-group");
    texts warnings;
    acme_dns01::log notes;
    notes.warning = [&](auto const& text) { warnings.push_back(text); };
    auto counts = ledger::open(folder.path(), {"token", three_an_hour, notes});
    auto other = database::open(folder.path() / "requests.sqlite").value();
    BOOST_REQUIRE(other.execute("DROP TABLE request"));
    std::vector<asio::awaitable<std::optional<ledger::moment>>> all;
    for (int i = 0; i < 5; ++i)
        all.push_back(counts.take_with_others());
    auto const turns = test::run(all_at_once(std::move(all)));
    BOOST_TEST(std::ranges::none_of(turns, [](auto const& until) { return bool(until); }));
    BOOST_TEST(warnings.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
