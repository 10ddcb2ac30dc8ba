#include "persist/publish.hpp"

#include "base/text.hpp"
#include "challenge/owner.hpp"
#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(persist_publish)

using namespace acme_dns01;
using namespace acme_dns01::persist;
using namespace acme_dns01::test;
using boost::test_tools::per_element;

namespace {

std::string const uri = "https://ca.example/acct/1";
std::string const wanted = "ca.example; accounturi=" + uri;
std::string const older = wanted + "; persistUntil=5";
std::string const other = "ca.example; accounturi=https://ca.example/acct/2";
std::string const fqdn = "_validation-persist.example.com";

wish for_domain(std::string_view domain = "example.com") {
    record const r{.issuer = "ca.example", .account_uri = uri};
    return {name_of(domain), r, {"ca.example", "ca.test"}, {uri, "https://ca.example/hash/1"}};
}

wish for_removal() {
    auto w = for_domain();
    w.wanted.reset();
    return w;
}

digitalocean::record txt(std::string const& data, std::int64_t id = 0) {
    digitalocean::record r;
    r.id = id;
    r.type = "TXT";
    r.name = "_validation-persist";
    r.data = data;
    return r;
}

result<published> publish(challenge_services& all, wish const& w = for_domain()) {
    publisher by(all.accounts, all.state.journal(), std::nullopt, all.notes_and_warnings);
    return all.run(by.publish(w));
}

std::vector<journal::entry> standing(challenge_services& all) {
    return all.state.journal().standing().value();
}

journal::intent row_of(challenge_services& all, journal::run const& owner) {
    return {
        "example.com", name_of("example.com"), name_of(fqdn), wanted, owner, 0, all.account().id()};
}

// The run of a `persist set` like these, alive or not.
journal::run run_like(journal::run r) {
    r.client = journal::standing_client;
    return r;
}

std::string ids_of(std::vector<digitalocean::record> const& records) {
    texts ids_found;
    for (auto const& r : records)
        ids_found.push_back(std::to_string(r.id));
    return joined(ids_found, " ");
}

} // namespace

