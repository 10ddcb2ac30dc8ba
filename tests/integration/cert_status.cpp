#include "base/text.hpp"
#include "support/acme_client.hpp"
#include "support/client_files.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(integration_cert_status)

using namespace acme_dns01;
using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::outcome;
using std::chrono::days;

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

certificate::moment now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// A host with certificates, and the program that looks at them.
struct cert_host {
    local_digitalocean s{quick()};
    user admin{s};
    client_files files;

    // Of the given age and life in days, and half an hour.
    certified
    issue(std::string const& name, int age, int life, std::string const& serial = "0a") const {
        auto const begin = now() - days(age) - std::chrono::minutes(30);
        return files.ca.issue({name, "*." + name}, begin, begin + days(life), "P-256", serial);
    }
    // It answers as one that suggests to renew at once. Its URL.
    std::string be_a_ca() {
        auto const answer = [&](std::string const& path, std::string const& body) {
            sandbox::fault f;
            f.path_prefix = path;
            f.status = 200;
            f.body = body;
            f.count = 10;
            s.inject(f);
        };
        auto url = s.api_url();
        answer(
            "/directory", R"({"newOrder":"https://ca.test/new","renewalInfo":")" + url + R"(/ari"})"
        );
        answer(
            "/ari/",
            R"({"suggestedWindow":{"start":"2021-01-03T00:00:00Z",)"
            R"("end":"2021-01-07T01:00:00.5+01:00"},)"
            R"("explanationURL":"https://ca.test/why"})"
        );
        return url;
    }
    outcome run(texts const& more) const {
        texts line{"cert", "status"};
        line.insert(line.end(), more.begin(), more.end());
        return admin.run(line);
    }
    json::object report(texts const& more) const {
        auto line = more;
        line.emplace_back("--json");
        return json::parse(run(line).out).as_object();
    }
    json::object only(texts const& more) const {
        auto const all = report(more).at("certificates").as_array();
        BOOST_REQUIRE(all.size() == 1U);
        return all.front().as_object();
    }
};

bool is_installed(user const& u, std::string const& program) {
    return u.execute({"sh", "-c", "command -v " + program}).status == 0;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_certificate_is_reported_in_full) {
    cert_host const h;
    h.files.lego("example.com", h.issue("example.com", 10, 90, "00c0ffee"));
    auto found = h.only({h.files.of("lego")});
    std::regex const time("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");
    for (auto const* const key : {"not_before", "not_after", "renewal_due"}) {
        BOOST_TEST(std::regex_match(std::string(found.at(key).as_string()), time));
        found.erase(key);
    }
    found.erase("started_by"); // of this machine
    found.erase("reason");
    found.erase("fix");
    json::object const expected{
        {"path", h.files.certificate("lego", "example.com").string()},
        {"names", {"example.com", "*.example.com"}},
        {"issuer", "Test CA"},
        {"serial", "c0ffee"},
        {"days_left", 79.9},
        {"share_left", 0.88},
        {"key", "EC P-256"},
        {"client", "lego"},
        {"state", "ok"},
        {"ari", nullptr}};
    BOOST_TEST((found == expected));
    BOOST_TEST(h.report({h.files.of("lego")}).at("ok") == true);
    BOOST_TEST(h.run({h.files.of("lego")}).status == 0);
}

BOOST_AUTO_TEST_CASE(every_client_is_listed_and_the_worst_comes_first) {
    cert_host const h;
    h.files.certbot("overdue.example", h.issue("overdue.example", 65, 90));
    h.files.acme_sh("late.example", h.issue("late.example", 1, 45), now() + days(58));
    h.files.dehydrated("names.example", h.issue("names.example", 1, 90));
    h.files.lego("gone.example", h.issue("gone.example", 91, 90));
    h.files.uacme("due.example", h.issue("due.example", 61, 90));
    write_file(h.files.certificate("uacme", "empty.example"), "");
    write_file(h.files.path() / "loose/loose.pem", h.issue("loose.example", 1, 90).certificate);
    auto const top = h.files.path().string();
    auto const done = h.run({top, "--renew-within", "10"});
    BOOST_TEST(done.status == 10);
    BOOST_TEST(done.err == "acme-dns01: error: 4 of 7 certificates need attention\n");
    std::string states;
    std::regex const row("(^|\n)([a-z_]+) +(-|-?[0-9.]+ \\([0-9]+ %\\)) +([-0-9]+) +([-a-z.]+) +");
    for (std::sregex_iterator at(done.out.begin(), done.out.end(), row), end; at != end; ++at)
        states += (*at)[2].str() + " " + (*at)[5].str() + ", ";
    BOOST_TEST(
        states == "broken uacme, expired lego, late acme.sh, overdue certbot, due uacme, due "
                  "dehydrated, ok -, "
    );
    auto const wider = h.report({top, "--renew-within", "100"});
    BOOST_TEST(wider.at("certificates").as_array().back().at("state") == "due");
    BOOST_TEST(wider.at("ok") == false);
}

