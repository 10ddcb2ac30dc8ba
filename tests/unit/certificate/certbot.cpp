#include "certificate/folder.hpp"
#include "certificate/lineage.hpp"
#include "support/certificate_looks.hpp"
#include "support/client_files.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>

BOOST_AUTO_TEST_SUITE(certificate_certbot)

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

constexpr auto hooks = "manual_auth_hook = acme-dns01 hook certbot-auth\n"
                       "manual_cleanup_hook = acme-dns01 hook certbot-cleanup\n";

// A renewal file of certbot's, and what is made of it.
struct renewal_file {
    client_files files;
    certified const c = files.issue("example.com", days(90));
    fs::path const top = files.of("certbot");
    fs::path const conf = top / "renewal/example.com.conf";

    certbot_renewal read() const {
        auto all = certbot_renewals(top);
        BOOST_REQUIRE(all);
        BOOST_REQUIRE(all->size() == 1U);
        return std::move(all->front());
    }
    certbot_renewal read(std::string const& parameters) const {
        files.certbot("example.com", c, "version = 2.1.0\n", parameters);
        return read();
    }
    // Without the folder's name.
    std::string skipped(std::string const& parameters) const {
        return in_folder(read(parameters).what.skipped);
    }
    std::string in_folder(std::string text) const { return below(top, std::move(text)); }
};

} // namespace

BOOST_AUTO_TEST_CASE(lineages_by_manual_dns_hooks_are_ours) {
    renewal_file const f;
    struct {
        std::string parameters;
        std::optional<bool> is_ours;
    } const cases[] = {
        {"pref_challs = dns-01,\nauthenticator = manual\n", true},
        {"authenticator = manual\n", true},
        {"pref_challs = http-01, dns-01\nauthenticator = manual\n", true},
        {"pref_challs = \"dns-01\",\nauthenticator = 'manual'\n", true},
        {"pref_challs = http-01,\nauthenticator = manual\n", false},
        {"authenticator = webroot\nwebroot_path = /srv,\n", false},
        {"authenticator = dns-digitalocean\n", false},
        {"authenticator = standalone\n[other]\nauthenticator = manual\n", false},
        {"authenticator = manual# by hand\n", true},
        {"  authenticator=manual\r\n", true},
        {"authenticator = manual\npref_challs = dns,\n", true},
        {"authenticator = manual\npref_challs = 'http-01', \"dns-01\"\n", true},
        {"authenticator = manual\npref_challs = dns-persist-01,\n", false},
        {"", std::nullopt},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.parameters) {
            auto const found = f.read(c.parameters + hooks);
            BOOST_TEST((found.is_by_dns_hooks == c.is_ours));
            BOOST_TEST(found.file == f.conf);
            BOOST_TEST(found.what.path == f.top / "live/example.com/cert.pem");
            BOOST_TEST(
                found.what.skipped == (c.is_ours ? "" : "[renewalparams] has no authenticator")
            );
            if (!c.is_ours) continue;
            BOOST_TEST(found.what.certificate == f.top / "archive/example.com/cert1.pem");
            BOOST_TEST(found.what.key == f.top / "archive/example.com/privkey1.pem");
            BOOST_TEST(found.what.chain == f.top / "archive/example.com/chain1.pem");
        }
    }
    // Somebody has to do it by hand.
    BOOST_TEST(!f.read("pref_challs = dns-01,\nauthenticator = manual\n").is_by_dns_hooks.value());
}

BOOST_AUTO_TEST_CASE(other_settings_and_sections_do_not_matter) {
    renewal_file const f;
    std::string const parameters =
        "authenticator = manual\n" + std::string(hooks) +
        "autorenew = True\nreuse_key = true\nrsa_key_size = 4096\nhttp01_port = None\n"
        "user_agent_comment = '''two\nlines'''\n[[webroot_map]]\nautorenew = no\n"
        "[ other ] # a comment\nautorenew = False\naccount = 1\n'cert' = \"'\" # it's\n";
    BOOST_TEST(f.skipped(parameters) == "");
}

