#include "cli/commands/commands.hpp"
#include "cli/options/options.hpp"
#include "cli/options/settings.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cli_command_options)

using namespace acme_dns01;
using namespace acme_dns01::cli;

namespace {

using texts = std::vector<std::string>;

auto const zone = dns::name::parse("example.com").value();

result<settings> read(texts line) {
    line.insert(line.begin(), {"--config", "/dev/null"});
    return read_settings(line, environment());
}

template <class T>
void check_usage(result<T> const& got, std::string const& message, std::string const& hint) {
    BOOST_REQUIRE(!got);
    BOOST_TEST(to_string(got.error().kind) == "usage");
    BOOST_TEST(got.error().message == message);
    BOOST_TEST(got.error().hint == hint);
}

} // namespace

// An option that nothing reads is a bug, and throws.
BOOST_AUTO_TEST_CASE(every_option_is_read) {
    for (auto const& options : {common_options(), command_options()}) {
        for (auto const& o : options) {
            BOOST_TEST_CONTEXT(o.name) {
                texts line{"--" + std::string(o.name)};
                if (!o.is_flag()) line.emplace_back("/dev/null");
                BOOST_CHECK_NO_THROW(read_settings(line, environment()));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(options_of_single_commands_are_named) {
    auto const named = [](texts const& line) { return read(line).value().command_options; };
    BOOST_TEST(named({"status", "--json", "--ttl=60"}).empty());
    texts const some{"no-wait", "id", "yes"};
    BOOST_TEST(
        named({"--yes", "--no-wait", "--id=a.example/7"}) == some, boost::test_tools::per_element()
    );
}

BOOST_AUTO_TEST_CASE(the_domains_and_the_client_of_run_are_kept_apart) {
    auto const s = read({
                            "run",
                            "--domain",
                            "a.example,b.example",
                            "--certbot",
                            "--domain=c.example",
                            "--",
                            "certbot",
                            "--json",
                            "--domain",
                            "d.example",
                        })
                       .value();
    texts const domains{"a.example", "b.example", "c.example"};
    texts const words{"run", "certbot", "--json", "--domain", "d.example"};
    BOOST_TEST(s.run.domains == domains, boost::test_tools::per_element());
    BOOST_TEST(s.words == words, boost::test_tools::per_element());
    BOOST_TEST(s.words_behind == 4U);
    BOOST_TEST(s.run.certbot);
    BOOST_TEST(s.run.certbot_dir == "/etc/letsencrypt");
    BOOST_TEST(!s.output.json);
    BOOST_TEST(!read({"run", "--", "certbot"})->run.certbot);
}

BOOST_AUTO_TEST_CASE(a_directory_of_certbots_implies_certbot) {
    auto const run = read({"run", "--certbot-dir=/srv/le"}).value().run;
    BOOST_TEST(run.certbot);
    BOOST_TEST(run.certbot_dir == "/srv/le");
    BOOST_TEST(read({"--certbot", "--certbot-dir", "le"}).value().run.certbot_dir == "le");
    check_usage(read({"--certbot-dir", ""}), "--certbot-dir: the value is empty", see_help);
    auto const none = "option '--certbot' does not take any arguments";
    check_usage(read({"--certbot=/srv/le"}), none, see_help);
    auto const words = read({"run", "--certbot", "/srv/le"}).value().words;
    BOOST_TEST(words == (texts{"run", "/srv/le"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_list_is_the_apis_first_page_unless_options_say_otherwise) {
    auto const plain = read({}).value().list;
    BOOST_TEST(!plain.all);
    BOOST_TEST(!plain.page.number.has_value());
    BOOST_TEST(!plain.page.per_page.has_value());
    auto const page = read({"--page", "3", "--per-page", "200"}).value().list.page;
    BOOST_TEST(page.number.value() == 3U);
    BOOST_TEST(page.per_page.value() == 200U);
    BOOST_TEST(read({"--all"}).value().list.all);
}

BOOST_AUTO_TEST_CASE(pages_are_counted_from_1_and_have_at_most_200_entries) {
    auto const refused = [](std::string const& option, std::string const& bad, std::string most) {
        auto const shown = bad == "\x1b" ? "?" : bad;
        check_usage(
            read({option, bad}),
            option + ": '" + shown + "' is not a number from 1 to " + std::move(most),
            see_help
        );
    };
    for (std::string const bad : {"0", "201", "-1", "99999999999", "", "x", "1x", " 1", "\x1b"}) {
        BOOST_TEST_CONTEXT(bad) { refused("--per-page", bad, "200"); }
    }
    for (std::string const bad : {"0", "2147483648", "1.5"}) {
        BOOST_TEST_CONTEXT(bad) { refused("--page", bad, "2147483647"); }
    }
}

BOOST_AUTO_TEST_CASE(options_that_contradict_each_other_are_refused) {
    struct {
        texts line;
        std::string pair;
    } const cases[] = {
        {{"--all", "--page=1"}, "--all and --page"},
        {{"--per-page=1", "--all"}, "--all and --per-page"},
        {{"--directory=https://ca.example", "--issuer=ca.example"}, "--issuer and --directory"},
        {{"--account-file=x", "--account-uri=https://ca/1"}, "--account-uri and --account-file"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.pair) {
            check_usage(read(c.line), c.pair + " cannot be used together", see_help);
        }
    }
}

BOOST_AUTO_TEST_CASE(who_is_to_issue_is_one_ca_with_its_account_and_method) {
    auto const none = read({}).value().caa;
    BOOST_TEST(!(none.issuer || none.directory || none.account_uri || none.method));
    BOOST_TEST(!none.wildcard_only);
    BOOST_TEST(read({"--caa-issuer=zerossl"}).value().caa.issuer->name == "ZeroSSL");
    BOOST_TEST(!read({"--caa-issuer", ""}).value().caa.issuer.has_value());
    auto const uri = "https://ca.example/acct/1";
    auto const all = read({
                              "--issuer=letsencrypt.org",
                              "--caa-issuer=zerossl",
                              "--method=http-01",
                              "--wildcard-only",
                              "--account-uri",
                              uri,
                          })
                         .value()
                         .caa;
    BOOST_TEST(all.issuer.value().name == "Let's Encrypt");
    BOOST_TEST(all.account_uri.value() == uri);
    BOOST_TEST(all.method.value() == "http-01");
    BOOST_TEST(all.wildcard_only);
    auto const directory = read({"--directory=https://ca.example/dir"}).value().caa.directory;
    BOOST_TEST(directory.value().host == "ca.example");
}

BOOST_AUTO_TEST_CASE(a_standing_record_is_described_by_options) {
    auto const none = read({"persist", "set"}).value().persist;
    BOOST_TEST(!(none.until || none.form || none.wildcard || none.reusable));
    BOOST_TEST(none.account_file + none.thumbprint + none.hash_prefix == "");
    std::string const thumbprint(43, 'A');
    auto const all = read({
        "persist",
        "set",
        "--issuer=ca.example",
        "--directory=https://ca.example/dir", // says more than who the CA is
        "--account-file=/etc/regr.json",
        "--wildcard",
        "--until=9999-12-31",
        "--form=hash",
        "--thumbprint=" + thumbprint,
        "--hash-prefix=https://ca.example/hash/",
        "--reusable",
    });
    BOOST_REQUIRE(all);
    auto const& p = all->persist;
    BOOST_TEST(p.account_file == "/etc/regr.json");
    BOOST_TEST((p.wildcard && p.reusable));
    BOOST_TEST(p.until.value() == 253402214400);
    BOOST_TEST((p.form == acme_dns01::persist::form::hash));
    BOOST_TEST(p.thumbprint == thumbprint);
    BOOST_TEST(p.hash_prefix == "https://ca.example/hash/");
    BOOST_TEST((read({"--form=uri"}).value().persist.form == acme_dns01::persist::form::uri));
    check_usage(read({"--form=text"}), "--form: 'text' is not uri or hash", see_help);
    check_usage(read({"--account-file", ""}), "--account-file: the value is empty", see_help);
    check_usage(
        read({"--thumbprint=short"}),
        "--thumbprint: 'short' is not the thumbprint of a key",
        "give the 43 base64url characters of the account key's thumbprint, such as acme.sh prints "
        "as ACCOUNT_THUMBPRINT"
    );
    check_usage(
        read({"--hash-prefix=x y"}),
        "--hash-prefix: 'x y' is not the beginning of a URI",
        "give the CA's meta.accountHashPrefix, or its --directory"
    );
    check_usage(
        read({"--until=1999-12-31"}),
        "--until: '1999-12-31' is in the past",
        "give a time that is still to come"
    );
}

BOOST_AUTO_TEST_CASE(an_account_a_method_and_a_directory_have_a_form) {
    auto const account = "give the URI that the CA returned when the account was created, such as "
                         "https://acme-v02.api.letsencrypt.org/acme/acct/1";
    for (std::string const bad : {"", "123", "https://ca/1;", "https://ca/ 1"}) {
        auto const message = "--account-uri: '" + bad + "' is not a URI";
        check_usage(read({"--account-uri", bad}), message, account);
    }
    auto const methods = "use dns-01, http-01, tls-alpn-01, dns-account-01 or dns-persist-01";
    for (std::string const bad : {"", "DNS-01", "dns 01"}) {
        auto const message = "--method: '" + bad + "' is not a validation method";
        check_usage(read({"--method", bad}), message, methods);
    }
    auto const refused = read({"--directory=letsencrypt"});
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().message.starts_with("--directory: 'letsencrypt' "));
    BOOST_TEST(refused.error().hint == directory_hint);
}

BOOST_AUTO_TEST_CASE(a_filter_has_the_whole_name_however_it_was_written) {
    struct {
        std::string written;
        std::string expected;
    } const cases[] = {
        {"www", "www.example.com"},
        {"WWW.example.com", "www.example.com"},
        {"www.example.com.", "www.example.com"},
        {"@", "example.com"},
        {"example.com", "example.com"},
        {"*", "*.example.com"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.written) {
            auto const filter = filter_of({.name = c.written}, zone).value();
            BOOST_TEST(filter.name.value().text() == c.expected);
            BOOST_TEST(filter.type.empty());
        }
    }
    BOOST_TEST(!filter_of({}, zone).value().name.has_value());
    BOOST_TEST(filter_of({.type = "soa"}, zone).value().type == "SOA");
    auto const both = filter_of({.type = "soa", .name = "@"}, zone).value();
    BOOST_TEST(both.name.value().text() == "example.com");
}

BOOST_AUTO_TEST_CASE(a_filter_that_can_find_nothing_is_refused) {
    check_usage(
        filter_of({.name = "www.example.net."}, zone),
        "--name 'www.example.net.' is not within zone example.com",
        "write it relative to the zone, such as www, or @ for the zone itself"
    );
    check_usage(
        filter_of({.type = "SPF"}, zone),
        "--type 'SPF' is not a record type at DigitalOcean",
        "the types are A, AAAA, CAA, CNAME, MX, NS, SRV and TXT"
    );
}

BOOST_AUTO_TEST_CASE(every_attribute_of_a_record_is_an_option) {
    auto const fields = read({
                                 "--type=SRV",
                                 "--name=_sip._tcp",
                                 "--data=sip.example.com",
                                 "--priority=1",
                                 "--port=2",
                                 "--ttl=30",
                                 "--weight=4",
                                 "--flags=5",
                                 "--tag=issue",
                             })
                            .value()
                            .record;
    digitalocean::record_fields const expected{
        "SRV", "_sip._tcp", "sip.example.com", 1, 2, 30, 4, 5, "issue"};
    BOOST_TEST((fields == expected));
    BOOST_TEST((read({}).value().record == digitalocean::record_fields()));
    auto const dashes = "-" + std::string(42, 'a');
    BOOST_TEST(read({"--data", dashes}).value().record.data.value() == dashes);
}

BOOST_AUTO_TEST_CASE(an_attribute_that_is_not_a_number_is_refused) {
    for (std::string const option : {"--priority", "--port", "--weight", "--flags"}) {
        check_usage(read({option, "ten"}), option + ": 'ten' is not a number", see_help);
    }
}

BOOST_AUTO_TEST_CASE(an_address_may_be_ipv4_or_ipv6) {
    for (std::string const address : {"192.0.2.1", "2001:db8::1"}) {
        BOOST_TEST(read({"--ip-address", address}).value().ip_address == address);
    }
    BOOST_TEST(read({}).value().ip_address.empty());
    for (std::string const bad : {"", "192.0.2", "192.0.2.256", "www.example.com", "fe80::1%lo"}) {
        auto const message = "--ip-address: '" + bad + "' is not an IPv4 or IPv6 address";
        check_usage(read({"--ip-address", bad}), message, see_help);
    }
}

BOOST_AUTO_TEST_CASE(sweep_has_an_age_and_a_dry_run) {
    auto const s = read({"--older-than=1.5", "--dry-run"}).value();
    BOOST_TEST(s.older_than.value().count() == 1.5);
    BOOST_TEST(s.dry_run);
    BOOST_TEST(!read({}).value().older_than.has_value());
    check_usage(
        read({"--older-than=old"}), "--older-than: 'old' is not a number of seconds", see_help
    );
}

BOOST_AUTO_TEST_CASE(cert_status_has_days_and_a_file) {
    auto const s = read({"--renew-within=1.5", "--ari", "--metrics", "/a.prom"}).value();
    BOOST_TEST(s.cert.renew_within.value() == 1.5);
    BOOST_TEST(s.cert.ari);
    BOOST_TEST(s.cert.metrics == "/a.prom");
    BOOST_TEST(!read({}).value().cert.renew_within.has_value());
    for (std::string const bad : {"soon", "-1", "36501", "nan"}) {
        auto const message = "--renew-within: '" + bad + "' is not a number of days";
        check_usage(read({"--renew-within=" + bad}), message, see_help);
    }
    check_usage(read({"--metrics", ""}), "--metrics: the value is empty", see_help);
}

BOOST_AUTO_TEST_CASE(a_zone_has_two_labels_and_no_wildcard) {
    auto const zone_of = [](std::string text) { return only_zone("domain show", {text}); };
    BOOST_TEST(zone_of("Example.com.").value().text() == "example.com");
    BOOST_TEST(zone_of("_acme-challenge.example.com").has_value());
    for (std::string const bad : {"com", "*.example.com", "."}) {
        BOOST_TEST_CONTEXT(bad) { BOOST_TEST(!zone_of(bad).has_value()); }
    }
    check_usage(
        zone_of("com"),
        "'com' cannot be a domain at DigitalOcean",
        "give a domain such as example.com"
    );
}

BOOST_AUTO_TEST_SUITE_END()
