#include "journal/store.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

BOOST_AUTO_TEST_SUITE(journal_journal)

using namespace acme_dns01;
using boost::test_tools::per_element;
using journal::state;
using std::chrono::system_clock;

namespace {

using texts = std::vector<std::string>;

constexpr auto value = "gfj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo";

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

journal::intent intent_for(std::string const& domain, std::string text = value) {
    return {
        .domain = "*." + domain,
        .zone = parsed(domain),
        .fqdn = parsed("_acme-challenge." + domain),
        .value = std::move(text),
        .owner = {"certbot", {4711, "boot:17"}, domain + ",www." + domain},
        .remaining = 3,
    };
}

struct folder {
    sandbox::temporary_folder temporary{"acme-dns01-journal"};
    std::filesystem::path path = temporary.path() / "state";

    journal::store open() const { return journal::store::open(path).value(); }
    std::vector<journal::entry> rows() const { return open().outstanding().value(); }
};

texts domains_of(std::vector<journal::entry> const& rows) {
    texts domains;
    for (auto const& row : rows)
        domains.push_back(row.domain);
    return domains;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_state_has_a_name_of_its_own) {
    BOOST_TEST(to_string(state::planned) == "planned");
    BOOST_TEST(to_string(state::intended) == "intended");
    BOOST_TEST(to_string(state::created) == "created");
    BOOST_TEST(to_string(state::removing) == "removing");
}

BOOST_AUTO_TEST_CASE(an_intent_is_kept_whole) {
    auto j = journal::store::in_memory();
    auto const wanted = intent_for("example.com");
    auto const before = system_clock::now();
    auto const key = j.intend(wanted).value();
    auto const rows = j.outstanding().value();
    BOOST_REQUIRE(rows.size() == 1U);
    BOOST_TEST(rows[0].key == key);
    BOOST_TEST((rows[0].at == state::intended));
    BOOST_TEST(!rows[0].id);
    BOOST_TEST(rows[0].domain == "*.example.com");
    BOOST_TEST((rows[0].zone == wanted.zone));
    BOOST_TEST((rows[0].fqdn == wanted.fqdn));
    BOOST_TEST(rows[0].value == value);
    BOOST_TEST((rows[0].owner == wanted.owner));
    BOOST_TEST(rows[0].remaining == 3);
    BOOST_TEST((rows[0].since > before - std::chrono::seconds(1)));
    BOOST_TEST((rows[0].since <= system_clock::now()));
}

// Each step is taken by a process of its own: the handle is dropped as a crash would drop it.
BOOST_AUTO_TEST_CASE(rows_of_standing_records_are_apart_from_all_others) {
    auto j = journal::store::in_memory();
    auto standing = intent_for("example.com");
    standing.owner.client = journal::standing_client;
    BOOST_REQUIRE(j.intend(intent_for("example.net")));
    BOOST_REQUIRE(j.intend(standing));
    BOOST_TEST((domains_of(j.outstanding().value()) == texts{"*.example.net"}));
    BOOST_TEST((domains_of(j.standing().value()) == texts{"*.example.com"}));
}

BOOST_AUTO_TEST_CASE(a_row_lives_on_through_crashes_until_it_is_forgotten) {
    folder const f;
    auto const key = f.open().intend(intent_for("example.com")).value();
    BOOST_REQUIRE(f.rows().size() == 1U);
    BOOST_TEST((f.rows()[0].at == state::intended));
    BOOST_TEST(!f.rows()[0].id);
    BOOST_TEST(f.open().created(key, 28448446).has_value());
    BOOST_REQUIRE(f.rows().size() == 1U);
    BOOST_TEST((f.rows()[0].at == state::created));
    BOOST_TEST(f.rows()[0].id.value() == 28448446);
    BOOST_TEST(f.open().removing(key).has_value());
    BOOST_REQUIRE(f.rows().size() == 1U);
    BOOST_TEST((f.rows()[0].at == state::removing));
    BOOST_TEST(f.rows()[0].id.value() == 28448446);
    BOOST_TEST(f.open().forget(key).has_value());
    BOOST_TEST(f.rows().empty());
}

BOOST_AUTO_TEST_CASE(a_step_touches_its_own_row_alone) {
    auto j = journal::store::in_memory();
    auto const first = j.intend(intent_for("a.example")).value();
    auto const second = j.intend(intent_for("b.example")).value();
    BOOST_TEST(j.created(second, 2).has_value());
    auto rows = j.outstanding().value();
    BOOST_TEST((rows[0].at == state::intended));
    BOOST_TEST((rows[1].at == state::created));
    BOOST_TEST(j.forget(first).has_value());
    rows = j.outstanding().value();
    BOOST_TEST(domains_of(rows) == texts{"*.b.example"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_row_that_is_not_there_is_no_failure) {
    auto j = journal::store::in_memory();
    BOOST_TEST(j.created(0, 1).has_value());
    BOOST_TEST(j.removing(0).has_value());
    BOOST_TEST(j.forget(0).has_value());
    BOOST_TEST(j.outstanding().value().empty());
}

BOOST_AUTO_TEST_CASE(rows_come_in_the_order_they_were_intended) {
    auto j = journal::store::in_memory();
    texts expected;
    for (auto const* domain : {"c.example", "a.example", "b.example", "d.example"}) {
        BOOST_TEST(j.intend(intent_for(domain)).has_value());
        expected.push_back("*." + std::string(domain));
    }
    BOOST_TEST(domains_of(j.outstanding().value()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_key_is_never_given_out_again) {
    auto j = journal::store::in_memory();
    auto const first = j.intend(intent_for("example.com")).value();
    BOOST_TEST(j.forget(first).has_value());
    BOOST_TEST(j.intend(intent_for("example.com")).value() > first);
}

BOOST_AUTO_TEST_CASE(one_challenge_may_have_several_rows) {
    auto j = journal::store::in_memory();
    auto const first = j.intend(intent_for("example.com")).value();
    auto const second = j.intend(intent_for("example.com")).value();
    BOOST_TEST(first != second);
    BOOST_TEST(j.outstanding().value().size() == 2U);
}

BOOST_AUTO_TEST_CASE(open_handles_see_each_others_rows) {
    folder const f;
    auto one = f.open();
    auto other = f.open();
    auto const key = one.intend(intent_for("a.example")).value();
    BOOST_TEST(other.created(key, 7).has_value());
    BOOST_TEST(other.intend(intent_for("b.example")).has_value());
    auto const rows = one.outstanding().value();
    BOOST_REQUIRE(rows.size() == 2U);
    BOOST_TEST(rows[0].id.value() == 7);
    BOOST_TEST(rows[1].domain == "*.b.example");
}

BOOST_AUTO_TEST_CASE(hostile_texts_survive) {
    folder const f;
    std::string const hostile = "it's \"x\"\n'); DROP TABLE record; --\t\x1b[2J\xc3\xbc\xff";
    auto wanted = intent_for("example.com", hostile);
    wanted.domain = hostile;
    wanted.owner = {hostile, {-1, hostile}, hostile};
    BOOST_TEST(f.open().intend(wanted).has_value());
    auto const rows = f.rows();
    BOOST_REQUIRE(rows.size() == 1U);
    BOOST_TEST(rows[0].domain == hostile);
    BOOST_TEST(rows[0].value == hostile);
    BOOST_TEST((rows[0].owner == wanted.owner));
}

BOOST_AUTO_TEST_CASE(in_memory_is_not_durable_and_nobody_elses) {
    auto one = journal::store::in_memory();
    auto other = journal::store::in_memory();
    BOOST_TEST(!one.is_durable());
    BOOST_TEST(one.intend(intent_for("example.com")).has_value());
    BOOST_TEST(one.outstanding().value().size() == 1U);
    BOOST_TEST(other.outstanding().value().empty());
    BOOST_TEST(folder().open().is_durable());
}

BOOST_AUTO_TEST_CASE(no_zones_are_remembered_at_first) {
    auto j = journal::store::in_memory();
    BOOST_TEST(!j.zones_of("account").value().has_value());
}

BOOST_AUTO_TEST_CASE(zones_are_remembered_by_account_until_forgotten) {
    folder const f;
    std::vector<dns::name> const zones{parsed("example.com"), parsed("xn--bcher-kva.example")};
    auto const before = system_clock::now();
    BOOST_TEST(f.open().remember_zones("one", {zones, true, system_clock::now()}).has_value());
    auto const remembered = f.open().zones_of("one").value();
    BOOST_REQUIRE(remembered.has_value());
    BOOST_TEST((remembered->zones == zones));
    BOOST_TEST((remembered->since > before - std::chrono::seconds(1)));
    BOOST_TEST((remembered->since <= system_clock::now()));
    BOOST_TEST(!f.open().zones_of("other").value().has_value());
    BOOST_TEST(f.open().forget_zones("other").has_value());
    BOOST_TEST(f.open().zones_of("one").value().has_value());
    BOOST_TEST(f.open().forget_zones("one").has_value());
    BOOST_TEST(!f.open().zones_of("one").value().has_value());
}

BOOST_AUTO_TEST_CASE(the_latest_listing_replaces_the_one_before) {
    auto j = journal::store::in_memory();
    BOOST_TEST(j.remember_zones("one", {{parsed("a.example"), parsed("b.example")}}).has_value());
    BOOST_TEST(j.remember_zones("one", {{parsed("c.example")}}).has_value());
    BOOST_TEST((j.zones_of("one").value()->zones == std::vector{parsed("c.example")}));
}

BOOST_AUTO_TEST_CASE(an_account_without_zones_is_remembered_too) {
    auto j = journal::store::in_memory();
    BOOST_TEST(j.remember_zones("one", {{}}).has_value());
    auto const remembered = j.zones_of("one").value();
    BOOST_REQUIRE(remembered.has_value());
    BOOST_TEST(remembered->zones.empty());
}

BOOST_AUTO_TEST_CASE(a_row_is_claimed_as_it_was_seen_or_not_at_all) {
    auto j = journal::store::in_memory();
    auto const key = j.intend(intent_for("example.com")).value();
    auto const intended = j.outstanding().value().front();
    BOOST_TEST(j.created(key, 17).has_value());
    BOOST_TEST(!j.claim(intended).value());
    auto const made = j.outstanding().value().front();
    BOOST_TEST((made.at == state::created));
    BOOST_TEST(j.claim(made).value());
    BOOST_TEST((j.outstanding().value().front().at == state::removing));
    BOOST_TEST(!j.claim(made).value());
    BOOST_TEST(j.forget(key).has_value());
    BOOST_TEST(!j.claim(made).value());
}

// What is told at each step, as "example.com/7", or "?" without an id.
BOOST_AUTO_TEST_CASE(each_step_tells_what_would_be_left) {
    auto j = journal::store::in_memory();
    texts told;
    j.watch([&](std::vector<journal::entry> const& left) {
        std::string line;
        for (auto const& e : left)
            line += (e.id ? e.zone.text() + "/" + std::to_string(*e.id) : "?") + " ";
        told.push_back(line);
    });
    auto const key = j.intend(intent_for("example.com")).value();
    BOOST_TEST(j.created(key, 7).has_value());
    auto const failed = j.intend(intent_for("example.net")).value();
    BOOST_TEST(j.forget(failed).has_value());
    j.take_up(j.outstanding().value().front());
    journal::entry other;
    other.zone = parsed("example.org");
    other.id = 8;
    j.take_up(other);
    j.drop(parsed("example.com"), 7);
    j.drop(parsed("example.org"), 8);
    BOOST_TEST(
        told == (texts{
                    "? ",
                    "example.com/7 ",
                    "example.com/7 ? ",
                    "example.com/7 ",
                    "example.com/7 ",
                    "example.com/7 example.org/8 ",
                    "example.org/8 ",
                    "",
                }),
        per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_record_is_adopted_unless_it_was_claimed_before) {
    auto j = journal::store::in_memory();
    auto const key = j.intend(intent_for("example.com")).value();
    BOOST_TEST(j.created(key, 17, journal::possible_copies::late).has_value());
    auto const left = j.outstanding().value().front();
    auto mine = intent_for("example.com");
    mine.owner.process = {4712, "boot:18"};
    auto const adopted = j.adopt(left, mine).value();
    BOOST_REQUIRE(adopted.has_value());
    auto const rows = j.outstanding().value();
    BOOST_REQUIRE(rows.size() == 1U);
    BOOST_TEST(rows[0].key == *adopted);
    BOOST_TEST((rows[0].at == state::created));
    BOOST_TEST((rows[0].owner == mine.owner));
    BOOST_TEST((rows[0].id == 17));
    BOOST_TEST((rows[0].others == journal::possible_copies::late));
    BOOST_TEST(!j.claim(left).value());

    BOOST_TEST(j.claim(rows[0]).value());
    BOOST_TEST(!j.adopt(rows[0], mine).value().has_value());
    BOOST_TEST(j.outstanding().value().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_last_cleanup_is_expected_for_one_run_alone) {
    auto j = journal::store::in_memory();
    BOOST_TEST(j.intend(intent_for("a.example")).has_value());
    BOOST_TEST(j.intend(intent_for("b.example")).has_value());
    BOOST_TEST(bool(j.expect_last_cleanup(intent_for("b.example").owner)));
    auto const rows = j.outstanding().value();
    BOOST_TEST(!rows[0].last_cleanup_follows);
    BOOST_TEST(rows[1].last_cleanup_follows);
}

BOOST_AUTO_TEST_SUITE_END()
