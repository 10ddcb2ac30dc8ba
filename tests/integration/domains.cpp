#include "support/outcome_check.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_domains)

namespace json = boost::json;
using namespace acme_dns01::test;
using acme_dns01::sandbox::fault_action;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;
using acme_dns01::test::outcome;

constexpr auto question = "type the domain's name to delete it with all its records: \n";
constexpr auto yes_hint = "acme-dns01: hint: use --yes to delete it without asking\n";
constexpr auto list_hint =
    "acme-dns01: hint: run `acme-dns01 domain list` to see the account's zones\n";

acme_dns01::sandbox::options account_of(texts zones) {
    auto options = quick();
    options.domains = std::move(zones);
    options.limits = {0, 0};
    return options;
}

texts many(std::size_t count) {
    texts zones;
    for (std::size_t i = 0; i < count; ++i)
        zones.push_back("z" + std::to_string(i) + ".example");
    return zones;
}

} // namespace

BOOST_AUTO_TEST_CASE(zones_are_listed_by_name) {
    local_digitalocean const s(account_of({"example.net", "example.com"}));
    user const admin(s);
    check_outcome(
        admin.run({"domain", "list"}),
        0,
        "DOMAIN        TTL\nexample.com  1800\nexample.net  1800\n",
        ""
    );
    check_outcome(admin.run({"domain", "list", "--quiet"}), 0, "", "");
    auto const listed = json::parse(admin.run({"domain", "list", "--json"}).out);
    BOOST_TEST(listed.as_object().size() == 2U);
    BOOST_TEST(listed.at("meta") == json::value({{"total", 2}}));
    BOOST_TEST(listed.at("domains").at(0).at("name") == json::value("example.net"));
    BOOST_TEST(listed.at("domains").at(1).at("zone_file").as_string().starts_with("$ORIGIN"));
    BOOST_TEST(calls_of(s).front() == "GET /v2/domains 200");
}

BOOST_AUTO_TEST_CASE(an_account_without_zones_says_so) {
    local_digitalocean const s(account_of({}));
    user const admin(s);
    check_outcome(admin.run({"domain", "list"}), 0, "no domains\n", "");
    check_outcome(admin.run({"domain", "list", "--all"}), 0, "no domains\n", "");
    check_outcome(
        admin.run({"domain", "list", "--json"}), 0, "{\"domains\":[],\"meta\":{\"total\":0}}\n", ""
    );
}

BOOST_AUTO_TEST_CASE(a_page_of_many_zones_says_how_many_there_are) {
    local_digitalocean s(account_of(many(450)));
    user const admin(s);
    auto const first = admin.run({"domain", "list"});
    BOOST_TEST(lines_in(first.out) == 21U);
    BOOST_TEST(
        first.err == "acme-dns01: warning: 20 of 450 domains are shown; use --all to see all\n"
    );
    check_outcome(
        admin.run({"domain", "list", "--page", "226", "--per-page=2"}),
        0,
        "no domains\n",
        "acme-dns01: warning: 0 of 450 domains are shown; use --all to see all\n"
    );
    check_outcome(
        admin.run({"domain", "list", "--page", "225", "--per-page", "2", "--quiet"}), 0, "", ""
    );
    s.clear_calls();
    auto const machine = admin.run({"domain", "list", "--per-page=200", "--page=3", "--json"});
    BOOST_TEST(machine.err == "");
    auto const listed = json::parse(machine.out);
    BOOST_TEST(listed.at("domains").as_array().size() == 50U);
    BOOST_TEST(listed.at("meta").at("total") == json::value(450));
    BOOST_TEST(calls_of(s) == texts{"GET /v2/domains?page=3&per_page=200 200"}, per_element());
}

BOOST_AUTO_TEST_CASE(all_zones_are_listed_page_by_page) {
    local_digitalocean s(account_of(many(450)));
    user const admin(s);
    auto const all = admin.run({"domain", "list", "--all"});
    BOOST_TEST(all.err == "");
    BOOST_TEST(lines_in(all.out) == 451U);
    BOOST_TEST(all.out.starts_with("DOMAIN         TTL\nz0.example    1800\nz1.example    1800\n"));
    BOOST_TEST(all.out.ends_with("\nz99.example   1800\n"));
    texts const expected{
        "GET /v2/domains?page=1&per_page=200 200",
        "GET /v2/domains?page=2&per_page=200 200",
        "GET /v2/domains?page=3&per_page=200 200",
    };
    BOOST_TEST(calls_of(s) == expected, per_element());
    auto const listed = json::parse(admin.run({"domain", "list", "--all", "--json"}).out);
    BOOST_TEST(listed.at("domains").as_array().size() == 450U);
    BOOST_TEST(listed.at("domains").at(449).at("zone_file").is_string());
    BOOST_TEST(listed.at("meta").at("total") == json::value(450));
}

