#include "support/acme_client.hpp"
#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

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

} // namespace

BOOST_AUTO_TEST_SUITE(clients_run)

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
        auto const told = domain + ": CAA forbids Let's Encrypt to issue: ";
        BOOST_TEST(forbidden.err.find(told) != std::string::npos, forbidden.err);
    }
    BOOST_TEST(text_of(certificate) == renewed);
    BOOST_TEST(c.here->s.calls().size() == 1U);
    BOOST_TEST(txt_values(c.here->s, "example.com").empty());
}

BOOST_AUTO_TEST_CASE(the_record_of_a_killed_cleanup_hook_is_removed) {
    certbot c;
    c.cleanup_hook = "kill -KILL $$";
    auto const issued = c.run({"--domain", "example.com"}, "certonly", {"example.com"});
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    BOOST_TEST(txt_values(c.here->s, "example.com").empty());
    BOOST_TEST(user(c.here->s).run({"status"}).out == "nothing outstanding\n");
    // One listing, a record created and removed.
    BOOST_TEST(c.here->s.calls().size() == 3U);
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