// What nobody is, and the owner of no file.
BOOST_AUTO_TEST_CASE(another_user_sees_what_it_may_and_what_it_may_not) {
    cert_host const h;
    h.files.certbot("example.com", h.issue("example.com", 1, 90));
    h.files.uacme("example.org", h.issue("example.org", 1, 90));
    fs::permissions(h.files.path(), fs::perms(0755));
    fs::permissions(h.files.of("certbot") / "live", fs::perms(0700));
    fs::permissions(h.files.of("uacme") / "private", fs::perms(0700));
    if (::geteuid() != 0 || !is_installed(h.admin, "setpriv")) {
        BOOST_TEST_MESSAGE("skipped: this needs root and setpriv");
        return;
    }
    auto line = split(
        "setpriv --reuid=65534 --regid=65534 --clear-groups " + tested::program() +
            " cert status --json",
        " "
    );
    line.insert(line.end(), {h.files.of("certbot"), h.files.of("uacme")});
    auto nobody = h.admin;
    auto const done = nobody.without("ACME_DNS01_CONFIG").execute(line);
    BOOST_TEST_REQUIRE(done.status == 10, done.out << done.err);
    auto const all = json::parse(done.out).at("certificates").as_array();
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST(all[0].at("state") == "broken");
    BOOST_TEST(
        all[0].at("path").as_string() == h.files.certificate("certbot", "example.com").string()
    );
    BOOST_TEST(all[0].at("reason") == "cannot be read: Permission denied");
    BOOST_TEST(all[0].at("fix") == "run acme-dns01 as a user who may read it, such as root");
    BOOST_TEST(all[1].at("state") == "ok");
    auto const key = h.files.key("uacme", "example.org").string();
    BOOST_TEST(std::string(all[1].at("reason").as_string())
                   .ends_with(
                       "; the key " + key +
                       " cannot be read: Permission denied, so it was not checked"
                   ));
}

BOOST_AUTO_TEST_CASE(metrics_are_written_whole_or_not_at_all) {
    cert_host const h;
    h.files.lego("example.com", h.issue("example.com", 1, 90));
    write_file(h.files.of("lego") / "certificates/broken.crt", "");
    auto const folder = h.files.path() / "metrics";
    auto const file = folder / "acme-dns01.prom";
    write_file(file, "old");
    fs::permissions(file, fs::perms(0600));
    auto const done = h.run({h.files.of("lego"), "--metrics", file});
    BOOST_TEST(done.status == 10);
    auto const text = text_of(file);
    auto const labels = "path=\"" + h.files.certificate("lego", "example.com").string() +
                        "\",client=\"lego\",names=\"example.com,*.example.com\"";
    auto const has = [&](std::string const& line) {
        BOOST_TEST_CONTEXT(line) { BOOST_TEST(text.find("\n" + line) != std::string::npos); }
    };
    has("acme_dns01_certificate_not_after_timestamp_seconds{" + labels + "} " +
        std::to_string((now() + days(89)).time_since_epoch().count()).substr(0, 5));
    has("acme_dns01_certificate_renewal_due_timestamp_seconds{" + labels + "} ");
    has("acme_dns01_certificate_state{" + labels + ",state=\"ok\"} 1\n");
    has("acme_dns01_certificate_state{" + labels + ",state=\"broken\"} 0\n");
    has("acme_dns01_certificate_read_errors 1\n");
    has("acme_dns01_run_timestamp_seconds ");
    BOOST_TEST((fs::status(file).permissions() == fs::perms(0644)));
    BOOST_TEST(std::distance(fs::directory_iterator(folder), {}) == 1);
    if (is_installed(h.admin, "promtool")) {
        auto const checked =
            h.admin.execute({"sh", "-c", "promtool check metrics <" + file.string()});
        BOOST_TEST_CONTEXT(checked.out + checked.err) {
            BOOST_TEST(checked.status == 0);
            BOOST_TEST(checked.err == "");
        }
    } else {
        BOOST_TEST_MESSAGE("not checked: promtool is not installed");
    }
    struct {
        std::string file;
        std::string why;
    } const cases[] = {
        {folder / "none/a.prom", "No such file or directory"},
        {folder, "it is no regular file"},
        {"/dev/null", "it is no regular file"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.file) {
            auto const failed = h.run({h.files.of("lego"), "--metrics", c.file});
            BOOST_TEST(failed.status == 3);
            BOOST_TEST(
                failed.err ==
                "acme-dns01: error: the metrics file " + c.file + " cannot be written: " + c.why +
                    "\nacme-dns01: hint: name a file in a folder that you may write to, such as "
                    "/var/lib/prometheus/node-exporter/acme-dns01.prom\n"
            );
        }
    }
    BOOST_TEST(text_of(file) == text);
}

