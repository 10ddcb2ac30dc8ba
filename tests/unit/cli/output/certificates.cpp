#include "cli/output/certificates.hpp"

#include "support/certificate_looks.hpp"
#include "support/client_files.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE(cli_certificates)

BOOST_AUTO_TEST_CASE(no_certificate_is_said) {
    BOOST_TEST(cli::lines_for({}, noon, 80) == texts{"no certificates found"}, per_element());
}

// What waits for its client alone is one line, however many certificates that client has.
BOOST_AUTO_TEST_CASE(the_table_says_what_needs_somebody_and_once) {
    client_files const files;
    files.certbot("a.example", files.issue("a.example", days(90)));
    files.certbot("b.example", files.issue("b.example", days(63)));
    for (auto const* const name : {"c.example", "d.example", "e.example"})
        files.lego(name, files.issue(name, days(100)));
    files.uacme("f.example", files.issue("f.example", days(110)));
    write_file(files.path() / "snakeoil/s.pem", files.issue("s.example", days(3650)).certificate);
    write_file(files.path() / "snakeoil/t.pem", "text");
    texts const expected{
        "",
    };
    auto const lines = shown(files, look_everywhere(files, days(50)), days(50));
    BOOST_TEST(lines == expected, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