BOOST_AUTO_TEST_CASE(only_records_of_the_same_ca_and_account_are_replaced) {
    struct {
        std::string what;
        texts there; // with the ids 1, 2, ...
        std::string id;
        std::string replaced;
        std::string kept;
    } const rows[]{
        {"nothing there", {}, "", "", ""},
        {"the same", {wanted}, "1", "", ""},
        {"the same in other words", {"CA.example.;accounturi=" + uri}, "1", "", ""},
        {"the same twice", {wanted, wanted}, "1", "2", ""},
        {"another end", {older}, "", "1", ""},
        {"the wildcard's", {wanted + "; policy=wildcard"}, "", "1", ""},
        {"in the other form", {"ca.example; accounturi=https://ca.example/hash/1"}, "", "1", ""},
        {"by the CA's other name", {"ca.test; accounturi=" + uri}, "", "1", ""},
        {"malformed", {wanted + ";"}, "", "1", ""},
        {"of another account", {other}, "", "", "1"},
        {"of another CA", {"b.example; accounturi=" + uri}, "", "", "1"},
        {"another text", {"v=spf1 -all"}, "", "", "1"},
        {"all of them", {other, older, wanted, "x"}, "3", "2", "1 4"},
    };
    auto const zone = name_of("example.com");
    for (auto const& r : rows) {
        std::vector<digitalocean::record> there;
        for (auto const& data : r.there)
            there.push_back(txt(data, static_cast<std::int64_t>(there.size()) + 1));
        auto stranger = txt(older, 99);
        stranger.name = "_validation-persist.www";
        there.push_back(stranger);
        auto const c = change_for(for_domain(), zone, name_of(fqdn), there);
        BOOST_TEST_CONTEXT(r.what) {
            BOOST_TEST((c.id ? std::to_string(*c.id) : "") == r.id);
            BOOST_TEST(ids_of(c.replaced) == r.replaced);
            BOOST_TEST(ids_of(c.kept) == r.kept);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_new_record_takes_three_calls_and_leaves_no_row) {
    challenge_services all;
    auto const made = publish(all);
    BOOST_REQUIRE(made);
    BOOST_TEST(made->is_created);
    BOOST_TEST(made->done.fqdn.text() == fqdn);
    BOOST_TEST(txt_values(all.s, "example.com") == texts{wanted}, per_element());
    BOOST_TEST(made->done.id.value() == all.s.records("example.com").back().id);
    BOOST_TEST(calls_of(all.s).size() == 3U);
    BOOST_TEST(standing(all).empty());
    BOOST_TEST(all.warnings.empty());
}

BOOST_AUTO_TEST_CASE(once_more_nothing_is_changed) {
    challenge_services all;
    BOOST_REQUIRE(publish(all));
    all.s.clear_calls();
    auto const again = publish(all);
    BOOST_REQUIRE(again);
    BOOST_TEST(!again->is_created);
    BOOST_TEST(calls_of(all.s).size() == 1U);
    BOOST_TEST(txt_values(all.s, "example.com") == texts{wanted}, per_element());
    BOOST_TEST(standing(all).empty());
}

BOOST_AUTO_TEST_CASE(a_replacement_is_there_before_the_old_one_goes) {
    challenge_services all;
    all.s.add_record("example.com", txt(other));
    auto const old = all.s.add_record("example.com", txt(older));
    auto const made = publish(all);
    BOOST_REQUIRE(made);
    BOOST_TEST(made->removed == ids{old}, per_element());
    BOOST_TEST(txt_values(all.s, "example.com") == (texts{other, wanted}), per_element());
    auto const calls = calls_of(all.s);
    BOOST_REQUIRE(calls.size() == 4U);
    BOOST_TEST(calls[2] == "POST /v2/domains/example.com/records 201");
    BOOST_TEST(calls[3].starts_with("DELETE "));
}

BOOST_AUTO_TEST_CASE(an_old_record_that_stays_is_reported_and_goes_the_next_time) {
    challenge_services all;
    auto const old = all.s.add_record("example.com", txt(older));
    auto refusal = failing(sandbox::fault_action::answer, "DELETE");
    refusal.status = 403;
    all.s.inject(refusal);
    auto const failed = publish(all);
    BOOST_REQUIRE(!failed);
    auto const id = all.s.records("example.com").back().id;
    BOOST_TEST(failed.error().message.starts_with(
        "example.com: record example.com/" + std::to_string(id) +
        " is there, but another that it makes superfluous could not be removed: "
    ));
    BOOST_TEST(txt_values(all.s, "example.com") == (texts{older, wanted}), per_element());
    auto const again = publish(all);
    BOOST_REQUIRE(again);
    BOOST_TEST(again->removed == ids{old}, per_element());
    BOOST_TEST(txt_values(all.s, "example.com") == texts{wanted}, per_element());
    BOOST_TEST(standing(all).empty());
}

BOOST_AUTO_TEST_CASE(a_record_that_came_twice_is_there_once_at_the_end) {
    challenge_services all;
    // The first request is carried out, its answer is lost, and its record is not listed yet.
    all.s.inject(failing(sandbox::fault_action::reset_after, "POST"));
    auto not_yet = failing(sandbox::fault_action::answer, "GET");
    not_yet.path_prefix = "/v2/domains/example.com/records";
    not_yet.skip = 1;
    not_yet.status = 200;
    not_yet.body = R"({"domain_records":[],"links":{},"meta":{"total":0}})";
    all.s.inject(not_yet);
    auto const made = publish(all);
    BOOST_REQUIRE(made);
    BOOST_TEST(made->copies.size() == 1U);
    BOOST_TEST(made->removed.size() == 1U);
    BOOST_TEST(made->done.replaced.empty());
    BOOST_TEST(txt_values(all.s, "example.com") == texts{wanted}, per_element());
    BOOST_TEST(all.s.records("example.com").back().id == made->done.id.value());
    BOOST_TEST(standing(all).empty());
}

// The outcome of a request that was reset is unknown: only a row written before it shows it.
BOOST_AUTO_TEST_CASE(a_creation_without_an_answer_keeps_its_row_for_the_next_run) {
    challenge_services all;
    all.s.inject(failing(sandbox::fault_action::reset_after, "POST"));
    auto look_up = failing(sandbox::fault_action::answer, "GET");
    look_up.path_prefix = "/v2/domains/example.com/records";
    look_up.status = 403;
    look_up.skip = 1;
    all.s.inject(look_up);
    BOOST_REQUIRE(!publish(all));
    auto const rows = standing(all);
    BOOST_REQUIRE(rows.size() == 1U);
    BOOST_TEST((rows[0].at == journal::state::intended));
    BOOST_TEST(rows[0].value == wanted);
    BOOST_TEST(rows[0].fqdn.text() == fqdn);
    // Nothing that removes what is outstanding sees it.
    BOOST_TEST(all.entries().empty());
    auto const again = publish(all);
    BOOST_REQUIRE(again);
    BOOST_TEST(!again->is_created);
    BOOST_TEST(txt_values(all.s, "example.com") == texts{wanted}, per_element());
    BOOST_TEST(all.warnings.empty());
}

BOOST_AUTO_TEST_CASE(the_row_of_a_run_that_ended_is_settled) {
    challenge_services all;
    auto& journal = all.state.journal();
    BOOST_REQUIRE(journal.intend(row_of(all, run_like(ended_run()))));
    BOOST_REQUIRE(publish(all, for_removal()));
    // It may still be carried out, and a record that nobody wants any more would appear.
    BOOST_TEST(
        all.warnings ==
            texts{
                "a record that an earlier run asked for may still appear at " + fqdn +
                ": run this command again in 6 minutes"},
        per_element()
    );
    BOOST_TEST(standing(all).size() == 1U);
    execute_in_journal(all.s, "UPDATE record SET since = since - 400000");
    BOOST_REQUIRE(publish(all));
    BOOST_TEST(standing(all).empty());
    BOOST_TEST(all.warnings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(of_two_runs_at_one_name_one_gives_way) {
    challenge_services all;
    auto& journal = all.state.journal();
    auto living = run_like(living_run());
    living.process = identify(::getppid()).value();
    auto const first = journal.intend(row_of(all, living));
    BOOST_REQUIRE(first);
    auto const second = publish(all);
    BOOST_REQUIRE(!second);
    BOOST_TEST((second.error().kind == error_kind::server_error));
    BOOST_TEST(
        second.error().message == "example.com: another run is changing the records at " + fqdn
    );
    BOOST_TEST(second.error().hint == "try again when it is done");
    BOOST_TEST(txt_values(all.s, "example.com").empty());
    BOOST_REQUIRE(standing(all).size() == 1U);
    BOOST_TEST(standing(all)[0].key == *first);
    // Another name is no matter.
    BOOST_REQUIRE(publish(all, for_domain("www.example.com")));
}

BOOST_AUTO_TEST_CASE(a_request_that_is_refused_leaves_no_row) {
    challenge_services all;
    auto refusal = failing(sandbox::fault_action::answer, "POST");
    refusal.status = 422;
    all.s.inject(refusal);
    auto const failed = publish(all);
    BOOST_REQUIRE(!failed);
    BOOST_TEST((failed.error().kind == error_kind::rejected));
    BOOST_TEST(standing(all).empty());
    auto const elsewhere = publish(all, for_domain("example.net"));
    BOOST_REQUIRE(!elsewhere);
    BOOST_TEST((elsewhere.error().kind == error_kind::zone_not_found));
    BOOST_TEST(standing(all).empty());
}

BOOST_AUTO_TEST_CASE(what_is_removed_are_all_records_of_the_account) {
    challenge_services all;
    all.s.add_record("example.com", txt(other));
    auto const one = all.s.add_record("example.com", txt(older));
    auto const two = all.s.add_record("example.com", txt(wanted));
    auto const gone = publish(all, for_removal());
    BOOST_REQUIRE(gone);
    BOOST_TEST(gone->removed == (ids{one, two}), per_element());
    BOOST_TEST(txt_values(all.s, "example.com") == texts{other}, per_element());
    BOOST_TEST(standing(all).empty());
}

BOOST_AUTO_TEST_CASE(no_sweep_and_no_cleanup_sees_a_standing_record) {
    challenge_services all;
    auto const id = all.s.add_record("example.com", txt(wanted));
    auto& journal = all.state.journal();
    auto const key = journal.intend(row_of(all, run_like(ended_run())));
    BOOST_REQUIRE(key);
    BOOST_REQUIRE(journal.created(*key, id));
    execute_in_journal(all.s, "UPDATE record SET since = since - 400000000");
    BOOST_TEST(all.entries().empty());
    challenge::record_id const named{name_of("example.com"), id};
    auto const refused = all.run(all.cleaner.remove(named));
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().kind == error_kind::usage));
    BOOST_TEST(txt_values(all.s, "example.com") == texts{wanted}, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