BOOST_AUTO_TEST_CASE(a_long_listing_shows_progress_on_a_terminal_and_cleans_up) {
    local_digitalocean const s(account_of(many(450)));
    terminal const t;
    auto const all = user(s).run_on(t, {"domain", "list", "--all"}, false);
    BOOST_TEST(all.status == 0);
    BOOST_TEST(lines_in(all.out) == 451U);
    BOOST_TEST(
        t.drawn() == "listing the zones: 200 of 450\n"
                     "\x1b[1A\x1b[Jlisting the zones: 400 of 450\n"
                     "\x1b[1A\x1b[J"
    );
}

BOOST_AUTO_TEST_CASE(progress_fits_the_terminal_and_is_gone_before_an_error) {
    local_digitalocean s(account_of(many(250)));
    auto broken = failing(fault_action::answer, "GET");
    broken.skip = 1;
    broken.status = 401;
    s.inject(broken);
    terminal const t(20);
    BOOST_TEST(user(s).run_on(t, {"domain", "list", "--all"}, false).status == 4);
    auto const drawn = t.drawn();
    BOOST_TEST(drawn.starts_with("listing the zone...\n\x1b[1A\x1b[Jacme-dns01: error: "), drawn);
}

BOOST_AUTO_TEST_CASE(a_token_without_the_scope_is_status_4_and_names_the_scope) {
    auto options = account_of({"example.com"});
    options.scopes = {"domain:create"};
    local_digitalocean const s(options);
    auto const out = user(s).run({"domain", "list"});
    check_outcome(
        without_request(out),
        4,
        "",
        "acme-dns01: error: listing the zones: the token is not allowed to do this (403): "
        "You are not authorized to perform this operation\n"
        "acme-dns01: hint: the token needs the scope domain:read\n"
    );
}

BOOST_AUTO_TEST_CASE(a_zone_is_shown_as_its_zone_file) {
    local_digitalocean const s(account_of({"example.com"}));
    user const admin(s);
    auto const shown = admin.run({"domain", "show", "example.com"});
    BOOST_TEST(shown.status == 0);
    BOOST_TEST(shown.out.starts_with("$ORIGIN example.com.\n$TTL 1800\nexample.com. IN SOA "));
    BOOST_TEST(shown.out.ends_with("\nexample.com. 1800 IN NS ns3.digitalocean.com.\n"));
    auto const machine = json::parse(admin.run({"domain", "show", "Example.COM.", "--json"}).out);
    BOOST_TEST(machine.as_object().size() == 1U);
    BOOST_TEST(machine.at("domain").at("name") == json::value("example.com"));
    BOOST_TEST(std::string(machine.at("domain").at("zone_file").as_string()) == shown.out);
}

BOOST_AUTO_TEST_CASE(every_command_on_a_missing_zone_is_status_5) {
    local_digitalocean const s(account_of({"example.com"}));
    user const admin(s);
    auto const shown = admin.run({"domain", "show", "example.net"});
    check_outcome(
        without_request(shown),
        5,
        "",
        std::string("acme-dns01: error: looking for zone example.net: not found at DigitalOcean "
                    "(404): The resource you requested could not be found.\n"
        ) + list_hint
    );
    check_outcome(
        admin.run({"domain", "delete", "example.net", "--yes"}),
        5,
        "",
        std::string("acme-dns01: error: there is no zone example.net in the account\n") + list_hint
    );
    auto const records = admin.run({"record", "list", "example.net"});
    BOOST_TEST(records.status == 5);
    BOOST_TEST(records.err.ends_with(list_hint));
}

BOOST_AUTO_TEST_CASE(a_zone_is_created_with_or_without_an_address) {
    local_digitalocean const s(account_of({}));
    user const admin(s);
    check_outcome(
        admin.run({"domain", "create", "example.com"}),
        0,
        "DOMAIN        TTL\nexample.com  1800\n",
        ""
    );
    BOOST_TEST(s.records("example.com").size() == 3U);
    check_outcome(
        admin.run({"domain", "create", "Example.net", "--ip-address", "192.0.2.1", "--json"}),
        0,
        "{\"domain\":{\"name\":\"example.net\",\"ttl\":1800,\"zone_file\":null}}\n",
        ""
    );
    auto const address = s.records("example.net").back();
    BOOST_TEST(address.type + " " + address.name + " " + address.data == "A @ 192.0.2.1");
    auto const again = admin.run({"domain", "create", "example.com"});
    check_outcome(
        without_request(again),
        9,
        "",
        "acme-dns01: error: creating zone example.com: DigitalOcean refused the request (422): "
        "name already exists\n"
    );
}