// certbot 2.1, storage.py and renewal.py
BOOST_AUTO_TEST_CASE(a_file_that_certbot_skips_says_why) {
    renewal_file const f;
    std::string const ours = "authenticator = manual\naccount = 0\n" + std::string(hooks);
    struct {
        std::string more;
        std::string told;
    } const cases[] = {
        {"user = \"a\n", "'user = \"a' has a quote that is not closed"},
        {"account = 1\n", "'account = 1' stands there twice"},
        {"[renewalparams]\n", "'[renewalparams]' stands there twice"},
        {"\x1b[2J", "'?[2J' is neither a section nor a setting"},
        {"comment = caf\xe9\n", "it is not UTF-8"},
        {"autorenew = False\n", "autorenew is False"},
        {"autorenew = 'false' # for now\n", "autorenew is False"},
        {"autorenew = no\n", "autorenew is neither True nor False"},
        {"autorenew = True, False\n", "autorenew is neither True nor False"},
        {"reuse_key = 1\n", "reuse_key is neither True nor False"},
        {"must_staple = None\n", "must_staple is neither True nor False"},
        {"allow_subset_of_names = yes\n", "allow_subset_of_names is neither True nor False"},
        {"rsa_key_size = big\n", "rsa_key_size is not a number"},
        {"http01_port = 80, 8080\n", "http01_port is not a number"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.more) { BOOST_TEST(f.skipped(ours + c.more) == c.told); }
    }
    auto const advice = f.read(ours + "autorenew = False\n").what.advice;
    BOOST_TEST(
        f.in_folder(advice) ==
        "write `autorenew = True` to renewal/example.com.conf, or renew it by hand"
    );
}

BOOST_AUTO_TEST_CASE(a_file_without_one_of_the_four_links_is_skipped) {
    renewal_file const f;
    f.files.certbot("example.com", f.c);
    auto const whole = contents_of(f.conf).value();
    for (std::string const kind : {"cert", "privkey", "chain", "fullchain"}) {
        auto const begin = whole.find("\n" + kind + " = ") + 1;
        auto const end = whole.find('\n', begin);
        auto const with = [&](std::string const& line) {
            write_file(f.conf, whole.substr(0, begin) + line + whole.substr(end));
            return f.read().what;
        };
        BOOST_TEST_CONTEXT(kind) {
            auto const missing = "there is no line `" + kind + " = <file>`";
            BOOST_TEST(with("# " + kind).skipped == missing);
            BOOST_TEST(with(kind + " =").skipped == missing);
            BOOST_TEST(
                with(kind + " = /a,b/" + kind + ".pem").skipped ==
                "certbot reads the line `" + kind + " = ...` as a list, since the path has a comma"
            );
            // Its certificate is shown all the same.
            BOOST_TEST(with("").path == f.top / "live/example.com/cert.pem");
            BOOST_TEST(!with("").failure);
        }
    }
    write_file(f.conf, "");
    fs::remove_all(f.top / "live");
    auto const lost = f.read().what;
    BOOST_REQUIRE(lost.failure);
    BOOST_TEST(
        f.in_folder(lost.failure->message) ==
        "renewal/example.com.conf: there is no line `cert = <file>`"
    );
}

