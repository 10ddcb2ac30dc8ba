#include "support/outcome_check.hpp"
#include "support/www_record.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_record_changes)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;
using acme_dns01::digitalocean::record;
using acme_dns01::test::outcome;

constexpr auto list_hint =
    "acme-dns01: hint: run `acme-dns01 record list example.com` to see its records\n";

// "PATCH" and the like, of each call.
texts methods_of(local_digitalocean const& s) {
    texts methods;
    for (auto const& c : s.calls())
        methods.push_back(c.method);
    return methods;
}

} // namespace

BOOST_AUTO_TEST_CASE(update_and_patch_send_the_type_of_the_record) {
    for (std::string const command : {"update", "patch"}) {
        BOOST_TEST_CONTEXT(command) {
            auto const method = command == "update" ? "PUT" : "PATCH";
            local_digitalocean s(with_www());
            user const admin(s);
            check_outcome(
                admin.run({"record", command, "example.com", first_id, "--data=192.0.2.2"}),
                0,
                std::string(title) + "www   A     1800  28448432  192.0.2.2\n",
                ""
            );
            BOOST_TEST(methods_of(s) == (texts{"GET", method}), per_element());
            BOOST_TEST(s.calls().back().body == "{\"type\":\"A\",\"data\":\"192.0.2.2\"}");
            s.clear_calls();
            check_outcome(
                admin.run(
                    {"record", command, "example.com/28448432", "--type=a", "--ttl=60", "--json"}
                ),
                0,
                "{\"domain_record\":" + object_of(first_id, "192.0.2.2", "60") + "}\n",
                ""
            );
            BOOST_TEST(methods_of(s) == texts{method}, per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_record_is_removed_by_its_id) {
    local_digitalocean s(with_www());
    user const admin(s);
    check_outcome(
        admin.run({"record", "delete", "example.com", first_id}),
        0,
        "example.com/28448432 removed\n",
        ""
    );
    BOOST_TEST(methods_of(s) == texts{"DELETE"}, per_element());
    auto const id = std::to_string(s.add_record("example.com", address("www", "192.0.2.1")));
    check_outcome(
        admin.run({"record", "delete", "example.com/" + id, "--json"}),
        0,
        "{\"removed\":[{\"zone\":\"example.com\",\"id\":" + id + "}]}\n",
        ""
    );
    BOOST_TEST(s.records("example.com").size() == 3U);
}

BOOST_AUTO_TEST_CASE(every_command_on_a_missing_record_is_status_5) {
    local_digitalocean const s(with_www());
    user const admin(s);
    check_outcome(
        admin.run({"record", "delete", "example.com", "7"}),
        5,
        "",
        std::string("acme-dns01: error: there is no record 7 in zone example.com\n") + list_hint
    );
    auto const missing = [](std::string const& doing) {
        return "acme-dns01: error: " + doing +
               " record 7 of zone example.com: not found at DigitalOcean (404): The resource "
               "you requested could not be found.\n" +
               list_hint;
    };
    struct {
        texts line;
        std::string doing;
    } const cases[] = {
        {{"record", "show", "example.com", "7"}, "reading"},
        {{"record", "update", "example.com", "7", "--ttl=60"}, "reading"},
        {{"record", "patch", "example.com", "7", "--ttl=60", "--type=A"}, "changing"},
        {{"record", "delete", "example.com", "7", "--allow=example.com"}, "reading"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.line.at(1)) {
            auto const out = admin.run(c.line);
            check_outcome(without_request(out), 5, "", missing(c.doing));
        }
    }
}

BOOST_AUTO_TEST_CASE(records_outside_allow_are_not_changed) {
    local_digitalocean s(with_www());
    auto const ours = std::to_string(s.add_record("example.com", address("own", "192.0.2.3")));
    auto const before = s.records("example.com");
    user const admin(s);
    auto const* const allow = "--allow=own.example.com";
    auto const refusal = [](std::string const& name) {
        return "acme-dns01: error: " + name +
               " is not among the names that this host may touch: own.example.com\n"
               "acme-dns01: hint: extend 'allow' in the configuration if it should be\n";
    };
    texts const create{"record", "create", "example.com", "--type=A", "--data=192.0.2.1", allow};
    auto elsewhere = create;
    elsewhere.emplace_back("--name=new");
    check_outcome(admin.run(elsewhere), 3, "", refusal("new.example.com"));
    BOOST_TEST(s.arrived() == 0U);
    check_outcome(
        admin.run({"record", "delete", "example.com", first_id, allow}),
        3,
        "",
        refusal("www.example.com")
    );
    check_outcome(
        admin.run({"record", "patch", "example.com", first_id, "--type=A", "--ttl=60", allow}),
        3,
        "",
        refusal("www.example.com")
    );
    check_outcome(
        admin.run({"record", "update", "example.com", ours, "--name=www", allow}),
        3,
        "",
        refusal("www.example.com")
    );
    BOOST_TEST(methods_of(s) == (texts{"GET", "GET", "GET"}), per_element());
    BOOST_TEST((s.records("example.com") == before));
    BOOST_TEST(admin.run({"record", "patch", "example.com", ours, "--ttl=60", allow}).status == 0);
    BOOST_TEST(admin.run({"record", "delete", "example.com", ours, allow}).status == 0);
    auto here = create;
    here.emplace_back("--name=own");
    BOOST_TEST(admin.run(here).status == 0);
    BOOST_TEST(admin.run({"record", "list", "example.com", allow}).status == 0);
    BOOST_TEST(admin.run({"record", "show", "example.com", first_id, allow}).status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
