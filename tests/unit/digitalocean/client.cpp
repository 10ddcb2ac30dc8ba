#include "digitalocean/client.hpp"

#include "support/api_client.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(digitalocean_client)

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;
using namespace acme_dns01::test;
using boost::test_tools::per_element;
using sandbox::fault_action;
using sandbox::local_digitalocean;

namespace {

using texts = std::vector<std::string>;

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

dns::name const zone = parsed("example.com");

record_fields challenge() {
    record_fields fields;
    fields.type = "TXT";
    fields.name = "_acme-challenge";
    fields.data = value_a;
    fields.ttl = 30;
    return fields;
}

record there_before() {
    record r;
    r.type = "TXT";
    r.name = "_acme-challenge";
    r.data = value_a;
    r.ttl = 30;
    return r;
}

// Creates the challenge's record; records whose id is `taken` belong to another client.
creation create(api_client& client, std::int64_t taken = 0) {
    auto const fields = challenge();
    std::function<bool(std::int64_t)> const is_taken = [=](std::int64_t id) { return id == taken; };
    return client.run(client.api().create_record(zone, fields, is_taken));
}

// An answer about one record.
std::string
record_answer(std::string const& name, std::string const& type, std::string const& data, int id) {
    return R"({"domain_record":{"id":)" + std::to_string(id) + R"(,"name":")" + name +
           R"(","type":")" + type + R"(","data":")" + data + R"("}})";
}

std::string kind_of(error const& e) { return std::string(to_string(e.kind)); }

} // namespace

