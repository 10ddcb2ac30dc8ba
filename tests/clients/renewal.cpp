#include "support/acme_client.hpp"
#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>

BOOST_AUTO_TEST_SUITE(clients_renewal)

using namespace acme_dns01::test;
using acme_dns01::test::outcome;

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;
using std::chrono::days;

constexpr int day_overdue = 64;

// Ninety days of one certificate. The client and our look at its files are told that days have
// passed, while servers and hooks live today. So what is issued on day 61 comes from a CA whose
// certificates live 61 days longer.
struct ninety_days {
    static constexpr int day_due = 61;

    std::unique_ptr<client_world> here = new_world(quick());
    pebble first{here->s, folder("first"), days(90)};
    pebble second{here->s, folder("second"), days(90 + day_due)};

    fs::path folder(std::string const& name) const {
        auto const path = here->scratch.path() / name;
        fs::create_directories(path);
        return path;
    }

    // On that day.
    outcome execute(int day, texts line, std::string const& input = "") const {
        line.insert(line.begin(), {"faketime", "-f", "+" + std::to_string(day) + "d"});
        command c;
        c.arguments = std::move(line);
        c.environment = client_environment(here->s);
        c.environment["FAKETIME_DONT_RESET"] = "1";
        c.capture = true;
        c.input = input;
        c.time_limit = acme_dns01::seconds(200);
        return acme_dns01::test::run(c).value();
    }

    outcome look(int day, fs::path const& place, texts const& more = {}) const {
        texts line{"acme-dns01", "cert", "status", place, "--json"};
        line.insert(line.end(), more.begin(), more.end());
        return execute(day, line);
    }
    std::string state(int day, fs::path const& place) const {
        auto const all = json::parse(look(day, place).out).at("certificates").as_array();
        BOOST_REQUIRE(all.size() == 1U);
        return std::string(all[0].at("state").as_string());
    }

    // A hook that lives today.
    std::string hook(std::string const& name, std::string const& line) const {
        auto const file = folder("hooks") / name;
        std::ofstream(file) << "#!/bin/sh\nunset LD_PRELOAD\nexec " << line << "\n";
        fs::permissions(file, fs::perms::owner_all);
        return file;
    }
};

// The client's folder, and how it is made to renew by a CA on a day. Nothing is renewed if it is
// not due. The hook fails or not.
struct played {
    fs::path place;
    std::function<outcome(int day, bool hook_fails)> renew;
};

played certbot(ninety_days const& world, fs::path const& folder) {
    auto const auth = world.hook("auth", "acme-dns01 hook certbot-auth");
    auto const cleanup = world.hook("cleanup", "acme-dns01 hook certbot-cleanup");
    texts const how{"--manual", "--manual-auth-hook", auth, "--manual-cleanup-hook", cleanup};
    auto first = certbot_command(world.here->s, world.first, folder, how, {"example.com"});
    first.environment = client_environment(world.here->s);
    auto const issued = acme_dns01::test::run(first).value();
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    auto account = certbot_command(world.here->s, world.second, folder, {}, {});
    *std::ranges::find(account.arguments, "certonly") = "register";
    std::erase(account.arguments, "--preferred-challenges");
    std::erase(account.arguments, "dns");
    auto const registered = acme_dns01::test::run(account).value();
    BOOST_TEST(registered.status == 0, registered.out << registered.err);
    auto const renew = [&world, folder](int day, bool hook_fails) {
        auto const host =
            std::regex_replace(world.second.directory(), std::regex("https://|/dir"), "");
        auto const accounts = folder / "config/accounts" / host / "dir";
        auto line = certbot_command(world.here->s, world.second, folder, {}, {}).arguments;
        *std::ranges::find(line, "certonly") = "renew";
        auto const id = fs::directory_iterator(accounts)->path().filename().string();
        line.insert(line.end(), {"--account", id, "--no-verify-ssl", "--no-random-sleep-on-renew"});
        if (hook_fails) line.insert(line.end(), {"--manual-auth-hook", "false"});
        return world.execute(day, line);
    };
    return {folder / "config", renew};
}

