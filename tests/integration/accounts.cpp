#include "sandbox/temporary_folder.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_accounts)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// A configuration with two accounts, one of which the sandbox knows.
struct two_accounts {
    explicit two_accounts(local_digitalocean const& s, std::string const& more = "") : admin(s) {
        acme_dns01::sandbox::write_private_file(good, s.token() + "\n");
        acme_dns01::sandbox::write_private_file(bad, "dop_v1_other\n");
        acme_dns01::sandbox::write_private_file(
            config,
            more + "[account known]\ntoken-file = " + good + "\nzones = example.com\n" +
                "[account other]\ntoken-file = " + bad + "\nzones = sub.example.com\n"
        );
        admin.with("ACME_DNS01_CONFIG", config).without("DIGITALOCEAN_TOKEN");
    }

    acme_dns01::sandbox::temporary_folder folder{"acme-dns01-test"};
    std::string good = (folder.path() / "good").string();
    std::string bad = (folder.path() / "bad").string();
    std::string config = (folder.path() / "acme-dns01.conf").string();
    user admin;
};

} // namespace

BOOST_AUTO_TEST_CASE(each_name_uses_the_token_of_its_account) {
    local_digitalocean s(quick());
    two_accounts const given(s);
    auto const& admin = given.admin;
    BOOST_TEST(admin.run({"present", "www.example.com", value_a, "--no-wait"}).status == 0);
    BOOST_TEST(admin.run({"present", "sub.example.com", value_b, "--no-wait"}).status == 4);
    BOOST_TEST(admin.auth("example.com", value_c, 1).status == 0);
    BOOST_TEST(admin.cleanup("example.com", value_c, "").status == 0);
    auto const removed = admin.run({"cleanup", "--id", "example.com/28448432"});
    BOOST_TEST(removed.out == "example.com/28448432 removed\n");
    auto const nobodys = admin.run({"present", "example.net", value_a, "--no-wait"});
    BOOST_TEST(nobodys.status == 3);
    BOOST_TEST(
        nobodys.err == "acme-dns01: error: there is no DigitalOcean token\n"
                       "acme-dns01: hint: name the account with --account (known, other), or add "
                       "the domain to its zones\n"
    );
}

BOOST_AUTO_TEST_CASE(one_present_may_span_several_accounts) {
    local_digitalocean s(quick());
    two_accounts const given(s);
    auto const out =
        given.admin.run({"present", "example.com", value_a, "sub.example.com", value_b, "--no-wait"}
        );
    BOOST_TEST(out.status == 4);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
    std::vector<bool> authorized;
    for (auto const& call : s.calls())
        authorized.push_back(call.authorized);
    BOOST_TEST(authorized.size() == 3U);
    BOOST_TEST(std::ranges::count(authorized, true) == 2);
}

BOOST_AUTO_TEST_CASE(an_account_or_a_token_file_may_be_chosen_for_everything) {
    local_digitalocean s(quick());
    two_accounts const given(s);
    auto const present = [&](std::string const& option, std::string const& value) {
        return given.admin.run({"present", "sub.example.com", value_b, "--no-wait", option, value})
            .status;
    };
    BOOST_TEST(present("--account", "known") == 0);
    BOOST_TEST(present("--token-file", given.good) == 0);
    BOOST_TEST(present("--account", "other") == 4);
}

BOOST_AUTO_TEST_CASE(a_name_outside_allow_is_refused_before_any_request) {
    local_digitalocean s(quick());
    two_accounts const given(s, "allow = www.example.com, *.in.example.com\n");
    auto const& admin = given.admin;
    auto const refused = admin.run({"present", "example.com", value_a});
    BOOST_TEST(refused.status == 3);
    BOOST_TEST(
        refused.err == "acme-dns01: error: example.com is not among the names that this host may "
                       "touch: www.example.com, *.in.example.com\n"
                       "acme-dns01: hint: extend 'allow' in the configuration if it should be\n"
    );
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 3);
    BOOST_TEST(admin.auth("*.example.com", value_a, 0).status == 3);
    BOOST_TEST(admin.cleanup("example.com", value_a, "").status == 3);
    BOOST_TEST(s.calls().empty());
    BOOST_TEST(admin.run({"present", "www.example.com", value_a, "--no-wait"}).status == 0);
    BOOST_TEST(admin.run({"present", "*.in.example.com", value_b, "--no-wait"}).status == 0);
}

BOOST_AUTO_TEST_CASE(cleanup_by_id_respects_allow) {
    local_digitalocean s(quick());
    user const anybody(s);
    anybody.run({"present", "example.com", value_a, "--no-wait"});
    auto const remove = texts{"cleanup", "--id", "example.com/28448432"};
    two_accounts const given(s, "allow = www.example.com\n");
    BOOST_TEST(given.admin.run(remove).status == 3);
    auto elsewhere = given.admin;
    elsewhere.with("ACME_DNS01_STATE_DIR", (given.folder.path() / "state").string());
    BOOST_TEST(elsewhere.run(remove).status == 3);
    BOOST_TEST(txt_values(s, "example.com") == texts{value_a}, per_element());
}

BOOST_AUTO_TEST_CASE(a_record_of_another_account_is_not_reported_as_gone) {
    local_digitalocean const ours(quick());
    auto options = quick();
    options.domains = {"example.net"};
    for (auto& server : options.name_servers) {
        server.addresses = {"127.54" + server.addresses.front().substr(6)};
    }
    options.resolver_address = "127.54.0.53";
    local_digitalocean const theirs(options);
    user const admin(ours);
    admin.run({"present", "example.com", value_a, "--no-wait"});
    user stranger(theirs);
    stranger.with("ACME_DNS01_STATE_DIR", ours.state_dir());
    auto const out = stranger.run({"cleanup", "example.com", value_a});
    BOOST_TEST(out.status == 5);
    BOOST_TEST(
        out.err ==
        "acme-dns01: error: example.com: the record at _acme-challenge.example.com was created "
        "with another token, and the account of the present token has no zone example.com\n"
        "acme-dns01: hint: use the token of the account that has the zone, or choose that account "
        "with "
        "--account\n"
    );
    BOOST_TEST(admin.outstanding("state") == texts{"removing"}, per_element());
    BOOST_TEST(admin.run({"cleanup", "example.com", value_a}).status == 0);
    BOOST_TEST(txt_values(ours, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(a_zone_is_deleted_only_if_allow_covers_all_its_names) {
    local_digitalocean s(quick());
    user const admin(s);
    auto const remove = [&](std::string const& allowed) {
        return admin.run({"domain", "delete", "example.com", "--yes", "--allow", allowed}).status;
    };
    BOOST_TEST(remove("example.com") == 3);
    BOOST_TEST(remove("*.example.com") == 3);
    BOOST_TEST(s.calls().empty());
    BOOST_TEST(remove("example.com,*.example.com") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
