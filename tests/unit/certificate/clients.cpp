#include "certificate/places.hpp"
#include "certificate/starters.hpp"
#include "support/certificate_looks.hpp"
#include "support/client_files.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(certificate_clients)

using namespace acme_dns01;
using namespace acme_dns01::certificate;
using namespace acme_dns01::test;
using boost::test_tools::per_element;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

namespace fs = std::filesystem;

namespace {

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_CASE(acme_sh_renews_what_its_settings_say) {
    client_files const files;
    auto const c = files.issue("example.com", days(90));
    auto const folder = files.of("acme.sh") / "example.com_ecc";
    auto const only = [&] { return acme_sh_lineages(files.of("acme.sh")).at(0); };
    files.acme_sh("example.com", c, noon + days(59));
    BOOST_TEST((due_of(only()) == noon + days(59)));
    BOOST_TEST(only().directory == "https://acme-v02.api.letsencrypt.org/directory");
    BOOST_TEST(
        only().by_hand ==
        "acme.sh --renew --ecc -d example.com --home " + files.of("acme.sh").string()
    );
    files.acme_sh("example.com", c, {});
    BOOST_TEST((due_of(only()) == noon));
    // `acme.sh --remove`
    files.acme_sh("example.com", c, noon + days(59));
    fs::rename(folder / "example.com.conf", folder / "example.com.conf.removed");
    BOOST_TEST((due_of(only()) == noon + days(59)));
    BOOST_TEST(only().skipped == "there is no " + (folder / "example.com.conf").string());
    write_file(folder / "example.com.conf", "Le_Domain='example.com'\n");
    BOOST_TEST(
        only().skipped == (folder / "example.com.conf").string() + " has no Le_CertCreateTime"
    );
    // A first order that failed, and other folders of acme.sh.
    write_file(
        files.of("acme.sh") / "failed.example_ecc/failed.example.conf",
        "Le_Domain='failed.example'\n"
    );
    write_file(files.of("acme.sh") / "ca/acme.example/ca.conf", "CA_KEY_HASH='x'\n");
    write_file(files.of("acme.sh") / "dnsapi/dns_x.sh", "x");
    BOOST_TEST(
        names_of(acme_sh_lineages(files.of("acme.sh"))) == texts{"acme.sh example.com"},
        per_element()
    );
    // elsewhere
    write_file(
        files.path() / "home/account.conf", "CERT_HOME='" + files.of("acme.sh").string() + "'\n"
    );
    BOOST_TEST(
        names_of(acme_sh_lineages(files.path() / "home")) == texts{"acme.sh example.com"},
        per_element()
    );
}

BOOST_AUTO_TEST_CASE(dehydrated_renews_what_its_configuration_says) {
    client_files const files;
    auto const c = files.issue("example.com", days(90));
    auto const top = files.of("dehydrated");
    auto const only = [&](fs::path const& place) {
        auto const all = dehydrated_lineages(place);
        BOOST_REQUIRE(all.size() == 1U);
        return all.front();
    };
    files.dehydrated("example.com", c, " www.EXAMPLE.com ");
    BOOST_TEST((due_of(only(top)) == noon + days(60)));
    BOOST_TEST(
        only(top).wanted_names.value() == texts({"example.com", "www.example.com"}), per_element()
    );
    write_file(top / "config", "RENEW_DAYS=20\n");
    BOOST_TEST((due_of(only(top)) == noon + days(70)));
    BOOST_TEST((due_of(only(top / "config")) == noon + days(70)));
    write_file(top / "certs/example.com/config", "RENEW_DAYS=\"10\"\n");
    BOOST_TEST((due_of(only(top)) == noon + days(80)));
    write_file(top / "more/one.sh", "RENEW_DAYS=5\n");
    write_file(top / "more/two.txt", "RENEW_DAYS=6\n");
    write_file(top / "each/example.com", "KEY_ALGO=rsa\n");
    write_file(
        top / "config", "CONFIG_D=${BASEDIR}/more\nDOMAINS_D=\"$BASEDIR/each\"\nRENEW_DAYS=20\n"
    );
    BOOST_TEST((due_of(only(top)) == noon + days(85)));
    // elsewhere, as Debian has it
    write_file(
        files.path() / "etc/config",
        "BASEDIR=" + top.string() + "\nDOMAINS_TXT=\"" +
            (files.path() / "etc/domains.txt").string() + "\"\n"
    );
    BOOST_TEST(only(files.path() / "etc").skipped == "");
    write_file(files.path() / "etc/domains.txt", "# example.com\nexample.org > other\n");
    BOOST_TEST(
        only(files.path() / "etc").skipped ==
        "example.com is not in " + (files.path() / "etc/domains.txt").string()
    );
    write_file(files.path() / "etc/domains.txt", "example.org www.example.org >example.com\r\n");
    BOOST_TEST(
        only(files.path() / "etc").wanted_names.value() ==
            texts({"example.org", "www.example.org"}),
        per_element()
    );
    // Without the list, only what is asked for by --domain is renewed.
    fs::remove(files.path() / "etc/domains.txt");
    BOOST_TEST(only(files.path() / "etc").skipped == "");
}

BOOST_AUTO_TEST_CASE(lego_and_uacme_have_their_margin_from_the_command) {
    client_files const files;
    auto const c = files.issue("example.com", days(90));
    files.lego("example.com", c);
    files.uacme("example.com", c);
    struct {
        std::string client;
        std::string command;
        seconds after;
    } const cases[] = {
        {"lego", "lego --path /x renew", days(59)},
        {"lego", "lego --path /x renew --days 45", days(44)},
        {"lego", "lego renew --days=20 --dns exec", days(69)},
        {"lego", "lego renew --days many", days(59)},
        {"uacme", "uacme -h hook issue example.com", days(60)},
        {"uacme", "uacme -d 10 issue example.com", days(80)},
        {"uacme", "uacme --days 15 issue example.com", days(75)},
        // lego 5, and lego 4 with its rule
        {"lego", "lego renew --days -1", seconds(0)},
        {"lego", "lego renew --dynamic", days(60)},
        {"lego", "lego run --path /x --renew-days 20", days(70)},
        {"lego", "lego run --renew-days=0", days(60)},
        {"lego", "lego run --renew-days -2147483648", days(59)},
    };
    for (auto const& one : cases) {
        BOOST_TEST_CONTEXT(one.command) {
            auto l = named_places().at(files.of(one.client)).at(0);
            apply_command_line(l, one.command);
            BOOST_TEST((due_of(l) == noon + one.after));
        }
    }
}

// lego 5 writes another resource, and the directory to the account.
BOOST_AUTO_TEST_CASE(lego_5_renews_by_the_life) {
    client_files const files;
    auto const top = files.of("lego");
    auto const only = [&] { return lego_lineages(top).at(0); };
    auto const resource = [&](std::string const& text) {
        write_file(top / "certificates/example.com.json", text);
    };
    files.lego("example.com", files.issue("example.com", days(90)));
    resource(R"({"id":"example.com","certUrl":"https://CA.test:14000/cert/1","origin":"command"})");
    struct {
        seconds life;
        seconds after;
    } const cases[] = {
        {days(90), days(60)},
        {days(45), days(30)},
        {days(11), hours(176)},
        {days(10), days(5)},
        {days(10) + hours(11), hours(125) + std::chrono::minutes(30)},
        {hours(160), hours(80)},
    };
    for (auto const& c : cases)
        BOOST_TEST((due_of(only(), c.life) == noon + c.after));
    BOOST_TEST(only().settings == "give `lego run` the option `--renew-days <n>`");
    BOOST_TEST(only().directory == "");
    auto const account = top / "accounts/ca.test_14000/admin@example.com/account.json";
    write_file(account, R"({"server":"https://other.test/directory"})");
    write_file(top / "accounts/odd/odd/account.json", "[");
    write_file(top / "accounts/odd/word/account.json", R"({"server":"letsencrypt"})");
    BOOST_TEST(only().directory == "");
    write_file(account, R"({"server":"https://ca.test:14000/dir"})");
    BOOST_TEST(only().directory == "https://ca.test:14000/dir");
    // lego 4
    auto const server = std::string("https://acme-staging-v02.api.letsencrypt.org/");
    resource(R"({"domain":"example.com","certUrl":")" + server + R"(acme/cert/1"})");
    BOOST_TEST((due_of(only()) == noon + days(59)));
    BOOST_TEST(only().settings == "give `lego renew` the option `--days <n>`");
    BOOST_TEST(only().directory == server + "directory");
    for (auto const* const odd : {"", "[]", R"({"certUrl":1})", R"({"certUrl":"x"})"}) {
        resource(odd);
        BOOST_TEST((due_of(only()) == noon + days(59)));
        BOOST_TEST(only().directory == "");
    }
}

BOOST_AUTO_TEST_CASE(the_ca_is_named_by_the_command) {
    struct {
        std::string client;
        std::string command;
        std::string directory;
    } const cases[] = {
        {"lego", "lego --server https://ca.test:14000/dir renew", "https://ca.test:14000/dir"},
        {"lego", "lego run -s \"letsencrypt-staging\"", "letsencrypt-staging"},
        {"lego", "lego renew", "https://own.test/dir"},
        {"uacme", "uacme -a https://ca.test/dir issue a.example", "https://ca.test/dir"},
        {"uacme", "uacme --acme-url=https://ca.test/dir -s issue a.example", "https://ca.test/dir"},
        {"uacme", "uacme --staging issue a.example", "letsencrypt-test"},
        {"uacme", "uacme issue a.example -a", ""},
        {"certbot", "certbot renew --server https://ca.test/dir", "https://own.test/dir"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.command) {
            auto l = lineage_of(c.client, "a.example");
            if (c.client != "uacme") l.directory = "https://own.test/dir";
            apply_command_line(l, c.command);
            BOOST_TEST(l.directory == c.directory);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_clients_of_a_host_are_found_where_their_settings_say) {
    client_files const files;
    auto const c = files.issue("example.com", days(90));
    for (auto const& client : client_names)
        files.add(client, "example.com", c);
    host here{.root = files.path() / "root", .home = files.path() / "root/home"};
    BOOST_TEST(lineages_of(here).empty());
    auto const link = [&](std::string const& client, std::string const& to) {
        fs::create_directories((here.root / to).parent_path());
        fs::create_directory_symlink(files.of(client), here.root / to);
    };
    link("certbot", "etc/letsencrypt");
    link("acme.sh", "root/.acme.sh");
    link("dehydrated", "etc/dehydrated");
    link("lego", "home/.lego");
    link("uacme", "etc/ssl/uacme");
    texts const all{
        "certbot example.com",
        "dehydrated example.com",
        "acme.sh example.com",
        "lego example.com",
        "uacme example.com"};
    BOOST_TEST(names_of(lineages_of(here)) == all, per_element());
    // The same, named by settings and commands.
    host other{.root = files.path() / "other", .home = files.path() / "other/home"};
    write_file(
        other.home / ".config/letsencrypt/cli.ini",
        "config-dir = " + files.of("certbot").string() + "\n"
    );
    other.lego_path = files.of("lego");
    other.commands = {
        "/root/.acme.sh/acme.sh --cron --home \"" + files.of("acme.sh").string() + "\" > /dev/null",
        "dehydrated --config " + (files.of("dehydrated") / "config").string() + " -c",
        "uacme -c " + files.of("uacme").string() + " issue example.com",
        "lego --path " + files.of("lego").string() + " renew"};
    BOOST_TEST(names_of(lineages_of(other)) == all, per_element());
}

BOOST_AUTO_TEST_CASE(timers_and_cron_entries_that_start_clients_are_found) {
    client_files const files;
    auto const root = files.path() / "root";
    auto const lib = root / "lib/systemd/system";
    auto const wants = root / "etc/systemd/system/timers.target.wants";
    auto const enable = [&](std::string const& name) {
        fs::create_directories(wants);
        fs::create_symlink("/lib/systemd/system/" + name, wants / name);
    };
    auto const found = [&] {
        texts all;
        for (auto const& s : find_starters(root).all)
            all.push_back(s.client + " by " + s.what);
        return all;
    };
    write_file(lib / "certbot.timer", "[Timer]\nOnCalendar=daily\n");
    write_file(
        lib / "certbot.service",
        "[Service]\nExecStart=/usr/bin/certbot -q renew \\\n --no-random-sleep-on-renew\n"
    );
    write_file(
        root / "etc/cron.d/certbot",
        "0 */12 * * * root test -x /usr/bin/certbot -a \\! -d /run/systemd/system && certbot -q "
        "renew\n"
    );
    BOOST_TEST(found() == texts{"certbot by /etc/cron.d/certbot"}, per_element());
    // systemd runs, and takes over once the timer is enabled.
    fs::create_directories(root / "run/systemd/system");
    BOOST_TEST(found().empty());
    enable("certbot.timer");
    BOOST_TEST(found() == texts{"certbot by certbot.timer"}, per_element());
    write_file(
        lib / "certbot.service.d/run.conf",
        "[Service]\nExecStart=\nExecStart=acme-dns01 run -- certbot renew\n"
    );
    BOOST_TEST(found().size() == 2U);
    fs::create_symlink("/dev/null", root / "etc/systemd/system/certbot.timer");
    BOOST_TEST(found().empty());
    write_file(lib / "renewals.timer", "[Timer]\nUnit=lego.service\n");
    write_file(
        lib / "lego.service", "[Service]\nExecStart=lego --path /srv/lego renew --days 20\n"
    );
    enable("renewals.timer");
    write_file(
        root / "etc/crontab",
        "# dehydrated -c\n0 1 * * * root uacme issue a.example\n0 1 * * * root echo lego renew\n"
    );
    write_file(
        root / "var/spool/cron/crontabs/root",
        "5 0 * * * \"/root/.acme.sh\"/acme.sh --cron --home \"/root/.acme.sh\" > /dev/null\n"
    );
    write_file(root / "etc/cron.daily/dehydrated", "#!/bin/sh\nexec /usr/bin/dehydrated -c\n");
    BOOST_TEST(
        found() == texts(
                       {"lego by renewals.timer",
                        "uacme by /etc/crontab",
                        "lego by /etc/crontab",
                        "acme.sh by /var/spool/cron/crontabs/root",
                        "dehydrated by /etc/cron.daily/dehydrated"}
                   ),
        per_element()
    );
}

BOOST_AUTO_TEST_SUITE_END()
