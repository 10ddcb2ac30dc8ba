#include "support/acme_client.hpp"
#include "support/certbot_lineages.hpp"
#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <functional>

BOOST_AUTO_TEST_SUITE(clients_run)

using namespace acme_dns01::test;
using acme_dns01::test::outcome;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// The real certbot in a folder of its own, started by `run` with these options.
struct certbot {
    outcome run(texts const& options, std::string const& task, texts const& domains) const {
        auto const hook = [](std::string const& name) { return "acme-dns01 hook certbot-" + name; };
        texts how{"--manual", "--manual-auth-hook", hook("auth"), "--manual-cleanup-hook"};
        how.push_back(cleanup_hook.empty() ? hook("cleanup") : cleanup_hook);
        auto command = certbot_command(here->s, here->ca, folder(), how, domains);
        auto& line = command.arguments;
        *std::ranges::find(line, "certonly") = task;
        if (task == "renew") line.insert(line.end(), {"--no-random-sleep-on-renew"});
        if (task == "renew") line.insert(line.end(), {"--force-renewal"});
        texts prefix{"acme-dns01", "run"};
        prefix.insert(prefix.end(), options.begin(), options.end());
        prefix.emplace_back("--");
        line.insert(line.begin(), prefix.begin(), prefix.end());
        for (auto const& [name, value] : client_environment(here->s))
            command.environment[name] = value;
        if (!settings.empty()) command.environment["ACME_DNS01_CONFIG"] = settings;
        return acme_dns01::test::run(command).value();
    }

    std::filesystem::path folder() const { return here->scratch.path(); }
    std::string config() const { return (folder() / "config").string(); }

    std::unique_ptr<client_world> here = new_world(quick());
    std::string cleanup_hook{};
    std::string settings{};
};

void forbid_everybody(acme_dns01::sandbox::local_digitalocean& s) {
    acme_dns01::digitalocean::record nobody;
    nobody.type = "CAA";
    nobody.name = "@";
    nobody.data = ";";
    nobody.flags = 0;
    nobody.tag = "issue";
    s.add_record("example.com", nobody);
}

// A way to make certbot skip a lineage, or not.
struct damage {
    std::string name; // of the lineage
    std::string parameters;
    std::function<void(certbot_lineages const&, std::string const& name)> how{};
};

std::vector<damage> damages() {
    namespace fs = std::filesystem;
    auto const write = [](std::string const& text) {
        return [text](auto const& f, auto const& name) {
            std::ofstream(f.renewal(name), std::ios::app) << text;
        };
    };
    auto const write_first = [](std::string const& text) {
        return [text](auto const& f, auto const& name) {
            auto const whole = text_of(f.renewal(name));
            std::ofstream(f.renewal(name)) << text << whole;
        };
    };
    auto const links = [](std::string const& kind, std::string const& target) {
        return [kind, target](auto const& f, auto const& name) { f.relink(name, kind, target); };
    };
    return {
        {"sound", ""},
        {"switches", "autorenew = true\nreuse_key = FALSE\n"},
        {"comments", "autorenew = \"True\" # for now\nuser_agent = a#b\n"},
        {"nested", "[[webroot_map]]\na.example = /srv\n[[other]]\na.example = /srv\n"},
        {"unrelated", "", write("[other]\nautorenew = False\nreuse_key = no\n")},
        {"windows", "", write("user_agent = x\r\n")},
        {"off", "autorenew = False\n"},
        {"off-quoted", "autorenew = 'false'# for now\n"},
        {"no", "autorenew = no\n"},
        {"reuse", "reuse_key = yes\n"},
        {"staple", "must_staple = 1\n"},
        {"subset", "allow_subset_of_names = None\n"},
        {"truncated",
         "",
         [](auto const& f, auto const& name) { fs::resize_file(f.renewal(name), 0); }},
        {"word", "", write("word\n")},
        {"twice", "", write("server = a\n")},
        {"section-twice", "", write("[renewalparams]\n")},
        {"open-section", "", write("[open\n")},
        {"open-quote", "", write("user_agent = \"a\n")},
        {"lines", "", write("[other]\nx = '''two\nlines''' # a comment\n")},
        {"open-lines", "", write("[other]\nx = '''two\n")},
        {"list", "", write("[other]\nlist = a, 'b', \n")},
        {"comma", "", write("[other]\nlist = a,,b\n")},
        {"text-behind-quote", "", write("[other]\nx = 'a' b\n")},
        {"quotes", "", write("[other]\nx = 'it''s'\ny = a 'b'\n")},
        {"latin", "", write("[other]\nx = caf\xe9\n")},
        {"accent", "", write("[other]\nx = caf\xc3\xa9\n")},
        {"deep", "", write("[other]\n[[[too]]]\n")},
        {"size", "rsa_key_size = big\n"},
        {"good-size", "rsa_key_size = 4096\nhttp01_port = None\n"},
        {"interval", "", write_first("renew_before_expiry = 4 weeks\n")},
        {"two-intervals", "", write_first("renew_before_expiry = 4 weeks, 1 day\n")},
        {"path,comma", ""},
        {"no-version-in-common",
         "",
         [](auto const& f, auto const& name) {
             fs::rename(f.archive(name) / "chain1.pem", f.archive(name) / "chain2.pem");
             f.relink(name, "chain", f.archive(name) / "chain2.pem");
         }},
        {"no-link", "", [](auto const& f, auto const& name) { fs::remove(f.link(name, "chain")); }},
        {"file",
         "",
         [](auto const& f, auto const& name) {
             fs::remove(f.link(name, "privkey"));
             fs::copy_file(f.archive(name) / "cert1.pem", f.link(name, "privkey"));
         }},
        {"dangling", "", links("fullchain", "/nowhere/fullchain1.pem")},
        {"misnamed",
         "",
         [](auto const& f, auto const& name) {
             fs::rename(f.archive(name) / "chain1.pem", f.archive(name) / "chain.pem");
             f.relink(name, "chain", f.archive(name) / "chain.pem");
         }},
        {"no-certificate",
         "",
         [](auto const& f, auto const& name) {
             std::ofstream(f.archive(name) / "cert1.pem") << "text";
         }},
    };
}

} // namespace