BOOST_AUTO_TEST_CASE(a_list_of_several_pages_is_read_to_its_end) {
    auto options = quick();
    options.domains.clear();
    for (int i = 0; i < 250; ++i)
        options.domains.push_back("z" + std::to_string(i) + ".example");
    local_digitalocean const s(options);
    api_client client(s);
    auto const zones = client.run(client.api().list_all_domains()).value();
    BOOST_TEST(zones.size() == 250U);
    BOOST_TEST(zones.back().zone_file.has_value());
    BOOST_TEST(client.shown == texts{"listing the zones: 200 of 250"}, per_element());
    auto const bare = client.run(client.api().list_all_domains(zone_files::dropped)).value();
    BOOST_TEST(bare.size() == 250U);
    BOOST_TEST(!bare.front().zone_file.has_value());
    texts const expected{
        "GET /v2/domains?page=1&per_page=200 200",
        "GET /v2/domains?page=2&per_page=200 200",
        "GET /v2/domains?page=1&per_page=200 200",
        "GET /v2/domains?page=2&per_page=200 200",
    };
    BOOST_TEST(calls_of(s) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(records_are_created_read_changed_and_removed) {
    local_digitalocean const s(quick());
    api_client client(s);
    auto& api = client.api();
    auto const made = create(client);
    BOOST_REQUIRE(made.outcome);
    BOOST_TEST((!made.may_have_copies && !made.may_come_late && !made.was_found));
    auto const id = made.outcome->id;
    BOOST_TEST(client.run(api.retrieve_record(zone, id)).value().data == value_a);
    record_fields change;
    change.type = "TXT";
    change.data = value_b;
    BOOST_TEST(client.run(api.update_record(zone, id, change)).value().data == value_b);
    change.data = value_c;
    BOOST_TEST(client.run(api.patch_record(zone, id, change)).value().data == value_c);
    record_filter const texts_alone{std::nullopt, "TXT"};
    BOOST_TEST(client.run(api.list_all_records(zone, texts_alone)).value().size() == 1U);
    BOOST_TEST((client.run(api.delete_record(zone, id)).value() == removal::removed));
    BOOST_TEST((client.run(api.delete_record(zone, id)).value() == removal::already_gone));
    BOOST_TEST(client.run(api.list_all_records(zone, texts_alone)).value().empty());
}

BOOST_AUTO_TEST_CASE(an_answer_without_the_expected_keys_says_what_was_being_done) {
    local_digitalocean s(quick());
    auto empty = failing(fault_action::answer, "GET");
    empty.status = 200;
    empty.body = "{}";
    s.inject(empty);
    api_client client(s);
    auto const found = client.run(client.api().retrieve_domain(zone));
    BOOST_REQUIRE(!found);
    BOOST_TEST(kind_of(found.error()) == "bad_answer");
    BOOST_TEST(
        found.error().message == "looking for zone example.com: unexpected answer from "
                                 "DigitalOcean: key 'domain' is missing"
    );
}

BOOST_AUTO_TEST_CASE(a_creation_that_is_refused_has_no_copies) {
    local_digitalocean s(quick());
    auto refusal = failing(fault_action::answer, "POST");
    refusal.status = 422;
    s.inject(refusal);
    api_client client(s);
    auto const made = create(client);
    BOOST_REQUIRE(!made.outcome);
    BOOST_TEST(kind_of(made.outcome.error()) == "rejected");
    BOOST_TEST((!made.may_have_copies && !made.may_come_late));
    BOOST_TEST(s.arrived() == 1U);
}

BOOST_AUTO_TEST_CASE(a_creation_whose_answer_is_lost_is_found_and_not_repeated) {
    local_digitalocean s(quick());
    s.inject(failing(fault_action::reset_after, "POST"));
    api_client client(s);
    auto const made = create(client);
    BOOST_REQUIRE(made.outcome);
    BOOST_TEST(made.was_found);
    BOOST_TEST((!made.may_have_copies && !made.may_come_late));
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
    BOOST_TEST(s.arrived() == 2U);
    BOOST_REQUIRE(client.said.size() == 1U);
    BOOST_TEST(client.said[0].find("; checking in 0.") != std::string::npos, client.said[0]);
    BOOST_TEST(client.said[0].ends_with(" s whether it was carried out"), client.said[0]);
}

BOOST_AUTO_TEST_CASE(a_creation_that_is_repeated_may_have_copies) {
    local_digitalocean s(quick());
    s.inject(failing(fault_action::reset_before, "POST"));
    api_client client(s);
    auto const made = create(client);
    BOOST_REQUIRE(made.outcome);
    BOOST_TEST(made.may_have_copies);
    BOOST_TEST((!made.may_come_late && !made.was_found));
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
    BOOST_TEST(s.arrived() == 3U);
}

BOOST_AUTO_TEST_CASE(somebody_elses_record_is_not_taken_for_the_lost_one) {
    local_digitalocean s(quick());
    auto const theirs = s.add_record("example.com", there_before());
    s.inject(failing(fault_action::reset_before, "POST"));
    api_client client(s);
    auto const made = create(client, theirs);
    BOOST_REQUIRE(made.outcome);
    BOOST_TEST(made.outcome->id != theirs);
    BOOST_TEST(txt_values(s, "example.com").size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_creation_that_is_not_answered_in_time_may_come_late) {
    local_digitalocean s(quick());
    auto slow = failing(fault_action::delay, "POST");
    slow.delay = seconds(30);
    s.inject(slow);
    api_client client(s, deadline::in(seconds(0.3)));
    auto const made = create(client);
    BOOST_REQUIRE(!made.outcome);
    BOOST_TEST(kind_of(made.outcome.error()) == "too_slow");
    BOOST_TEST((made.may_have_copies && made.may_come_late));
    BOOST_TEST(s.arrived() == 1U);
}

BOOST_AUTO_TEST_CASE(a_zone_whose_creation_is_not_answered_is_looked_for) {
    local_digitalocean s(quick());
    s.inject(failing(fault_action::reset_after, "POST"));
    api_client client(s);
    new_domain const wanted{parsed("example.net")};
    auto const made = client.run(client.api().create_domain(wanted));
    BOOST_REQUIRE(made.outcome);
    BOOST_TEST(made.was_found);
    BOOST_TEST(s.arrived() == 2U);
    BOOST_TEST((client.run(client.api().delete_domain(wanted.name)).value() == removal::removed));
}

BOOST_AUTO_TEST_CASE(a_record_that_is_gone_after_a_lost_answer_was_removed_by_us) {
    local_digitalocean s(quick());
    auto const id = s.add_record("example.com", there_before());
    s.inject(failing(fault_action::reset_after, "DELETE"));
    api_client client(s);
    BOOST_TEST((client.run(client.api().delete_record(zone, id)).value() == removal::removed));
    BOOST_TEST(s.arrived() == 2U);
}

BOOST_AUTO_TEST_CASE(an_answer_about_another_record_is_not_believed) {
    for (auto const& body : {
             record_answer("_acme-challenge", "TXT", value_b, 7),
             record_answer("www", "TXT", value_a, 7),
             record_answer("_acme-challenge", "A", value_a, 7),
             record_answer("_acme-challenge", "TXT", value_a, 0),
             record_answer("_acme-challenge", "TXT", value_a, -7),
         }) {
        BOOST_TEST_CONTEXT(body) {
            local_digitalocean s(quick());
            auto other = failing(fault_action::answer, "POST");
            other.status = 201;
            other.body = body;
            s.inject(other);
            api_client client(s);
            auto const made = create(client);
            BOOST_REQUIRE(made.outcome);
            BOOST_TEST(made.outcome->id > 7);
            BOOST_TEST(made.may_have_copies);
            BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
            BOOST_TEST(s.arrived() == 3U); // POST, the search for its record, POST
        }
    }
}

BOOST_AUTO_TEST_CASE(answers_that_stay_about_another_record_are_a_failure) {
    local_digitalocean s(quick());
    auto other = failing(fault_action::answer, "POST", 1000);
    other.status = 201;
    other.body = record_answer("_acme-challenge", "TXT", value_b, 7);
    s.inject(other);
    api_client client(s);
    auto const made = create(client);
    BOOST_REQUIRE(!made.outcome);
    BOOST_TEST(made.may_have_copies);
    BOOST_TEST(kind_of(made.outcome.error()) == "bad_answer");
    BOOST_TEST(
        made.outcome.error().message ==
        "creating _acme-challenge.example.com in zone example.com: unexpected answer from "
        "DigitalOcean: it is about another record"
    );
}

BOOST_AUTO_TEST_CASE(a_read_or_changed_record_is_the_one_asked_for) {
    for (std::string const method : {"GET", "PUT", "PATCH"}) {
        BOOST_TEST_CONTEXT(method) {
            local_digitalocean s(quick());
            auto other = failing(fault_action::answer, method);
            other.status = 200;
            other.body = record_answer("_acme-challenge", "TXT", value_b, 7);
            s.inject(other);
            api_client client(s);
            auto const id = s.add_record("example.com", there_before());
            record_fields change;
            change.type = "TXT";
            change.data = value_b;
            auto& api = client.api();
            auto const found = client.run(
                method == "GET"   ? api.retrieve_record(zone, id)
                : method == "PUT" ? api.update_record(zone, id, change)
                                  : api.patch_record(zone, id, change)
            );
            BOOST_REQUIRE(!found);
            BOOST_TEST(found.error().message.ends_with("it is about another record"));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_answer_about_another_zone_is_not_believed) {
    local_digitalocean s(quick());
    auto other = failing(fault_action::answer, "POST");
    other.status = 201;
    other.body = R"({"domain":{"name":"example.org"}})";
    s.inject(other);
    api_client client(s);
    new_domain const wanted{parsed("example.net")};
    BOOST_TEST(
        client.run(client.api().create_domain(wanted)).outcome.value().name == "example.net"
    );
    BOOST_TEST(s.arrived() == 3U);
    other.status = 200;
    other.method = "GET";
    s.inject(other);
    BOOST_TEST(!client.run(client.api().retrieve_domain(wanted.name)));
}

BOOST_AUTO_TEST_CASE(a_list_that_never_ends_is_given_up) {
    constexpr auto next = R"("links":{"pages":{"next":"https://example.org/"}},"meta":{"total":9})";
    auto const item =
        R"({"name":"example.com","zone_file":")" + std::string(7'000'000, 'x') + "\"}";
    for (std::string const& list : {std::string(), item}) {
        local_digitalocean s(quick());
        auto endless = failing(fault_action::answer, "GET", 2000);
        endless.status = 200;
        endless.body = R"({"domains":[)" + list + "]," + next + "}";
        s.inject(endless);
        api_client client(s);
        auto const all = client.run(client.api().list_all_domains());
        BOOST_REQUIRE(!all);
        BOOST_TEST(kind_of(all.error()) == "bad_answer");
        BOOST_TEST(all.error().message.ends_with("the list does not end"), all.error().message);
        BOOST_TEST(s.arrived() == (list.empty() ? 1U : 39U));
    }
}

BOOST_AUTO_TEST_SUITE_END()