played dehydrated(ninety_days const& world, fs::path const& folder) {
    auto const base = folder / "base";
    fs::create_directories(base);
    std::ofstream(base / "domains.txt") << "example.com\n";
    auto const config = [&](std::string const& name, pebble const& ca, std::string const& hook) {
        auto const file = folder / (name + ".conf");
        std::ofstream(file) << "CA=" << ca.directory() << "\nCHALLENGETYPE=dns-01\nHOOK=" << hook
                            << "\nBASEDIR=" << base.string() << "\nCURL_OPTS=-k\n";
        return file.string();
    };
    auto const works = world.hook("dehydrated", hooks_folder() + "/dehydrated \"$@\"");
    auto const today = config("today", world.first, works);
    auto const later = config("later", world.second, works);
    auto const fails = config("fails", world.second, world.hook("fails", "false"));
    for (auto const& file : {today, later}) {
        auto const done =
            world.execute(0, {"dehydrated", "--config", file, "--register", "--accept-terms"});
        BOOST_TEST(done.status == 0, done.out << done.err);
    }
    auto const issued = world.execute(0, {"dehydrated", "--config", today, "--cron"});
    BOOST_TEST(issued.status == 0, issued.out << issued.err);
    auto const renew = [&world, later, fails](int day, bool hook_fails) {
        return world.execute(day, {"dehydrated", "--config", hook_fails ? fails : later, "--cron"});
    };
    return {base, renew};
}

// A rule test whose series are the lines of a metrics file.
std::string rule_test(std::string const& metrics, std::string const& path) {
    std::string test = "rule_files: [" + hooks_folder() +
                       "/../config/prometheus/acme-dns01.rules.yml]\ntests:\n  - interval: 1m\n    "
                       "input_series:\n";
    for (std::istringstream lines(metrics); !lines.eof();) {
        std::string line;
        std::getline(lines, line);
        auto const blank = line.rfind(' ');
        if (line.empty() || line.starts_with('#')) continue;
        test += "      - {series: '" + line.substr(0, blank) + "', values: '" +
                line.substr(blank + 1) + "x5'}\n";
    }
    return test +
           "    alert_rule_test:\n      - eval_time: 1m\n        alertname: CertificateNotRenewed\n"
           "        exp_alerts:\n          - exp_labels: {severity: warning, state: overdue, "
           "names: example.com, "
           "client: '" +
           (path.find("config") == std::string::npos ? "dehydrated" : "certbot") + "', path: '" +
           path + "'}\n            exp_annotations:\n              summary: \"The certificate " +
           path +
           " is not renewed in time (overdue)\"\n              description: \"It is for "
           "example.com. Run `acme-dns01 cert "
           "status` on .\"\n";
}

void check_alert(ninety_days const& world, fs::path const& place, std::string const& certificate) {
    auto const file = world.folder("metrics") / "acme-dns01.prom";
    BOOST_TEST(world.look(day_overdue, place, {"--metrics", file}).status == 10);
    auto const test = world.folder("metrics") / "test.yml";
    std::ofstream(test) << rule_test(text_of(file), certificate);
    auto const told = user(world.here->s).execute({"promtool", "test", "rules", test});
    BOOST_TEST(told.status == 0, told.out << told.err << text_of(test));
}

void play(ninety_days const& world, played const& client, std::string const& certificate) {
    BOOST_TEST(world.state(0, client.place) == "ok");
    auto const early = client.renew(50, false);
    BOOST_TEST(early.status == 0, early.out << early.err);
    BOOST_TEST(world.state(50, client.place) == "ok");
    BOOST_TEST(world.state(world.day_due, client.place) == "due");
    auto const before = text_of(certificate);
    client.renew(world.day_due, true);
    BOOST_TEST(text_of(certificate) == before);
    BOOST_TEST(world.state(day_overdue, client.place) == "overdue");
    check_alert(world, client.place, certificate);
    BOOST_TEST(world.state(91, client.place) == "expired");
    auto const renewed = client.renew(world.day_due, false);
    BOOST_TEST(renewed.status == 0, renewed.out << renewed.err);
    BOOST_TEST(text_of(certificate) != before);
    BOOST_TEST(world.state(world.day_due, client.place) == "ok");
    BOOST_TEST(world.look(world.day_due, client.place).status == 0);
    BOOST_TEST(txt_values(world.here->s, "example.com").empty());
}

} // namespace

BOOST_AUTO_TEST_CASE(ninety_days_of_certbot_pass) {
    ninety_days const world;
    auto const folder = world.folder("certbot");
    play(world, certbot(world, folder), live_certificate(folder, "example.com"));
}

BOOST_AUTO_TEST_CASE(ninety_days_of_dehydrated_pass) {
    ninety_days const world;
    auto const folder = world.folder("dehydrated");
    play(world, dehydrated(world, folder), folder / "base/certs/example.com/cert.pem");
}

BOOST_AUTO_TEST_SUITE_END()
