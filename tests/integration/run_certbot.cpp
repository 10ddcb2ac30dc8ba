#include "support/certbot_lineages.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <functional>

BOOST_AUTO_TEST_SUITE(integration_run_certbot)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::test::outcome;

namespace {

using texts = std::vector<std::string>;

struct certbot_folder : certbot_lineages {
    explicit certbot_folder(local_digitalocean const& s) : admin(s) {}

    outcome run(texts const& options = {}, std::string const& inner = {}) const {
        texts line{"run", "--certbot-dir", path() + "/" + inner};
        line.insert(line.end(), options.begin(), options.end());
        line.insert(line.end(), {"--", "echo", "started"});
        return admin.run(line);
    }

    user admin;
};

constexpr auto by_webroot = "authenticator = webroot\nwebroot_path = /srv,\n";

void check_refused(outcome const& done, std::string const& told) {
    BOOST_TEST(done.status == 3);
    BOOST_TEST(done.out == "");
    BOOST_TEST(done.err == "acme-dns01: error: " + told);
}

} // namespace

BOOST_AUTO_TEST_CASE(only_certificates_with_manual_dns_hooks_are_checked) {
    local_digitalocean s(quick());
    certbot_folder f(s);
    auto const certificate = s.issue_certificate({"example.com", "www.example.com"}).certificate;
    auto const others = s.issue_certificate({"example.org"}).certificate;
    f.add("example.com", certificate, by_hooks);
    f.add("example.org", others, by_webroot);
    f.add("gone.example", others, by_webroot);
    std::filesystem::remove_all(f.archive("gone.example"));
    f.add(".hidden", others, by_hooks);
    f.add("saved", others, by_hooks);
    std::filesystem::rename(f.renewal("saved"), f.path() + "/renewal/saved.conf.bak");
    for (std::string const inner : {"", "renewal"}) {
        BOOST_TEST_CONTEXT(inner) {
            auto const done = f.run({}, inner);
            BOOST_TEST(done.out == "started\n");
            BOOST_TEST(done.err == "");
        }
    }
    check_refused(
        f.run({"--allow", "example.com"}),
        "echo was not started: www.example.com (certificate example.com): www.example.com is not "
        "among the names that this host may touch: "
        "example.com\nacme-dns01: hint: extend 'allow' in the configuration if it should be\n"
    );
    f.add("example.net", s.issue_certificate({"example.net"}).certificate, by_hooks);
    BOOST_TEST(f.run().status == 5);
}

// Its domain is in no zone of the account: if it were considered, nothing would start.
BOOST_AUTO_TEST_CASE(lineages_that_certbot_skips_are_skipped_with_a_warning) {
    local_digitalocean s(quick());
    certbot_folder f(s);
    f.add("example.com", s.issue_certificate({"example.com"}).certificate, by_hooks);
    auto const retired = s.issue_certificate({"retired.example"}).certificate;
    auto const link = [&](std::string const& kind) { return f.link("broken", kind).string(); };
    auto const no_link = [&](std::string const& kind) {
        return link(kind) + " is not a symbolic link to a file such as " + kind + "1.pem";
    };
    auto const other_name = f.path() + "/archive/broken/chain.pem";
    struct {
        std::function<void()> how;
        std::string told;
    } const cases[] = {
        {[&] { f.add("broken", retired, std::string(by_hooks) + "autorenew = False\n"); },
         "autorenew is False"},
        {[&] { std::ofstream(f.renewal("broken")) << ""; }, "there is no line `cert = <file>`"},
        {[&] { std::ofstream(f.renewal("broken"), std::ios::app) << "garbage"; },
         "'garbage' is neither a section nor a setting"},
        {[&] { std::filesystem::remove(f.link("broken", "chain")); }, no_link("chain")},
        {[&] { f.relink("broken", "privkey", "/nowhere/privkey1.pem"); }, no_link("privkey")},
        {[&] {
             std::filesystem::remove(f.link("broken", "cert"));
             std::filesystem::copy_file(retired, f.link("broken", "cert"));
         },
         no_link("cert")},
        {[&] {
             std::filesystem::rename(f.archive("broken") / "chain1.pem", other_name);
             f.relink("broken", "chain", other_name);
         },
         no_link("chain")},
        {[&] { std::ofstream(f.archive("broken") / "cert1.pem") << "text"; },
         link("cert") + ": it contains no certificate"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.told) {
            f.add("broken", retired, by_hooks);
            c.how();
            auto const done = f.run();
            BOOST_TEST(done.status == 0);
            BOOST_TEST(done.out == "started\n");
            BOOST_TEST(
                done.err == "acme-dns01: warning: certbot will skip " +
                                f.renewal("broken").string() + ": " + c.told + "\n"
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
    std::ofstream(f.renewal("a")) << "cert =\n";
    auto const done = f.run();
    BOOST_TEST(done.status == 3);
    BOOST_TEST(done.out == "");
    BOOST_TEST(
        done.err == "acme-dns01: warning: certbot will skip " + f.path() +
                        "/renewal/a.conf: there is no line `cert = <file>`"
                        "\nacme-dns01: error: " +
                        nothing
    );
}

BOOST_AUTO_TEST_SUITE_END()