// certbot says of those that it would renew that it cannot reach the CA.
BOOST_AUTO_TEST_CASE(run_skips_the_lineages_that_the_real_certbot_skips) {
    acme_dns01::sandbox::local_digitalocean s(quick());
    auto const certificate = s.issue_certificate({"example.com"}).certificate;
    certbot_lineages const f;
    for (auto const& d : damages()) {
        f.add(d.name, certificate, std::string(by_hooks) + d.parameters);
        if (d.how) d.how(f, d.name);
    }
    auto const ours = user(s).run({"run", "--certbot-dir", f.path(), "--", "true"});
    BOOST_TEST(ours.status == 0, ours.err);
    command certbots;
    certbots.arguments = {
        "certbot",
        "renew",
        "--non-interactive",
        "--agree-tos",
        "--register-unsafely-without-email",
        "--no-random-sleep-on-renew",
        "--server",
        "https://127.0.0.1:1/directory",
        "--config-dir",
        f.path(),
        "--work-dir",
        f.path() + "/work",
        "--logs-dir",
        f.path() + "/logs"};
    certbots.environment = client_environment(s);
    certbots.capture = true;
    certbots.time_limit = acme_dns01::seconds(100);
    auto const theirs = acme_dns01::test::run(certbots).value().err;
    for (auto const& d : damages()) {
        BOOST_TEST_CONTEXT(d.name) {
            auto const skipped = "certbot will skip " + f.renewal(d.name).string() + ": ";
            auto const failed =
                "Failed to renew certificate " + d.name + " with error: Requesting ";
            auto const would_renew = theirs.find(failed) != std::string::npos;
            BOOST_TEST((ours.err.find(skipped) == std::string::npos) == would_renew);
        }
    }
    BOOST_TEST(theirs.find("sound with error: Requesting ") != std::string::npos, theirs);
}

BOOST_AUTO_TEST_CASE(certbot_starts_only_if_its_renewals_pass_the_checks) {
    certbot const c;
    texts const domains{"example.com", "*.example.com", "www.example.com"};
    texts const first{"--domain", "example.com", "--issuer", "letsencrypt.org"};
    auto const issued = c.run(first, "certonly", domains);
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    auto const certificate = live_certificate(c.folder(), "example.com");
    BOOST_TEST(names_in_certificate(certificate) == sorted(domains), per_element());

    texts const renewal{"--certbot-dir", c.config(), "--issuer", "letsencrypt.org"};
    auto const before = text_of(certificate);
    BOOST_TEST(c.run(renewal, "renew", {}).status == 0);
    auto const renewed = text_of(certificate);
    BOOST_TEST(renewed != before);

    forbid_everybody(c.here->s);
    c.here->s.clear_calls();
    auto const forbidden = c.run(renewal, "renew", {});
    BOOST_TEST(forbidden.status == 6);
    BOOST_TEST(forbidden.out == "");
    for (auto const& domain : domains) {
        auto const told =
            domain + " (certificate example.com): CAA forbids Let's Encrypt to issue: ";
        BOOST_TEST(forbidden.err.find(told) != std::string::npos, forbidden.err);
    }
    BOOST_TEST(text_of(certificate) == renewed);
    // One listing, and two requests that show the token's scopes.
    BOOST_TEST(c.here->s.calls().size() == 3U);
    BOOST_TEST(txt_values(c.here->s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(the_record_of_a_killed_cleanup_hook_is_removed) {
    certbot c;
    c.cleanup_hook = "kill -KILL $$";
    auto const issued = c.run({"--domain", "example.com"}, "certonly", {"example.com"});
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    BOOST_TEST(txt_values(c.here->s, "example.com").empty());
    BOOST_TEST(user(c.here->s).run({"status"}).out == "nothing outstanding\n");
    // One listing, the token's scopes, a record created and removed.
    BOOST_TEST(c.here->s.calls().size() == 5U);
}

BOOST_AUTO_TEST_CASE(the_status_of_certbot_is_passed_on) {
    certbot c;
    // No server has the record in time, and certbot asks the CA all the same.
    for (auto const* address : {"127.53.0.1", "127.53.0.2", "127.53.0.3"})
        c.here->s.set_delay(address, acme_dns01::seconds(600));
    c.settings = c.folder() / "acme-dns01.conf";
    acme_dns01::sandbox::write_private_file(c.settings, "propagation-timeout = 0.5\n");
    auto const failed = c.run({"--domain", "example.com"}, "certonly", {"example.com"});
    BOOST_TEST(failed.status == 1);
    BOOST_TEST(failed.err.find("Some challenges have failed.") != std::string::npos, failed.err);
    BOOST_TEST(txt_values(c.here->s, "example.com").empty());
}

BOOST_AUTO_TEST_SUITE_END()