BOOST_AUTO_TEST_CASE(an_invalid_zone_name_is_refused_without_a_request) {
    local_digitalocean const s(account_of({}));
    user const admin(s);
    check_outcome(
        admin.run({"domain", "create", "com"}),
        2,
        "",
        "acme-dns01: error: 'com' cannot be a domain at DigitalOcean\n"
        "acme-dns01: hint: give a domain such as example.com\n"
    );
    check_outcome(
        admin.run({"domain", "create", "example.com", "--ip-address", "192.0.2.256"}),
        2,
        "",
        "acme-dns01: error: --ip-address: '192.0.2.256' is not an IPv4 or IPv6 address\n"
        "acme-dns01: hint: `acme-dns01 help` lists the commands, `acme-dns01 help options` the "
        "options\n"
    );
    BOOST_TEST(s.arrived() == 0U);
}

BOOST_AUTO_TEST_CASE(a_zone_is_deleted_after_its_name_is_typed_again) {
    local_digitalocean const s(account_of({"example.com", "example.net"}));
    auto admin = user(s);
    check_outcome(
        admin.typing("Example.com. \n").run({"domain", "delete", "example.com"}),
        0,
        "example.com removed with all its records\n",
        question
    );
    BOOST_TEST(calls_of(s) == texts{"DELETE /v2/domains/example.com 204"}, per_element());
    check_outcome(
        admin.typing("").run({"domain", "delete", "example.net", "--yes", "--json"}),
        0,
        "{\"removed\":[{\"zone\":\"example.net\"}]}\n",
        ""
    );
    check_outcome(admin.run({"domain", "list"}), 0, "no domains\n", "");
}

BOOST_AUTO_TEST_CASE(a_zone_is_kept_if_anything_else_is_typed) {
    local_digitalocean const s(account_of({"example.com"}));
    struct {
        std::string typed;
        std::string why;
    } const cases[] = {
        {"", "nothing was typed"},
        {"\nexample.com\n", "nothing was typed"},
        {"y\n", "'y' is not its name"},
        {"example.com.evil\n", "'example.com.evil' is not its name"},
        {std::string("example.com\0\n", 13), "'example.com?' is not its name"},
        {std::string(2000, 'x'), "'" + std::string(80, 'x') + "...' is not its name"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.why) {
            check_outcome(
                user(s).typing(c.typed).run({"domain", "delete", "example.com"}),
                2,
                "",
                question + ("acme-dns01: error: example.com was not deleted: " + c.why + "\n") +
                    yes_hint
            );
        }
    }
    BOOST_TEST(s.arrived() == 0U);
}

BOOST_AUTO_TEST_CASE(zones_outside_allow_are_not_changed) {
    local_digitalocean const s(account_of({"example.com"}));
    auto const refusal = [](std::string const& zone) {
        return "acme-dns01: error: " + zone +
               " is not among the names that this host may touch: *.example.com\n"
               "acme-dns01: hint: extend 'allow' in the configuration if it should be\n";
    };
    user const admin(s);
    auto const* const allow = "--allow=*.example.com";
    check_outcome(
        admin.run({"domain", "delete", "example.com", "--yes", allow}),
        3,
        "",
        refusal("example.com")
    );
    check_outcome(
        admin.run({"domain", "create", "example.net", allow}), 3, "", refusal("example.net")
    );
    BOOST_TEST(s.arrived() == 0U);
    BOOST_TEST(admin.run({"domain", "create", "a.example.com", allow}).status == 0);
    BOOST_TEST(admin.run({"domain", "list", allow}).status == 0);
    BOOST_TEST(admin.run({"domain", "show", "example.com", allow}).status == 0);
}

BOOST_AUTO_TEST_CASE(the_next_challenge_sees_a_zone_that_was_created_or_deleted) {
    local_digitalocean s(account_of({"example.com"}));
    user const admin(s);
    texts const present{"present", "www.sub.example.com", value_a, "--no-wait"};
    auto const ends_in = [&](std::string const& zone) {
        auto const made = admin.run(present).out;
        BOOST_TEST(made.find(" created as " + zone + "/") != std::string::npos, made);
        admin.run({"cleanup", "www.sub.example.com", value_a});
    };
    ends_in("example.com");
    BOOST_TEST(admin.run({"domain", "create", "sub.example.com"}).status == 0);
    ends_in("sub.example.com");
    BOOST_TEST(admin.run({"domain", "delete", "sub.example.com", "--yes"}).status == 0);
    s.clear_calls();
    ends_in("example.com");
    BOOST_TEST(calls_of(s).front() == "GET /v2/domains?page=1&per_page=200 200");
}

BOOST_AUTO_TEST_SUITE_END()
