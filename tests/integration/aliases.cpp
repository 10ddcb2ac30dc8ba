#include "sandbox/temporary_folder.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_aliases)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

acme_dns01::sandbox::options two_zones() {
    auto options = quick();
    options.domains = {"example.com", "acme.example.net"};
    return options;
}

void add_alias(local_digitalocean& s, std::string const& name, std::string const& target) {
    acme_dns01::digitalocean::record alias;
    alias.type = "CNAME";
    alias.name = name;
    alias.data = target;
    alias.ttl = 30;
    s.add_record("example.com", alias);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_record_goes_where_the_challenge_name_leads) {
    local_digitalocean s(two_zones());
    add_alias(s, "_acme-challenge.www", "_acme-challenge.step.example.com");
    add_alias(s, "_acme-challenge.step", "www.acme.example.net");
    user const admin(s);
    auto const made = admin.run({"present", "www.example.com", value_a});
    BOOST_TEST(made.status == 0, made.err);
    BOOST_TEST(txt_values(s, "example.com").empty());
    BOOST_TEST(txt_values(s, "acme.example.net") == texts{value_a}, per_element());
    BOOST_TEST(admin.outstanding("fqdn") == texts{"www.acme.example.net"}, per_element());
    s.clear_calls();
    BOOST_TEST(admin.run({"cleanup", "www.example.com", value_a}).status == 0);
    BOOST_TEST(txt_values(s, "acme.example.net").empty());
    BOOST_TEST(s.calls().size() == 1U);
}

