#include "journal/plans.hpp"

#include "journal/store.hpp"
#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

BOOST_AUTO_TEST_SUITE(journal_plans)

using namespace acme_dns01;
using boost::test_tools::per_element;
using journal::plans;
using journal::state;

namespace {

using keys = std::vector<std::int64_t>;
using texts = std::vector<std::string>;

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

journal::intent intent_for(std::string const& domain, std::int64_t remaining = 3) {
    return {
        .domain = domain,
        .zone = {},
        .fqdn = parsed("_acme-challenge." + domain),
        .value = "gfj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo",
        .owner = {"certbot", {4711, "boot:17", "here"}, "the order"},
        .remaining = remaining,
    };
}

texts shown(std::vector<journal::entry> const& entries) {
    texts all;
    for (auto const& e : entries)
        all.push_back(std::string(to_string(e.at)) + " " + e.domain);
    return all;
}

// Each call by a process of its own.
struct folder {
    sandbox::temporary_folder temporary{"acme-dns01-plans"};

    std::filesystem::path file() const { return plans::file_in(temporary.path()); }
    plans open() const { return plans::open(temporary.path()).value(); }
    journal::store store() const { return journal::store::open(temporary.path()).value(); }
    texts rows() const { return shown(store().outstanding().value()); }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_plan_is_kept_whole_until_it_is_forgotten) {
    folder const f;
    auto const wanted = intent_for("example.com");
    BOOST_REQUIRE(f.open().add({wanted}));
    auto const found = f.open().all().value();
    BOOST_REQUIRE(found.size() == 1U);
    auto const& plan = found.front();
    BOOST_TEST((plan.at == state::planned));
    BOOST_TEST(plan.key < 0);
    BOOST_TEST(plan.domain == wanted.domain);
    BOOST_TEST(plan.zone.is_root());
    BOOST_TEST((plan.fqdn == wanted.fqdn));
    BOOST_TEST(plan.value == wanted.value);
    BOOST_TEST((plan.owner == wanted.owner));
    BOOST_TEST(plan.remaining == 3);
    BOOST_TEST((plan.since <= std::chrono::system_clock::now()));
    BOOST_TEST(bool(f.open().forget(plan.key)));
    BOOST_TEST(f.open().all().value().empty());
    BOOST_TEST(bool(f.open().forget(plan.key)));
}

BOOST_AUTO_TEST_CASE(plans_are_written_whole_or_not_at_all) {
    folder const f;
    auto p = f.open();
    auto db = journal::database::open(f.file(), journal::database::purpose::planning).value();
    BOOST_REQUIRE(
        db.execute("CREATE TRIGGER full BEFORE INSERT ON creation WHEN NEW.domain = 'full.example'"
                   " BEGIN SELECT RAISE(FAIL, 'disk full'); END")
    );
    BOOST_TEST(!p.add({intent_for("a.example"), intent_for("full.example")}));
    BOOST_TEST(p.all().value().empty());
}

BOOST_AUTO_TEST_CASE(plans_of_an_older_order_of_the_same_run_go) {
    auto p = plans::in_memory();
    auto another = intent_for("b.example");
    another.owner.process.pid = 4712;
    BOOST_REQUIRE(p.add({another}));
    BOOST_REQUIRE(p.add({intent_for("old.example", 1)}));
    BOOST_REQUIRE(p.add({intent_for("a.example", 2)}));
    BOOST_REQUIRE(p.add({intent_for("c.example", 1)}));
    texts const expected{"planned b.example", "planned a.example", "planned c.example"};
    BOOST_TEST(shown(p.all().value()) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_replaced_by_an_empty_one) {
    folder const f;
    BOOST_REQUIRE(f.open().add({intent_for("example.com")}));
    auto const whole = std::filesystem::file_size(f.file());
    for (auto const at : {std::uintmax_t{0}, whole / 2, whole - 4096}) {
        {
            std::fstream file(f.file(), std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(static_cast<std::streamoff>(at));
            file << std::string(2048, 'x');
        }
        BOOST_TEST_CONTEXT("damaged at " << at) {
            BOOST_TEST(f.open().all().value().empty());
            BOOST_TEST(bool(f.open().add({intent_for("example.com")})));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_row_that_was_changed_by_hand_is_named) {
    folder const f;
    BOOST_REQUIRE(f.open().add({intent_for("example.com")}));
    for (auto const* change : {"since = -1", "remaining = -1", "fqdn = '..'"}) {
        auto db = journal::database::open(f.file(), journal::database::purpose::planning).value();
        BOOST_REQUIRE(db.execute(std::string("UPDATE creation SET ") + change));
        auto const found = f.store().outstanding();
        BOOST_REQUIRE(!found);
        BOOST_TEST(
            found.error().message == "the journal " + f.file().string() + " contains an invalid row"
        );
        BOOST_TEST(
            found.error().hint ==
            "move the file out of the state folder and inspect it with sqlite3"
        );
    }
}

BOOST_AUTO_TEST_CASE(a_store_shows_plans_after_its_own_rows) {
    folder const f;
    BOOST_TEST(f.rows().empty());
    BOOST_TEST(!std::filesystem::exists(f.file()));
    BOOST_REQUIRE(f.store().plan({intent_for("planned.example")}));
    BOOST_REQUIRE(f.store().intend(intent_for("intended.example")));
    texts const expected{"intended intended.example", "planned planned.example"};
    BOOST_TEST(f.rows() == expected, per_element());
    BOOST_TEST(bool(f.store().forget_planned(f.store().outstanding().value().back().key)));
    BOOST_TEST(f.rows() == texts{"intended intended.example"}, per_element());
}

BOOST_AUTO_TEST_CASE(a_planned_removal_is_seen_until_the_record_is_gone) {
    folder const f;
    auto const key = f.store().intend(intent_for("example.com")).value();
    BOOST_REQUIRE(f.store().created(key, 17));
    BOOST_REQUIRE(f.store().plan_removal(key));
    BOOST_REQUIRE(f.store().plan_removal(key));
    BOOST_TEST(f.rows() == texts{"removing example.com"}, per_element());
    auto const seen = f.store().outstanding().value().front();
    BOOST_TEST(seen.id.value() == 17);
    BOOST_TEST(f.open().removals().value() == keys{key}, per_element());
    BOOST_TEST(f.store().claim(seen).value());
    BOOST_REQUIRE(f.store().forget(key));
    BOOST_TEST(!f.store().claim(seen).value());
    BOOST_TEST(f.rows().empty());
    BOOST_TEST(f.open().removals().value().empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_planned_for_a_row_that_could_not_be_written) {
    auto j = journal::store::in_memory();
    BOOST_TEST(bool(j.plan_removal(journal::no_row)));
    BOOST_TEST(bool(j.forget_planned(journal::no_row)));
    BOOST_TEST(j.outstanding().value().empty());
}

BOOST_AUTO_TEST_SUITE_END()
