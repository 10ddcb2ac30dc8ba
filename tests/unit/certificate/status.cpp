#include "certificate/status.hpp"

#include "support/certificate_looks.hpp"
#include "support/client_files.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <sys/stat.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(certificate_status)

using namespace acme_dns01;
using namespace acme_dns01::certificate;
using namespace acme_dns01::test;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

namespace fs = std::filesystem;

namespace {

using texts = std::vector<std::string>;

std::string state_at(fs::path const& place, seconds age) {
    auto const all = look_at(place, age);
    return all.size() == 1 ? std::string(to_string(all[0].is)) : "not one";
}

} // namespace

BOOST_AUTO_TEST_CASE(each_clients_certificate_ages_by_its_rule) {
    client_files const files;
    struct {
        std::string client;
        seconds due;
    } const cases[] = {
        {"certbot", days(60)},
        {"acme.sh", days(59)},
        {"dehydrated", days(60)},
        {"lego", days(59)},
        {"uacme", days(60)},
    };
    auto const c = files.issue("example.com", days(90), "P-384");
    for (auto const& one : cases) {
        BOOST_TEST_CONTEXT(one.client) {
            files.add(one.client, "example.com", c);
            auto const folder = files.of(one.client);
            auto const all = look_at(folder);
            BOOST_REQUIRE(all.size() == 1U);
            BOOST_TEST(all[0].what.client == one.client);
            BOOST_TEST(all[0].what.path == files.certificate(one.client, "example.com"));
            BOOST_TEST(
                all[0].read->domains == texts{"example.com"}, boost::test_tools::per_element()
            );
            BOOST_TEST(all[0].read->key == "EC P-384");
            BOOST_TEST((all[0].renewal_due == noon + one.due));
            BOOST_TEST(state_at(folder, one.due - seconds(1)) == "ok");
            BOOST_TEST(state_at(folder, one.due) == "due");
            BOOST_TEST(state_at(folder, one.due + days(3)) == "overdue");
            BOOST_TEST(state_at(folder, days(90) + seconds(1)) == "expired");
            BOOST_TEST(
                told(look_at(folder, -seconds(1))) ==
                "broken: it is not valid before 2026-11-28T12:00:00Z"
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(a_life_that_does_not_fit_the_rule_is_seen) {
    client_files const files;
    for (auto const& client : client_names) {
        BOOST_TEST_CONTEXT(client) {
            files.add(client, "example.com", files.issue("example.com", days(30)));
            auto const is = client == "acme.sh" ? "late" : "every_run";
            BOOST_TEST(state_at(files.of(client), days(1)) == is);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_its_client_will_not_renew_is_late_once_it_is_due) {
    client_files const files;
    auto const c = files.issue("example.com", days(90));
    auto const certbot = files.of("certbot");
    auto const live = certbot / "live/example.com/cert.pem";
    auto const acme_sh = files.of("acme.sh") / "example.com_ecc/example.com.conf";
    struct {
        std::string client;
        std::string told;
        seconds due;
        std::function<void()> how;
    } const cases[] = {
        {"certbot",
         "autorenew is False",
         days(60),
         [&] {
             files.certbot("example.com", c, "", "authenticator = manual\nautorenew = False\n");
         }},
        {"certbot",
         "live/example.com/cert.pem is not a symbolic link to a file such as cert1.pem",
         days(60),
         [&] { fs::remove(live), write_file(live, c.certificate); }},
        {"acme.sh",
         "there is no example.com_ecc/example.com.conf",
         days(59),
         [&] { fs::rename(acme_sh, acme_sh.string() + ".removed"); }},
        {"dehydrated",
         "example.com is not in domains.txt",
         days(60),
         [&] { write_file(files.of("dehydrated") / "domains.txt", "example.org\n"); }},
    };
    for (auto const& one : cases) {
        BOOST_TEST_CONTEXT(one.told) {
            auto const folder = files.of(one.client);
            fs::remove_all(folder);
            files.add(one.client, "example.com", c);
            one.how();
            BOOST_TEST(state_at(folder, one.due - seconds(1)) == "ok");
            BOOST_TEST(state_at(folder, one.due) == "late");
            auto const all = look_at(folder, one.due);
            auto const reason = one.client + " will not renew it: " + one.told;
            BOOST_TEST(below(folder, all[0].reason) == reason);
            BOOST_TEST(!all[0].fix.empty());
            BOOST_TEST((all[0].renewal_due == noon + one.due));
        }
    }
}

BOOST_AUTO_TEST_CASE(other_names_in_domains_txt_make_it_due_at_once) {
    client_files const files;
    files.dehydrated("example.com", files.issue("example.com", days(90)), " www.example.com");
    auto const changed = std::chrono::file_clock::from_sys(noon + days(10));
    fs::last_write_time(files.of("dehydrated") / "domains.txt", changed);
    BOOST_TEST(state_at(files.of("dehydrated"), days(11)) == "due");
    BOOST_TEST(state_at(files.of("dehydrated"), days(13)) == "overdue");
    BOOST_TEST(
        look_at(files.of("dehydrated"), days(11))[0].reason ==
        "due since 2026-12-08, as its names are not those that are configured; no timer or cron "
        "entry was found that starts dehydrated"
    );
}

// Broken by one fault each: what is told, below the folder of the client.
BOOST_AUTO_TEST_CASE(files_that_do_not_fit_or_cannot_be_read_are_broken) {
    client_files const files;
    auto const c = files.issue("a.example", days(90));
    auto const other = files.issue("b.example", days(90));
    auto const other_ca = test_ca("Test CA").pem();
    auto const certificate = [&](std::string const& client) {
        return files.certificate(client, "a.example");
    };
    auto const key = [&](std::string const& client) { return files.key(client, "a.example"); };
    auto const chain = [&](std::string const& client) { return files.chain(client, "a.example"); };
    struct {
        std::string name;
        std::function<void(std::string const&)> how;
    } const cases[] = {
        {"empty", [&](auto& of) { write_file(certificate(of), ""); }},
        {"no PEM", [&](auto& of) { write_file(certificate(of), std::string(3000, '\0')); }},
        {"huge", [&](auto& of) { fs::resize_file(certificate(of), 1UL << 40U); }},
        {"a folder",
         [&](auto& of) { fs::remove(certificate(of)), fs::create_directory(certificate(of)); }},
        {"a pipe",
         [&](auto& of) { fs::remove(certificate(of)), ::mkfifo(certificate(of).c_str(), 0600); }},
        {"endless",
         [&](auto& of) {
             fs::remove(certificate(of)), fs::create_symlink("/dev/zero", certificate(of));
         }},
        {"a loop",
         [&](auto& of) {
             fs::remove(certificate(of)), fs::create_symlink(certificate(of), certificate(of));
         }},
        {"other key", [&](auto& of) { write_file(key(of), other.key); }},
        {"no key", [&](auto& of) { fs::remove(key(of)); }},
        {"key is none", [&](auto& of) { write_file(key(of), "text"); }},
        {"other certificate",
         [&](auto& of) {
             write_file(
                 certificate(of),
                 other.certificate + (of == "lego" || of == "uacme" ? files.ca.pem() : "")
             );
         }},
        {"no chain",
         [&](auto& of) {
             of == "uacme" ? write_file(certificate(of), c.certificate)
                           : (void)fs::remove(chain(of));
         }},
        {"other chain",
         [&](auto& of) { write_file(chain(of), (of == "uacme" ? c.certificate : "") + other_ca); }},
    };
    for (auto const& one : cases) {
        for (auto const& client : client_names) {
            BOOST_TEST_CONTEXT(one.name << " of " << client) {
                auto const folder = files.of(client);
                fs::remove_all(folder);
                files.add(client, "a.example", c);
                files.add(client, "b.example", other);
                one.how(client);
                auto const all = look_at(folder);
                // lego needs no file of its own for the chain
                auto const is_well = one.name == "no chain" && client == "lego";
                BOOST_REQUIRE(all.size() == 2U);
                BOOST_TEST((all[0].is == state::broken) == !is_well);
                BOOST_TEST((all[1].is == state::ok));
                BOOST_TEST(!all[0].reason.empty());
                BOOST_TEST(all[0].fix.empty() == false);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_broken_is_told) {
    client_files const files;
    auto const c = files.issue("example.com", days(90));
    auto const top = files.of("certbot");
    auto const live = top / "live/example.com";
    auto const archive = top / "archive/example.com";
    auto const write = [&](char const* name, std::string const& text) {
        return [=] { write_file(archive / name, text); };
    };
    struct {
        std::string told;
        std::function<void()> how;
    } const cases[] = {
        {"ok", [] {}},
        {"broken: archive/example.com/cert1.pem: it contains no certificate",
         write("cert1.pem", "")},
        {"broken: the key archive/example.com/privkey1.pem does not fit",
         write("privkey1.pem", files.issue("a.example", days(1)).key)},
        {"broken: the key archive/example.com/privkey1.pem is of no use: it contains no private "
         "key",
         write("privkey1.pem", "")},
        {"broken: the chain archive/example.com/chain1.pem does not fit",
         write("chain1.pem", test_ca("Test CA").pem())},
        {"broken: the chain archive/example.com/chain1.pem is of no use: it contains no "
         "certificate",
         write("chain1.pem", "")},
        {"broken: archive/example.com/fullchain1.pem begins with another certificate",
         write("fullchain1.pem", files.ca.pem())},
        {"broken: live/example.com/cert.pem: cannot be read: No such file or directory",
         [&] { fs::remove(archive / "cert1.pem"); }},
    };
    for (auto const& one : cases) {
        BOOST_TEST_CONTEXT(one.told) {
            files.certbot("example.com", c);
            one.how();
            auto const all = look_at(top);
            auto text = below(top, told(all));
            if (one.told.find("live") != std::string::npos) {
                BOOST_TEST((all[0].is == state::broken));
                continue;
            }
            BOOST_TEST(text == one.told);
        }
    }
}

// The most urgent first.
BOOST_AUTO_TEST_CASE(certificates_are_sorted_by_urgency) {
    client_files const files;
    for (auto const& [name, life] :
         {std::pair{"a", 95}, {"b", 61}, {"c", 93}, {"d", 59}, {"e", 100}})
        files.lego(name, files.issue(name, days(life)));
    write_file(files.of("lego") / "certificates/f.crt", "");
    std::string order;
    for (auto const& s : look_at(files.of("lego"), days(60)))
        order += s.what.name + ":" + std::string(to_string(s.is)) + " ";
    BOOST_TEST(order == "f:broken d:expired b:overdue c:ok a:ok e:ok ");
}

BOOST_AUTO_TEST_CASE(days_left_are_rounded_down) {
    leaf l;
    l.not_before = noon;
    l.not_after = noon + days(90);
    struct {
        seconds age;
        double days;
        double share;
    } const cases[] = {
        {days(0), 90, 1},
        {days(60), 30, 0.33},
        {days(60) + seconds(1), 29.9, 0.33},
        {days(90), 0, 0},
        {days(90) + seconds(1), -0.1, 0},
        {days(100), -10, 0},
        {-days(1), 91, 1},
    };
    for (auto const& c : cases) {
        BOOST_TEST(days_left(l, noon + c.age) == c.days);
        BOOST_TEST(share_left(l, noon + c.age) == c.share);
    }
}

BOOST_AUTO_TEST_CASE(the_reason_says_who_renews_it_and_what_starts_that) {
    client_files const files;
    files.certbot("example.com", files.issue("example.com", days(90)));
    starters by;
    by.all.push_back({"certbot", "certbot.timer", "certbot -q renew"});
    auto const command =
        "certbot renew --cert-name example.com --config-dir " + files.of("certbot").string();
    std::string const enable = "run `systemctl enable --now certbot.timer`";
    std::string const by_hand = "run `" + command + "`, and read what it says";
    std::string const nothing = "no timer or cron entry was found that starts certbot";
    struct {
        seconds age;
        starters by;
        std::string reason;
        std::string fix;
    } const cases[] = {
        {days(1),
         by,
         "certbot renews it from 2027-01-27 on, 30 days before the end; started by certbot.timer",
         ""},
        {days(1),
         {},
         "certbot renews it from 2027-01-27 on, 30 days before the end; " + nothing,
         enable},
        {days(61),
         by,
         "due since 2027-01-27, 30 days before the end; started by certbot.timer",
         ""},
        {days(61),
         {},
         "due since 2027-01-27, 30 days before the end; " + nothing,
         by_hand + "; then " + enable},
        {days(65),
         by,
         "not renewed for 5 days: it was due on 2027-01-27, 30 days before the end; started by "
         "certbot.timer",
         by_hand},
        {days(91),
         {},
         "it ended on 2027-02-26; not renewed for 31 days: it was due on 2027-01-27, 30 days "
         "before the end; " +
             nothing,
         by_hand + "; then " + enable},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.reason) {
            auto const all = look_at(named_places().at(files.of("certbot")), c.age, c.by);
            BOOST_REQUIRE(all.size() == 1U);
            BOOST_TEST(all[0].reason == c.reason);
            BOOST_TEST(all[0].fix == c.fix);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