BOOST_AUTO_TEST_CASE(the_ca_is_asked_when_to_renew) {
    cert_host h;
    h.files.lego("example.com", h.issue("example.com", 1, 90, "0087654321"));
    auto const url = h.be_a_ca();
    texts const line{h.files.of("lego"), "--ari", "--directory", url + "/directory"};
    auto const found = h.only(line);
    json::object const expected{
        {"start", "2021-01-03T00:00:00Z"},
        {"end", "2021-01-07T00:00:00Z"},
        {"renew_now", true},
        {"explanation", "https://ca.test/why"}};
    BOOST_TEST((found.at("ari") == expected));
    BOOST_TEST(std::string(found.at("reason").as_string())
                   .ends_with("; the CA suggests a renewal from 2021-01-03T00:00:00Z to "
                              "2021-01-07T00:00:00Z: renew now "
                              "(https://ca.test/why)"));
    auto const calls = calls_of(h.s);
    BOOST_REQUIRE(calls.size() == 2U);
    BOOST_TEST(calls[0] == "GET /directory 200");
    BOOST_TEST(std::regex_match(calls[1], std::regex("GET /ari/[-_A-Za-z0-9]{27}\\.AIdlQyE 200")));
    auto const failed = h.run({h.files.of("lego"), "--ari"});
    BOOST_TEST(
        failed.err ==
        "acme-dns01: warning: " + h.files.certificate("lego", "example.com").string() +
            ": the CA was not asked when to renew: the directory of its CA is not known: name it "
            "with --directory\n"
    );
    BOOST_TEST(failed.status == 0);
}

// On whatever port, and each directory is asked once.
BOOST_AUTO_TEST_CASE(the_ca_is_the_one_that_the_client_names) {
    cert_host h;
    auto const url = h.be_a_ca();
    for (auto const* const client : {"certbot", "acme.sh", "dehydrated", "lego"})
        h.files.add(client, "example.com", h.issue("example.com", 1, 90));
    auto const certbot = h.files.of("certbot") / "renewal/example.com.conf";
    std::ofstream(certbot, std::ios::app) << "server = " << url << "/directory\n";
    replace_in(
        h.files.of("acme.sh") / "example.com_ecc/example.com.conf", "https.*'", url + "/directory'"
    );
    std::ofstream(h.files.of("dehydrated") / "config", std::ios::app)
        << "CA=\"" << url << "/directory\"\n";
    write_file(
        h.files.of("lego") / "certificates/example.com.json",
        R"({"id":"example.com","certUrl":")" + url + R"(/cert/1"})"
    );
    write_file(
        h.files.of("lego") / "accounts/ca/admin/account.json",
        R"({"server":")" + url + R"(/directory"})"
    );
    auto const all = h.report({h.files.path(), "--ari"}).at("certificates").as_array();
    BOOST_TEST(all.size() == 4U);
    for (auto const& one : all)
        BOOST_TEST(!one.at("ari").is_null(), one);
    auto calls = calls_of(h.s);
    BOOST_TEST(calls.size() == 5U);
    BOOST_TEST(std::ranges::count(calls, "GET /directory 200") == 1);
    std::pair<std::string, std::string> const cases[] = {
        {"http://ca.test/directory",
         "'http://ca.test/directory' is not an API URL: it is not https"},
        {"https://a:b@ca.test/",
         "what was given is not an API URL: it may not contain credentials"},
        {"https://127.0.0.1:1/directory",
         "https://127.0.0.1:1 cannot be reached: 127.0.0.1 port 1: Connection refused"},
        {"../etc/passwd", "'../etc/passwd' is not an API URL: it does not parse"},
    };
    for (auto const& [server, told] : cases) {
        BOOST_TEST_CONTEXT(server) {
            replace_in(certbot, "server = .*", "server = " + server);
            auto const failed = h.run({h.files.of("certbot"), "--ari"});
            BOOST_TEST(failed.status == 0);
            BOOST_TEST(
                failed.err ==
                "acme-dns01: warning: " + h.files.certificate("certbot", "example.com").string() +
                    ": the CA was not asked when to renew: " + told + "\n"
            );
        }
    }
    BOOST_TEST(calls_of(h.s).size() == 5U);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_but_the_metrics_file) {
    cert_host const h;
    if (!is_installed(h.admin, "strace")) {
        BOOST_TEST_MESSAGE("skipped: strace is not installed");
        return;
    }
    for (auto const& client : client_names)
        h.files.add(client, "example.com", h.issue("example.com", 1, 90));
    fs::create_directory(h.files.path() / "metrics");
    BOOST_TEST(h.admin.run({"present", "example.com", value_a, "--no-wait"}).status == 0);
    auto const journal = h.s.environment().at("ACME_DNS01_STATE_DIR") + "/journal.sqlite";
    auto const before = fs::last_write_time(journal);
    auto const log = h.files.path() / "strace.log";
    auto const metrics = (h.files.path() / "metrics/acme-dns01.prom").string();
    auto const options = "-f -qq -e trace=%file,fchmod,fchown,ftruncate -o " + log.string();
    auto line = split("strace " + options + " " + tested::program() + " cert status", " ");
    line.insert(line.end(), {h.files.path(), "--metrics", metrics});
    h.admin.execute(line);
    // SQLite gives its second file the owner that both have.
    std::regex const changes("(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC| (?!fchown\\(\\d+, 0, 0\\))"
                             "(creat|mk\\w+|rename\\w*|unlink\\w*|rmdir|(sym)?link(at)?|"
                             "f?ch(mod|own)\\w*|lchown|f?truncate\\w*|utime\\w*)\\()");
    texts changed;
    for (auto const& call : split(text_of(log), "\n")) {
        if (std::regex_search(call, changes)) changed.push_back(call);
    }
    // The journal is opened to count what is outstanding.
    std::regex const expected("/metrics/acme-dns01.prom|/journal.sqlite| fchmod");
    for (auto const& call : changed)
        BOOST_TEST(std::regex_search(call, expected), call);
    BOOST_TEST(changed.size() == 4U);
    BOOST_TEST((fs::last_write_time(journal) == before));
}

