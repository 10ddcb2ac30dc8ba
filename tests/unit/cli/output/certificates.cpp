#include "cli/output/certificates.hpp"

#include "support/certificate_looks.hpp"
#include "support/client_files.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cli_certificates)

using namespace acme_dns01;
using namespace acme_dns01::test;
using boost::test_tools::per_element;
using std::chrono::days;

namespace {

using texts = std::vector<std::string>;

// Without the folder of the test.
texts shown(
    client_files const& files, statuses const& all, std::chrono::seconds age, bool verbose = false
) {
    texts lines;
    for (auto const& line : cli::lines_for(all, noon + age, 1000, verbose))
        lines.push_back(below(files.path(), line));
    return lines;
}

statuses look_everywhere(client_files const& files, std::chrono::seconds age) {
    certificate::starters by;
    by.all.push_back({"certbot", "certbot.timer", "certbot -q renew"});
    by.unread = {"/var/spool/cron/crontabs"};
    return look_at(certificate::named_places().at(files.path()), age, by);
}

} // namespace

BOOST_AUTO_TEST_CASE(no_certificate_is_said) {
    BOOST_TEST(cli::lines_for({}, noon, 80) == texts{"no certificates found"}, per_element());
}

// What waits for its client alone is one line, however many certificates that client has.
BOOST_AUTO_TEST_CASE(the_table_says_what_needs_somebody_and_once) {
    client_files const files;
    files.certbot("a.example", files.issue("a.example", days(90)));
    files.certbot("b.example", files.issue("b.example", days(63)));
    for (auto const* const name : {"c.example", "d.example"})
        files.lego(name, files.issue(name, days(100)));
    files.uacme("f.example", files.issue("f.example", days(110)));
    write_file(files.path() / "snakeoil/s.pem", files.issue("s.example", days(3650)).certificate);
    write_file(files.path() / "snakeoil/t.pem", "text");
    auto const unread = ", but /var/spool/cron/crontabs could not be read";
    auto const start = "    to do: run acme-dns01 as root to be sure, or start ";
    auto const by_hand =
        "    to do: run `certbot renew --cert-name b.example --config-dir certbot`, "
        "and read what it says";
    texts const expected{
        "STATE        DAYS LEFT  RENEWAL     CLIENT   NAMES      PATH",
        "broken               -  -           -        -          snakeoil/t.pem",
        "    it contains no certificate",
        "    to do: replace it",
        "overdue    13.0 (20 %)  2026-12-31  certbot  b.example  certbot/live/b.example/cert.pem",
        "    not renewed for 17 days: it was due on 2026-12-31, 30 days before the end; started by "
        "certbot.timer",
        by_hand,
        "ok         40.0 (44 %)  2027-01-27  certbot  a.example  certbot/live/a.example/cert.pem",
        "ok         50.0 (50 %)  2027-02-05  lego     c.example  lego/certificates/c.example.crt",
        "ok         50.0 (50 %)  2027-02-05  lego     d.example  lego/certificates/d.example.crt",
        "ok         60.0 (54 %)  2027-02-16  uacme    f.example  uacme/f.example/cert.pem",
        "ok       3600.0 (98 %)  -           -        s.example  snakeoil/s.pem",
        "    no ACME client is known to renew it",
        "    to do: renew it by hand before 2036-11-25",
        "",
        std::string("2 certificates of lego: no timer or cron entry was found that starts lego") +
            unread,
        std::string(start) + "lego daily with a systemd timer or cron",
        std::string("1 certificate of uacme: no timer or cron entry was found that starts uacme") +
            unread,
        std::string(start) + "uacme daily with a systemd timer or cron",
    };
    BOOST_TEST(shown(files, look_everywhere(files, days(50)), days(50)) == expected, per_element());
}

BOOST_AUTO_TEST_CASE(with_verbose_all_is_said_of_each) {
    client_files const files;
    files.certbot("a.example", files.issue("a.example", days(90)));
    texts const expected{
        "STATE    DAYS LEFT  RENEWAL     CLIENT   NAMES      PATH",
        "ok     89.0 (98 %)  2027-01-27  certbot  a.example  certbot/live/a.example/cert.pem",
        "    EC P-256, serial 0a1b2c, issued by Test CA; 2026-11-28T12:00:00Z to "
        "2027-02-26T12:00:00Z",
        "    certbot renews it from 2027-01-27 on, 30 days before the end; started by "
        "certbot.timer",
    };
    auto const all = look_everywhere(files, days(1));
    BOOST_TEST(shown(files, all, days(1), true) == expected, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