BOOST_AUTO_TEST_CASE(certbot_hooks_follow_an_alias_with_and_without_a_journal) {
    for (std::string const state : {"", "/dev/null/nowhere"}) {
        BOOST_TEST_CONTEXT(state) {
            local_digitalocean s(two_zones());
            add_alias(s, "_acme-challenge.www", "www.acme.example.net");
            auto certbot = user(s);
            if (!state.empty()) certbot.with("ACME_DNS01_STATE_DIR", state);
            auto const made = certbot.auth("www.example.com", value_a, 0);
            BOOST_TEST(made.status == 0, made.err);
            BOOST_TEST(txt_values(s, "acme.example.net") == texts{value_a}, per_element());
            BOOST_TEST(certbot.cleanup("www.example.com", value_a, made.out).status == 0);
            BOOST_TEST(txt_values(s, "acme.example.net").empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_alias_from_a_wildcard_is_not_followed) {
    local_digitalocean s(two_zones());
    add_alias(s, "*", "elsewhere.example.org");
    BOOST_TEST(user(s).run({"present", "www.example.com", value_a}).status == 0);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
}

BOOST_AUTO_TEST_CASE(an_alias_target_outside_the_account_is_status_5) {
    local_digitalocean s(two_zones());
    add_alias(s, "_acme-challenge.www", "www.example.net");
    auto const out = user(s).run({"present", "www.example.com", value_a});
    BOOST_TEST(out.status == 5);
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: www.example.com, whose challenge name is an alias of www.example.net: "
        "no zone in the DigitalOcean account contains www.example.net (the account has 2 zones)\n"
        "acme-dns01: hint: add the domain at DigitalOcean, or use the token of the account that "
        "has it\n"
    );
}

BOOST_AUTO_TEST_CASE(an_alias_loop_is_status_5_and_names_the_aliases) {
    local_digitalocean s(two_zones());
    add_alias(s, "_acme-challenge.a", "_acme-challenge.b.example.com");
    add_alias(s, "_acme-challenge.b", "_acme-challenge.a.example.com");
    auto const out = user(s).run({"present", "a.example.com", value_a});
    BOOST_TEST(out.status == 5);
    BOOST_TEST(out.err.find("_acme-challenge.a.example.com") != std::string::npos, out.err);
    BOOST_TEST(out.err.find("_acme-challenge.b.example.com") != std::string::npos, out.err);
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_CASE(the_alias_target_decides_which_account_is_used) {
    local_digitalocean s(two_zones());
    add_alias(s, "_acme-challenge.www", "www.acme.example.net");
    acme_dns01::sandbox::temporary_folder const folder("acme-dns01-test");
    auto const token = (folder.path() / "token").string();
    auto const config = (folder.path() / "acme-dns01.conf").string();
    acme_dns01::sandbox::write_private_file(token, s.token());
    acme_dns01::sandbox::write_private_file(
        config, "[account acme]\ntoken-file = " + token + "\nzones = acme.example.net\n"
    );
    auto admin = user(s);
    admin.with("ACME_DNS01_CONFIG", config).without("DIGITALOCEAN_TOKEN");
    BOOST_TEST(admin.run({"present", "www.example.com", value_a, "--no-wait"}).status == 0);
    BOOST_TEST(admin.auth("www.example.com", value_b, 0).status == 0);
    BOOST_TEST(txt_values(s, "acme.example.net") == (texts{value_a, value_b}), per_element());
}

// The alias may be in the hands of somebody else than the owner of the other zone and account.
BOOST_AUTO_TEST_CASE(an_alias_leads_to_no_name_and_no_account_that_is_not_allowed) {
    local_digitalocean s(two_zones());
    add_alias(s, "_acme-challenge.www", "www.acme.example.net");
    acme_dns01::sandbox::temporary_folder const folder("acme-dns01-test");
    auto const token = (folder.path() / "token").string();
    auto const config = (folder.path() / "acme-dns01.conf").string();
    acme_dns01::sandbox::write_private_file(token, s.token());
    acme_dns01::sandbox::write_private_file(
        config,
        "allow = www.example.com\n[account acme]\ntoken-file = " + token +
            "\nzones = acme.example.net\n"
    );
    auto admin = user(s);
    admin.with("ACME_DNS01_CONFIG", config);
    for (texts const& call :
         {texts{"present", "www.example.com", value_a, "--no-wait"},
          texts{"cleanup", "www.example.com", value_a},
          texts{"wait", "www.example.com", value_a},
          texts{"run", "--domain", "www.example.com", "--", "true"},
          texts{"hook", "getssl-add", "www.example.com", value_a}}) {
        BOOST_TEST_CONTEXT(call[0]) {
            auto const refused = admin.run(call);
            BOOST_TEST(refused.status == 3);
            BOOST_TEST(
                refused.err.find("its challenge name is an alias of www.acme.example.net: ") !=
                    std::string::npos,
                refused.err
            );
        }
    }
    BOOST_TEST(s.calls().empty());
}

BOOST_AUTO_TEST_CASE(without_allow_no_alias_takes_a_wildcards_data_away) {
    local_digitalocean s(two_zones());
    add_alias(s, "_acme-challenge.www", "www.acme.example.net");
    acme_dns01::digitalocean::record wildcard;
    wildcard.type = "A";
    wildcard.name = "*";
    wildcard.data = "192.0.2.1";
    wildcard.ttl = 30;
    s.add_record("acme.example.net", wildcard);
    acme_dns01::sandbox::temporary_folder const folder("acme-dns01-test");
    auto const token = (folder.path() / "token").string();
    auto const config = (folder.path() / "acme-dns01.conf").string();
    acme_dns01::sandbox::write_private_file(token, s.token());
    user admin(s);
    admin.with("ACME_DNS01_CONFIG", config);
    // The second configuration gives the end of the alias to an account.
    for (std::string const& settings :
         texts{"", "[account acme]\ntoken-file = " + token + "\nzones = acme.example.net\n"}) {
        acme_dns01::sandbox::write_private_file(config, settings);
        auto const refused = admin.run({"present", "www.example.com", value_a, "--no-wait"});
        BOOST_TEST(refused.status == 3);
        BOOST_TEST(
            refused.err == "acme-dns01: error: www.example.com: its challenge name is an alias of "
                           "www.acme.example.net, for which a wildcard record answers until there "
                           "is another record\n"
                           "acme-dns01: hint: change the alias, or set 'allow' in the "
                           "configuration to www.example.com, www.acme.example.net and the other "
                           "names that this host may touch\n"
        );
    }
    BOOST_TEST(s.calls().empty());
    auto const both = "www.example.com,www.acme.example.net";
    auto const made =
        admin.run({"present", "www.example.com", value_a, "--no-wait", "--allow", both});
    BOOST_TEST(made.status == 0, made.err);
}

BOOST_AUTO_TEST_SUITE_END()