BOOST_AUTO_TEST_CASE(links_that_certbot_cannot_follow_are_told) {
    renewal_file const f;
    auto const live = f.top / "live/example.com";
    auto const archive = f.top / "archive/example.com";
    auto const no_link = [](std::string const& kind) {
        return "live/example.com/" + kind + ".pem is not a symbolic link to a file such as " +
               kind + "1.pem";
    };
    struct {
        std::function<void()> how;
        std::string told;
    } const cases[] = {
        {[] {}, ""},
        {[&] { fs::remove(live / "chain.pem"); }, no_link("chain")},
        {[&] { fs::remove(archive / "privkey1.pem"); }, no_link("privkey")},
        {[&] {
             fs::remove(live / "cert.pem");
             fs::copy_file(archive / "cert1.pem", live / "cert.pem");
         },
         no_link("cert")},
        {[&] {
             fs::rename(archive / "fullchain1.pem", archive / "fullchain.pem");
             fs::remove(live / "fullchain.pem");
             fs::create_symlink(archive / "fullchain.pem", live / "fullchain.pem");
         },
         no_link("fullchain")},
        {[&] {
             fs::rename(archive / "chain1.pem", archive / "chain2.pem");
             fs::remove(live / "chain.pem");
             fs::create_symlink(archive / "chain2.pem", live / "chain.pem");
         },
         "its four files have no version in common"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.told) {
            fs::remove_all(f.top);
            f.files.certbot("example.com", f.c);
            c.how();
            BOOST_TEST(f.in_folder(f.read().what.skipped) == c.told);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_newest_version_that_is_whole_decides) {
    renewal_file const f;
    for (auto const version : {10, 9, 2})
        f.files.certbot("example.com", f.c, "", "authenticator = manual\n", version);
    auto const archive = f.top / "archive/example.com";
    BOOST_TEST(f.read().what.certificate == archive / "cert10.pem");
    fs::remove(archive / "privkey10.pem");
    BOOST_TEST(f.read().what.certificate == archive / "cert9.pem");
}

BOOST_AUTO_TEST_CASE(the_margin_is_that_of_the_version_or_the_file) {
    renewal_file const f;
    struct {
        std::string settings;
        seconds life;
        seconds after;
    } const cases[] = {
        {"version = 2.1.0\n", days(45), days(15)},
        {"version = 3.9.1\n", days(45), days(15)},
        {"", days(45), days(15)},
        {"version = 4.0.0\n", days(45), days(30)},
        {"version = 5.1.0.dev0\n", hours(160), hours(80)},
        {"# renew_before_expiry = 3 days\nversion = 2.1.0\n", days(45), days(15)},
        {"renew_before_expiry = 3 days\nversion = 2.1.0\n", days(45), days(42)},
        {"renew_before_expiry = 1 week\nversion = 5.1.0\n", days(45), days(38)},
        {"renew_before_expiry = 10\nversion = 5.1.0\n", days(45), days(35)},
        {"renew_before_expiry = soon\n", days(45), days(45)},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.settings) {
            f.files.certbot("example.com", f.c, c.settings);
            BOOST_TEST((due_of(f.read().what, c.life) == noon + c.after));
        }
    }
}

// The names of the files, and what certbot does not read.
BOOST_AUTO_TEST_CASE(certificates_that_certbot_does_not_know_come_last) {
    renewal_file const f;
    auto const renewal = f.top / "renewal";
    for (std::string const name : {"b.example", "a.example", "c.example", "d.example"})
        f.files.certbot(name, f.c);
    fs::rename(renewal / "a.example.conf", renewal / "a.example.conf.bak");
    fs::rename(renewal / "c.example.conf", renewal / ".c.example.conf");
    write_file(f.top / "live/README", "text");
    auto const all = certbot_lineages(f.top);
    BOOST_TEST(
        names_of(all) ==
            texts(
                {"certbot b.example", "certbot d.example", "certbot a.example", "certbot c.example"}
            ),
        per_element()
    );
    BOOST_TEST(
        f.in_folder(all[2].skipped) ==
        "there is no renewal/a.example.conf, and certbot does not read renewal/a.example.conf.bak"
    );
    BOOST_TEST(f.in_folder(all[3].skipped) == "there is no renewal/c.example.conf");
    BOOST_TEST(all[0].skipped == "");
}

BOOST_AUTO_TEST_SUITE_END()