BOOST_AUTO_TEST_CASE(the_domains_are_checked_where_that_is_asked_for) {
    cert_host const h;
    h.files.lego("example.com", h.issue("example.com", 1, 90));
    auto const file = h.files.path() / "a.prom";
    auto const report = h.report({h.files.of("lego"), "--check", "--metrics", file});
    BOOST_TEST(report.at("certificates").as_array().size() == 1U);
    texts about;
    for (auto const& f : report.at("findings").as_array()) {
        if (f.at("check") == "zone") about.emplace_back(f.at("domain").as_string());
    }
    BOOST_TEST(about == texts({"*.example.com", "example.com"}), boost::test_tools::per_element());
    auto const zone = "acme_dns01_check_ok{domain=\"example.com\",check=\"zone\"} 1\n";
    auto const certificate = "\nacme_dns01_certificate_state{";
    BOOST_TEST(text_of(file).find(zone) != std::string::npos, text_of(file));
    BOOST_TEST(text_of(file).find(certificate) != std::string::npos);
    h.admin.run({"check", "example.com", "--metrics", file});
    BOOST_TEST(text_of(file).find(zone) != std::string::npos, text_of(file));
    BOOST_TEST(text_of(file).find(certificate) == std::string::npos);
    BOOST_TEST(text_of(file).find("\nacme_dns01_run_timestamp_seconds ") != std::string::npos);
    auto const left = std::regex("\nacme_dns01_api_requests_remaining [0-9]{4}\n");
    BOOST_TEST(std::regex_search(text_of(file), left), text_of(file));
    BOOST_TEST(!h.report({h.files.of("lego")}).contains("findings"));
}

BOOST_AUTO_TEST_CASE(wrong_usage_and_empty_places_are_told) {
    cert_host const h;
    fs::create_directory(h.files.path() / "empty");
    auto const empty = (h.files.path() / "empty").string();
    BOOST_TEST(h.run({empty}).out == "no certificates found\n");
    BOOST_TEST(
        h.run({empty}).err == "acme-dns01: warning: there is no certificate in " + empty + "\n"
    );
    auto const none = h.only({empty + "/none.pem"});
    BOOST_TEST(none.at("state") == "broken");
    BOOST_TEST(none.at("reason") == "cannot be read: No such file or directory");
    BOOST_TEST(none.at("not_after").is_null());
    BOOST_TEST(h.run({empty, "--renew-within", "soon"}).status == 2);
    BOOST_TEST(h.run({empty, "--renew-within", "-1"}).status == 2);
    BOOST_TEST(h.run({empty, "--metrics", ""}).status == 2);
}

BOOST_AUTO_TEST_SUITE_END()
