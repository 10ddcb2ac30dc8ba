#include "services/accounts.hpp"

#include "sandbox/temporary_folder.hpp"
#include "support/challenge_services.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

BOOST_AUTO_TEST_SUITE(services_accounts)

using namespace acme_dns01;
using namespace acme_dns01::test;

namespace {

// Accounts of sections whose token files lie in a folder.
struct sections {
    sections() {
        add("work", {"example.com"}, all.s.token());
        add("home", {"home.test", "below.example.com"}, "another-token");
    }

    void add(std::string const& name, texts const& zones, std::string const& token) {
        auto const file = folder.path() / name;
        sandbox::write_private_file(file, token);
        digitalocean::configured_account account{name, file};
        for (auto const& zone : zones)
            account.zones.push_back(name_of(zone));
        settings.sections.push_back(account);
    }

    services::accounts accounts() {
        return {all.io.get_executor(), settings, env, all.state, all.dns, all.notes_and_warnings};
    }

    std::string id_of(std::string const& token) const {
        return digitalocean::fingerprint(secret(token), all.s.api_url());
    }
    std::string path_of(std::string const& name) const { return folder.path() / name; }

    sandbox::temporary_folder folder{"acme-dns01-test"};
    challenge_services all;
    services::account_settings settings = all.account_settings;
    environment env;
};

constexpr auto where_tokens_go =
    ": put a token with the scopes domain:read, domain:create and domain:delete into a file that "
    "only you may read, and name it with --token-file";

} // namespace

BOOST_AUTO_TEST_CASE(one_token_is_the_account_of_every_name) {
    challenge_services all;
    auto const chosen = all.accounts.chosen();
    BOOST_REQUIRE(chosen);
    BOOST_TEST((all.accounts.for_name(name_of("a.example.com")).value() == *chosen));
    BOOST_TEST((all.accounts.for_name(name_of("b.example.net")).value() == *chosen));
    BOOST_TEST(all.accounts.check_token().has_value());
    BOOST_TEST(
        all.notes == texts{"the token comes from DIGITALOCEAN_TOKEN"},
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(no_token_is_an_error_before_any_request) {
    service_settings set;
    set.token = "";
    challenge_services all(set);
    auto const expected =
        std::string("configuration: there is no DigitalOcean token") + where_tokens_go;
    BOOST_TEST(whole_text(all.accounts.check_token().error()) == expected);
    BOOST_TEST(whole_text(all.accounts.chosen().error()) == expected);
    BOOST_TEST(whole_text(all.accounts.for_name(name_of("example.com")).error()) == expected);
    BOOST_TEST(all.s.arrived() == 0U);
}

BOOST_AUTO_TEST_CASE(the_zones_of_a_section_tell_its_names) {
    sections with;
    auto accounts = with.accounts();
    auto const id = [&](std::string const& name) {
        return accounts.for_name(name_of(name)).value()->id();
    };
    BOOST_TEST(id("_acme-challenge.example.com") == with.id_of(with.all.s.token()));
    BOOST_TEST(id("www.home.test") == with.id_of("another-token"));
    BOOST_TEST(id("a.below.example.com") == with.id_of("another-token"));
    BOOST_TEST(
        with.all.notes == (texts{
                              "the token comes from " + with.path_of("work"),
                              "the token comes from " + with.path_of("home")}),
        boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(a_section_has_one_account_for_the_whole_run) {
    sections with;
    auto accounts = with.accounts();
    auto* const work = accounts.for_name(name_of("a.example.com")).value();
    BOOST_TEST((accounts.for_name(name_of("b.example.com")).value() == work));
    BOOST_TEST((accounts.for_name(name_of("home.test")).value() != work));
    BOOST_TEST(with.all.run(work->zone_of(name_of("a.example.com"))).has_value());
    BOOST_TEST(with.all.run(work->zone_of(name_of("b.example.com"))).has_value());
    BOOST_TEST(calls_of(with.all.s).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_of_no_section_takes_the_token_of_the_environment) {
    sections with;
    auto accounts = with.accounts();
    BOOST_TEST(accounts.check_token().has_value());
    BOOST_TEST(
        whole_text(accounts.for_name(name_of("example.net")).error()) ==
        "configuration: there is no DigitalOcean token: name the account with --account (work, "
        "home), or add the domain to its zones"
    );
    with.env = environment(std::map<std::string, std::string>{{"DIGITALOCEAN_TOKEN", "a-third"}});
    BOOST_TEST(accounts.for_name(name_of("example.net")).value()->id() == with.id_of("a-third"));
}

BOOST_AUTO_TEST_CASE(an_account_that_was_chosen_counts_for_every_name) {
    sections with;
    with.settings.account = "home";
    auto accounts = with.accounts();
    auto* const home = accounts.chosen().value();
    BOOST_TEST(home->id() == with.id_of("another-token"));
    BOOST_TEST((accounts.for_name(name_of("example.com")).value() == home));
}

BOOST_AUTO_TEST_CASE(a_token_file_of_the_command_line_counts_for_every_name) {
    sections with;
    with.settings.token_file = with.path_of("home");
    auto accounts = with.accounts();
    BOOST_TEST(
        accounts.for_name(name_of("example.com")).value()->id() == with.id_of("another-token")
    );
}

BOOST_AUTO_TEST_CASE(a_section_without_its_token_file_fails_its_own_names_only) {
    sections with;
    std::filesystem::remove(with.path_of("home"));
    auto accounts = with.accounts();
    BOOST_TEST(accounts.for_name(name_of("example.com")).has_value());
    BOOST_TEST(
        whole_text(accounts.for_name(name_of("home.test")).error()) ==
        "configuration: the token file " + with.path_of("home") +
            " cannot be read: No such file or directory: run `install -m 600 /dev/stdin " +
            with.path_of("home") +
            "`, and paste a token with the scopes domain:read, domain:create and domain:delete"
    );
}

BOOST_AUTO_TEST_CASE(a_proxy_that_makes_no_sense_is_an_error) {
    sections with;
    with.env =
        environment(std::map<std::string, std::string>{{"HTTPS_PROXY", "socks5://proxy.test"}});
    auto accounts = with.accounts();
    auto const found = accounts.for_name(name_of("example.com"));
    BOOST_REQUIRE(!found);
    BOOST_TEST(
        whole_text(found.error()) ==
        "configuration: HTTPS_PROXY: socks5 proxies are not supported: name one that takes CONNECT "
        "over plain HTTP, such as http://proxy.example:3128; what runs through it is TLS"
    );
}

BOOST_AUTO_TEST_SUITE_END()
