#include "sandbox/temporary_folder.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::outcome;

namespace {

using texts = std::vector<std::string>;

// A folder such as /etc/letsencrypt.
struct certbot_folder {
    explicit certbot_folder(local_digitalocean const& s) : admin(s) {
        std::filesystem::create_directory(scratch.path() / "renewal");
    }

    void add(std::string const& name, std::string const& certificate, std::string const& how) {
        std::ofstream(scratch.path() / "renewal" / (name + ".conf"))
            << "version = 2.1.0\ncert = " << certificate << "\n[renewalparams]\n"
            << how << "\nserver = https://acme-v02.api.letsencrypt.org/directory\n";
    }

    outcome run(texts const& options = {}, std::string const& inner = {}) const {
        texts line{"run", "--certbot-dir", scratch.path() / inner};
        line.insert(line.end(), options.begin(), options.end());
        line.insert(line.end(), {"--", "echo", "started"});
        return admin.run(line);
    }

    std::string path() const { return scratch.path(); }

    acme_dns01::sandbox::temporary_folder scratch{"acme-dns01-test"};
    user admin;
};

constexpr auto by_hooks = "authenticator = manual\npref_challs = dns-01,\n"
                          "manual_auth_hook = acme-dns01 hook certbot-auth";
constexpr auto by_webroot = "authenticator = webroot\nwebroot_path = /srv,";

void check_refused(outcome const& done, std::string const& told) {
    BOOST_TEST(done.status == 3);
    BOOST_TEST(done.out == "");
    BOOST_TEST(done.err == "acme-dns01: error: " + told);
}

} // namespace

BOOST_AUTO_TEST_SUITE(integration_run_certbot)

BOOST_AUTO_TEST_CASE(only_certificates_with_manual_dns_hooks_are_checked) {
    local_digitalocean s(quick());
    certbot_folder f(s);
    auto const certificate = s.issue_certificate({"example.com", "www.example.com"}).certificate;
    auto const others = s.issue_certificate({"example.org"}).certificate;
    f.add("example.com", certificate, by_hooks);
    f.add("example.org", others, by_webroot);
    f.add("gone.example", "/nowhere/cert.pem", by_webroot);
    for (std::string const inner : {"", "renewal"}) {
        BOOST_TEST_CONTEXT(inner) {
            auto const done = f.run({}, inner);
            BOOST_TEST(done.out == "started\n");
            BOOST_TEST(done.err == "");
        }
    }
    check_refused(
        f.run({"--allow", "example.com"}),
        "echo was not started: www.example.com is not among the names that this host may touch: "
        "example.com\nacme-dns01: hint: extend 'allow' in the configuration if it should be\n"
    );
    f.add("example.net", s.issue_certificate({"example.net"}).certificate, by_hooks);
    BOOST_TEST(f.run().status == 5);
}

BOOST_AUTO_TEST_CASE(files_that_certbot_skips_are_skipped_with_a_warning) {
    local_digitalocean s(quick());
    certbot_folder f(s);
    f.add("example.com", s.issue_certificate({"example.com"}).certificate, by_hooks);
    struct {
        std::string certificate;
        std::string told;
    } const cases[] = {
        {"", "it names no certificate: there is no line `cert = <file>`"},
        {"/nowhere/cert.pem", "/nowhere/cert.pem cannot be read: No such file or directory"},
        {f.path() + "/renewal/broken.conf",
         f.path() + "/renewal/broken.conf: it contains no certificate"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.told) {
            f.add("broken", c.certificate, by_hooks);
            auto const done = f.run();
            BOOST_TEST(done.status == 0);
            BOOST_TEST(done.out == "started\n");
            BOOST_TEST(
                done.err == "acme-dns01: warning: certbot will skip " + f.path() +
                                "/renewal/broken.conf: " + c.told + "\n"
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(run_stops_if_no_certificate_is_found) {
    local_digitalocean s(quick());
    certbot_folder f(s);
    auto const nothing =
        "certbot renews nothing with manual DNS hooks, according to the files in " + f.path() +
        "/\nacme-dns01: hint: name certbot's directory with --certbot-dir, or the domains with "
        "--domain\n";
    check_refused(f.run(), nothing);
    std::string const hint = "\nacme-dns01: hint: name certbot's directory with --certbot-dir, and "
                             "run as the user who runs certbot\n";
    check_refused(
        f.run({}, "nowhere/le"),
        f.path() + "/nowhere/le cannot be read: No such file or directory" + hint
    );
    f.add("a", "", by_hooks);
    auto const done = f.run();
    BOOST_TEST(done.status == 3);
    BOOST_TEST(done.out == "");
    BOOST_TEST(
        done.err == "acme-dns01: warning: certbot will skip " + f.path() +
                        "/renewal/a.conf: it names no certificate: there is no line `cert = <file>`"
                        "\nacme-dns01: error: " +
                        nothing
    );
}

BOOST_AUTO_TEST_SUITE_END()
