#include "digitalocean/accounts.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(digitalocean_accounts)

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;

namespace {

using settings = std::vector<std::pair<std::string, std::string>>;

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

result<std::vector<configured_account>> accounts_of(settings const& lines) {
    std::vector<configured_account> accounts;
    for (auto const& [key, value] : lines) {
        auto const added = add_setting(accounts, key, value);
        if (!added) return added.error();
    }
    return accounts;
}

std::string holding(std::vector<configured_account> const& accounts, std::string_view fqdn) {
    auto const* const account = account_holding(accounts, parsed(fqdn));
    return account == nullptr ? "none" : account->name;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_settings_of_a_section_come_together) {
    auto const accounts = accounts_of({
        {"account work.token-file", "/etc/acme-dns01/work"},
        {"account work.zones", "example.com, example.net"},
        {"account my home.token-file", "/etc/acme-dns01/home"},
        {"account work.zones", "example.org"},
    });
    std::vector<configured_account> const expected{
        {"work",
         "/etc/acme-dns01/work",
         {parsed("example.com"), parsed("example.net"), parsed("example.org")}},
        {"my home", "/etc/acme-dns01/home", {}},
    };
    BOOST_REQUIRE(accounts);
    BOOST_TEST((*accounts == expected));
}

BOOST_AUTO_TEST_CASE(a_second_token_file_is_refused) {
    auto const accounts = accounts_of({
        {"account work.token-file", "/etc/acme-dns01/work"},
        {"account home.token-file", "/etc/acme-dns01/home"},
        {"account work.token-file", "/etc/acme-dns01/other"},
    });
    BOOST_REQUIRE(!accounts);
    BOOST_TEST((accounts.error().kind == error_kind::usage));
    BOOST_TEST(accounts.error().message == "[account work] has two token-files");
    BOOST_TEST(
        accounts.error().hint == "give the other token an [account <name>] section of its own"
    );
}

BOOST_AUTO_TEST_CASE(what_is_no_setting_of_an_account_is_refused_and_named) {
    for (std::string const key :
         {"colour",
          "account.token-file",
          "account .zones",
          "account work",
          "account work.token",
          "accounts work.zones",
          "zones"}) {
        BOOST_TEST_CONTEXT(key) {
            auto const accounts = accounts_of({{key, "x"}});
            BOOST_REQUIRE(!accounts);
            BOOST_TEST((accounts.error().kind == error_kind::usage));
            BOOST_TEST(accounts.error().message == "there is no setting '" + key + "'");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_zone_that_is_no_name_is_refused) {
    auto const accounts = accounts_of({{"account work.zones", "example.com, exa mple/net"}});
    BOOST_REQUIRE(!accounts);
    BOOST_TEST((accounts.error().kind == error_kind::usage));
}

BOOST_AUTO_TEST_CASE(the_longest_zone_decides_whose_a_name_is) {
    auto const accounts = accounts_of({
                                          {"account one.zones", "example.com, example.net"},
                                          {"account two.zones", "sub.example.com"},
                                          {"account three.token-file", "/t"},
                                      })
                              .value();
    BOOST_TEST(holding(accounts, "_acme-challenge.example.com") == "one");
    BOOST_TEST(holding(accounts, "_acme-challenge.www.example.com") == "one");
    BOOST_TEST(holding(accounts, "_acme-challenge.sub.example.com") == "two");
    BOOST_TEST(holding(accounts, "_acme-challenge.a.sub.example.com") == "two");
    BOOST_TEST(holding(accounts, "_acme-challenge.notsub.example.com") == "one");
    BOOST_TEST(holding(accounts, "_acme-challenge.badexample.com") == "none");
    BOOST_TEST(holding({}, "_acme-challenge.example.com") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
