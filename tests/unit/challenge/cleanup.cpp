#include "challenge/cleanup.hpp"

#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(challenge_cleanup)

using namespace acme_dns01;
using namespace acme_dns01::challenge;
using namespace acme_dns01::test;

namespace {

using keys = std::vector<std::int64_t>;

constexpr auto value = "gfj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo";
constexpr auto other_value = "-fj9Xq-Rg85nM_BDJuMZ4rSzSdNNbyKtvZ1TpVvkcAo";

journal::entry row(std::int64_t key, std::string const& domain, std::string const& text) {
    auto const c = make_challenge(domain, text).value();
    journal::entry e;
    e.key = key;
    e.domain = c.domain;
    e.fqdn = c.fqdn;
    e.value = c.value;
    e.at = journal::state::created;
    return e;
}

keys cleaned_of(
    std::vector<journal::entry> const& rows,
    std::string const& domain,
    std::string const& text = value
) {
    keys found;
    for (auto const& e : rows_to_clean(rows, make_challenge(domain, text).value()))
        found.push_back(e.key);
    return found;
}

// The outcome of a removal: "removed example.com/1", "gone example.com/1", or the failure.
texts outcome_of(result<cleaned> const& done) {
    if (!done) return {whole_text(done.error())};
    texts all;
    for (auto const& label : labels_of(done->removed))
        all.push_back("removed " + label);
    for (auto const& label : labels_of(done->already_gone))
        all.push_back("gone " + label);
    return all;
}

void check(texts const& got, texts const& expected) {
    BOOST_TEST(got == expected, boost::test_tools::per_element());
}

auto const www = challenge_for("www.example.com", value_a);
auto const mail = challenge_for("mail.example.com", value_a);

record_id id_of(std::int64_t id) { return {name_of("example.com"), id}; }

std::string path_of(std::int64_t id) {
    return "/v2/domains/example.com/records/" + std::to_string(id);
}

std::string label_of(std::int64_t id) { return "example.com/" + std::to_string(id); }
std::string deletion_of(std::int64_t id) { return "DELETE " + path_of(id) + " 204"; }

constexpr auto listing_of_www =
    "GET /v2/domains/example.com/records?name=_acme-challenge.www.example.com&type=TXT&page=1&"
    "per_page=200 200";

// As if the owner of the row's record had turned it into an SPF record: the id stays.
std::int64_t change_to_spf(challenge_services& all, journal::entry const& row) {
    all.s.remove_record("example.com", *row.id);
    digitalocean::record spf;
    spf.type = "TXT";
    spf.name = "@";
    spf.data = "v=spf1 -all";
    spf.ttl = 30;
    auto const id = all.s.add_record("example.com", spf);
    auto const key = std::to_string(row.key);
    execute_in_journal(
        all.s, "UPDATE record SET id = " + std::to_string(id) + " WHERE key = " + key
    );
    return id;
}

std::string warning_about(std::int64_t id, std::string const& now) {
    return "record " + label_of(id) + " is not removed: it is no longer the TXT record that was " +
           "created at _acme-challenge.www.example.com, but " + now;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_record_is_named_by_zone_and_id) {
    struct {
        std::string text;
        std::string zone;
        std::int64_t id;
    } const cases[] = {
        {"example.com/28448446", "example.com", 28448446},
        {"Example.COM./1", "example.com", 1},
        {"_acme-challenge.example.com/7", "_acme-challenge.example.com", 7},
        {"example.com/9223372036854775807", "example.com", 9223372036854775807},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const parsed = parse_record_id(c.text);
            BOOST_REQUIRE(parsed);
            BOOST_TEST(parsed->zone.text() == c.zone);
            BOOST_TEST(parsed->id == c.id);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_record_id_is_refused_with_the_reason) {
    for (std::string const text :
         {"",
          "/",
          "./1",
          "28448446",
          "example.com",
          "example.com/",
          "example.com/0",
          "example.com/-1",
          "example.com/+1",
          "example.com/ 1",
          "example.com/1 ",
          "example.com/1a",
          "example.com/0x1",
          "example.com/9223372036854775808"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const parsed = parse_record_id(text);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(to_string(parsed.error().kind) == "usage");
            BOOST_TEST(parsed.error().message == "'" + text + "' does not name a record");
            BOOST_TEST(parsed.error().hint == "write <zone>/<id>, such as example.com/28448446");
        }
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_zone_is_refused_with_the_reason) {
    auto const characters = "is not a domain name: a label holds only letters, digits, '-' and '_'";
    struct {
        std::string text;
        std::string message;
    } const cases[] = {
        {"/1", "'' is not a domain name: it is empty"},
        {"a/b/1", "'a/b' " + std::string(characters)},
        {"../domains/example.com/1",
         "'../domains/example.com' is not a domain name: it has an empty label"},
        {"\x1b[2J/1", "'?[2J' " + std::string(characters)},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const parsed = parse_record_id(c.text);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(to_string(parsed.error().kind) == "usage");
            BOOST_TEST(parsed.error().message == c.message);
        }
    }
}

BOOST_AUTO_TEST_CASE(name_and_value_must_be_equal) {
    std::vector<journal::entry> const rows{
        row(1, "example.com", value),
        row(2, "example.com", other_value),
        row(3, "www.example.com", value),
        row(4, "badexample.com", value),
    };
    BOOST_TEST(cleaned_of(rows, "example.com") == keys{1}, boost::test_tools::per_element());
    BOOST_TEST(
        cleaned_of(rows, "example.com", other_value) == keys{2}, boost::test_tools::per_element()
    );
    BOOST_TEST(cleaned_of(rows, "example.net").empty());
    BOOST_TEST(cleaned_of({}, "example.com").empty());
}

// Some CAs give a name and its wildcard the same value: removing one must leave the other.
BOOST_AUTO_TEST_CASE(a_domain_and_its_wildcard_are_distinguished) {
    std::vector<journal::entry> const rows{
        row(1, "example.com", value), row(2, "*.example.com", value)};
    BOOST_TEST(cleaned_of(rows, "example.com") == keys{1}, boost::test_tools::per_element());
    BOOST_TEST(cleaned_of(rows, "*.example.com") == keys{2}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(if_only_the_other_of_the_two_has_a_record_it_is_chosen) {
    std::vector<journal::entry> const rows{row(1, "*.example.com", value)};
    BOOST_TEST(cleaned_of(rows, "example.com") == keys{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_row_of_the_challenge_is_chosen_in_any_state) {
    auto rows = std::vector{
        row(1, "example.com", value), row(2, "example.com", value), row(3, "example.com", value)};
    rows[0].at = journal::state::intended;
    rows[2].at = journal::state::removing;
    BOOST_TEST(
        cleaned_of(rows, "example.com") == (keys{1, 2, 3}), boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_challenge_with_a_row_takes_one_request) {
    challenge_services all;
    auto const row = all.add_journalled(www, ended_run());
    check(outcome_of(all.run(all.cleaner.remove(www))), {"removed " + label_of(*row.id)});
    check(calls_of(all.s), {deletion_of(*row.id)});
    BOOST_TEST(all.entries().empty());
}

BOOST_AUTO_TEST_CASE(a_record_that_is_gone_is_no_failure) {
    challenge_services all;
    auto const row = all.add_journalled(www, ended_run());
    all.s.remove_record("example.com", *row.id);
    check(outcome_of(all.run(all.cleaner.remove(www))), {"gone " + label_of(*row.id)});
    BOOST_TEST(all.entries().empty());
}

BOOST_AUTO_TEST_CASE(a_challenge_without_a_row_is_found_by_name_and_value) {
    challenge_services all;
    all.add_record(challenge_for("www.example.com", value_b));
    all.add_record(mail);
    auto const id = all.add_record(www);
    check(outcome_of(all.run(all.cleaner.remove(www))), {"removed " + label_of(id)});
    check(calls_about_records(all.s), {listing_of_www, deletion_of(id)});
    BOOST_TEST(txt_values(all.s, "example.com").size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_row_without_an_id_is_found_by_name_and_value) {
    challenge_services all;
    all.add_intent(www, ended_run());
    auto const id = all.add_record(www);
    check(outcome_of(all.run(all.cleaner.remove(www))), {"removed " + label_of(id)});
    check(calls_of(all.s), {listing_of_www, deletion_of(id)});
    BOOST_TEST(all.entries().empty());
}

// Its request may still arrive.
BOOST_AUTO_TEST_CASE(a_young_row_without_a_record_stays_for_a_while) {
    challenge_services all;
    all.add_intent(www, ended_run());
    check(outcome_of(all.run(all.cleaner.remove(www))), {});
    BOOST_TEST(all.entries().size() == 1U);
    execute_in_journal(all.s, "UPDATE record SET since = since - 361000");
    check(outcome_of(all.run(all.cleaner.remove(www))), {});
    BOOST_TEST(all.entries().empty());
}

BOOST_AUTO_TEST_CASE(a_record_of_another_run_that_is_being_created_is_not_taken) {
    challenge_services all;
    all.add_intent(www, ended_run());
    all.add_intent(www, living_run());
    all.add_record(www);
    check(
        outcome_of(all.run(all.cleaner.remove(www))),
        {"server_error: www.example.com: the record at _acme-challenge.www.example.com stays for "
         "now: another run is creating one with the same value: try again when it is done"}
    );
    BOOST_TEST(txt_values(all.s, "example.com").size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_id_with_a_row_takes_one_request) {
    challenge_services all;
    auto const row = all.add_journalled(www, ended_run());
    check(
        outcome_of(all.run(all.cleaner.remove(id_of(*row.id)))), {"removed " + label_of(*row.id)}
    );
    check(calls_of(all.s), {deletion_of(*row.id)});
    BOOST_TEST(all.entries().empty());
}

BOOST_AUTO_TEST_CASE(an_id_without_a_row_is_read_first) {
    challenge_services all;
    auto const id = all.add_record(www);
    check(outcome_of(all.run(all.cleaner.remove(id_of(id)))), {"removed " + label_of(id)});
    check(calls_of(all.s), {"GET " + path_of(id) + " 200", deletion_of(id)});
    check(outcome_of(all.run(all.cleaner.remove(id_of(id)))), {"gone " + label_of(id)});
}

BOOST_AUTO_TEST_CASE(an_id_of_another_kind_of_record_removes_nothing) {
    challenge_services all;
    auto const first = all.s.records("example.com").front().id;
    check(
        outcome_of(all.run(all.cleaner.remove(id_of(first)))),
        {"usage: record " + label_of(first) + " is not removed: it is NS at @, not TXT at a " +
         "challenge name: acme-dns01 removes challenge records only"}
    );
    check(calls_of(all.s), {"GET " + path_of(first) + " 200"});
}

BOOST_AUTO_TEST_CASE(an_id_and_its_challenge_name_the_record) {
    challenge_services all;
    auto const row = all.add_journalled(www, ended_run());
    auto const id = id_of(*row.id);
    check(outcome_of(all.run(all.cleaner.remove(id, www))), {"removed " + label_of(*row.id)});
    check(calls_of(all.s), {deletion_of(*row.id)});
    auto const other = all.add_record(www);
    all.s.clear_calls();
    check(
        outcome_of(all.run(all.cleaner.remove(id_of(other), www))), {"removed " + label_of(other)}
    );
    check(calls_of(all.s), {"GET " + path_of(other) + " 200", deletion_of(other)});
}

BOOST_AUTO_TEST_CASE(the_id_of_another_challenges_record_does_not_count) {
    challenge_services all;
    auto const theirs = all.add_journalled(mail, ended_run());
    auto const ours = all.add_journalled(www, ended_run());
    auto const done = all.run(all.cleaner.remove(id_of(*theirs.id), www));
    check(outcome_of(done), {"removed " + label_of(*ours.id)});
    check(calls_of(all.s), {"GET " + path_of(*theirs.id) + " 200", deletion_of(*ours.id)});
    check(all.rows(), {"created mail.example.com=" + value_a});
}

// A record with an equal value may be the wildcard's.
BOOST_AUTO_TEST_CASE(an_id_that_is_gone_removes_nothing_else) {
    challenge_services all;
    auto const id = all.add_record(www);
    all.s.remove_record("example.com", id);
    all.add_record(www);
    check(outcome_of(all.run(all.cleaner.remove(id_of(id), www))), {"gone " + label_of(id)});
    BOOST_TEST(txt_values(all.s, "example.com").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_changed_record_stays_and_its_old_row_goes) {
    challenge_services all;
    auto const id = change_to_spf(all, all.add_journalled(www, ended_run()));
    execute_in_journal(all.s, "UPDATE record SET since = since - 3600000");
    check(outcome_of(all.run(all.cleaner.remove(www))), {});
    check(calls_of(all.s), {"GET " + path_of(id) + " 200"});
    check(all.warnings, {warning_about(id, "TXT at @ with v=spf1 -all")});
    check(txt_values(all.s, "example.com"), {"v=spf1 -all"});
    BOOST_TEST(all.entries().empty());
}

BOOST_AUTO_TEST_CASE(a_sweep_reads_even_a_young_record_before_it_goes) {
    challenge_services all;
    change_to_spf(all, all.add_journalled(www, ended_run()));
    auto const left = all.add_journalled(mail, ended_run());
    auto const done = all.run(all.cleaner.remove_all(all.entries(), std::chrono::seconds(0)));
    BOOST_TEST(done.failures.empty());
    check(labels_of(done.removed), {label_of(*left.id)});
    check(txt_values(all.s, "example.com"), {"v=spf1 -all"});
    BOOST_TEST(all.entries().empty());
    BOOST_TEST(all.warnings.size() == 1U);
}

// A token that was renewed is of the same account, and knows the zone.
BOOST_AUTO_TEST_CASE(a_row_of_another_token_counts_where_the_account_has_the_zone) {
    challenge_services all;
    auto const row = all.add_journalled(www, ended_run());
    execute_in_journal(all.s, "UPDATE record SET account = 'another'");
    all.s.remove_record("example.com", *row.id);
    check(outcome_of(all.run(all.cleaner.remove(www))), {"gone " + label_of(*row.id)});
    check(
        calls_of(all.s), {"DELETE " + path_of(*row.id) + " 404", "GET /v2/domains/example.com 200"}
    );
    BOOST_TEST(all.entries().empty());
}

BOOST_AUTO_TEST_CASE(a_row_of_another_account_stays) {
    challenge_services all;
    all.add_journalled(www, ended_run());
    execute_in_journal(all.s, "UPDATE record SET account = 'another', zone = 'elsewhere.test'");
    check(
        outcome_of(all.run(all.cleaner.remove(www))),
        {"zone_not_found: www.example.com: the record at _acme-challenge.www.example.com was "
         "created with another token, and the account of the present token has no zone "
         "elsewhere.test: use "
         "the token of the account that has the zone, or choose that account with --account"}
    );
    BOOST_TEST(all.entries().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_that_may_not_be_touched_keeps_its_record) {
    service_settings set;
    set.allowed = {"mail.example.com"};
    challenge_services all(set);
    auto const row = all.add_journalled(www, ended_run());
    auto const unknown = all.add_record(www);
    for (auto const id : {*row.id, unknown}) {
        auto const done = all.run(all.cleaner.remove(id_of(id)));
        BOOST_REQUIRE(!done);
        BOOST_TEST(to_string(done.error().kind) == "configuration");
    }
    auto const done = all.run(all.cleaner.remove(row, std::chrono::hours(1)));
    BOOST_REQUIRE(!done);
    BOOST_TEST(to_string(done.error().kind) == "configuration");
    BOOST_TEST(txt_values(all.s, "example.com").size() == 2U);
    check(calls_of(all.s), {"GET " + path_of(unknown) + " 200"});
    check(all.rows(), {"created www.example.com=" + value_a});
}

BOOST_AUTO_TEST_SUITE_END()
