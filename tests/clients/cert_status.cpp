#include "base/time.hpp"
#include "support/acme_client.hpp"
#include "support/client_files.hpp"
#include "support/client_world.hpp"
#include "support/hook_clients.hpp"
#include "support/tested.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <regex>
#include <unistd.h>

using namespace acme_dns01;
using namespace acme_dns01::test;
using acme_dns01::test::outcome;
using std::chrono::days;
using std::chrono::hours;

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

std::string const name = "www.example.com";
std::string const nothing_starts_it = "no timer or cron entry was found that starts ";

// Where a client keeps its certificate, and by which rule it renews it. Files are below the folder.
struct layout {
    std::string client;
    std::string folder; // in that of the task
    std::string certificate;
    std::string key;
    std::string chain; // empty: in the certificate's file
    std::string rule;
    int day_due; // of ninety
};

layout const layouts[]{
    {"certbot",
     "config",
     "archive/www.example.com/cert1.pem",
     "archive/www.example.com/privkey1.pem",
     "archive/www.example.com/chain1.pem",
     "30 days before the end",
     60},
    {"acme.sh",
     "acme.sh",
     "www.example.com_ecc/www.example.com.cer",
     "www.example.com_ecc/www.example.com.key",
     "www.example.com_ecc/ca.cer",
     "as its settings say",
     59},
    {"dehydrated",
     "dehydrated",
     "certs/one/cert.pem",
     "certs/one/privkey.pem",
     "certs/one/chain.pem",
     "30 days before the end",
     60},
    {"lego",
     "lego",
     "certificates/www.example.com.crt",
     "certificates/www.example.com.key",
     "certificates/www.example.com.issuer.crt",
     "31 days before the end",
     59},
    {"uacme",
     "uacme",
     "www.example.com/cert.pem",
     "private/www.example.com/key.pem",
     "",
     "30 days before the end",
     60},
};

std::string first_certificate(std::string const& pem) {
    std::string const end = "-----END CERTIFICATE-----\n";
    return pem.substr(0, pem.find(end) + end.size());
}

void copy_all(fs::path const& from, fs::path const& to) {
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

// The real clients have their certificates from two CAs. acme.sh is no package of Debian: its files
// are those that it writes, around a certificate of certbot's.
class issued {
public:
    issued() {
        fs::permissions(here_->scratch.path(), fs::perms(0755));
        auto const all = hook_clients();
        auto const task = [&](std::size_t i) { return issue(all[i / 2], i % 2 == 0); };
        for (auto const& told : side_by_side<std::string>(2 * all.size(), task))
            BOOST_TEST_REQUIRE(told == "");
        for (auto const is_long : {true, false})
            write_acme_sh(is_long);
        for (auto const& l : layouts) {
            for (auto const is_long : {true, false})
                copy_all(place(l, is_long), place(l, is_long).string() + ".whole");
        }
    }

    fs::path place(layout const& l, bool is_long) const { return folder(l, is_long) / l.folder; }

    // As its client has written it.
    void restore(layout const& l, bool is_long) const {
        copy_all(place(l, is_long).string() + ".whole", place(l, is_long));
    }

    outcome execute(texts const& line) const {
        auto administrator = user(here_->s);
        return administrator.with("FAKETIME_DONT_RESET", "1").execute(line);
    }

private:
    fs::path folder(layout const& l, bool is_long) const {
        return here_->scratch.path() / ((is_long ? "long " : "short ") + l.client);
    }

    // The error. Other modes of a client write no other files.
    std::string issue(hook_client const& client, bool is_long) {
        auto const* const l = std::ranges::find(layouts, client.name, &layout::client);
        if (l == std::end(layouts)) return {};
        fs::create_directories(folder(*l, is_long));
        client_task const task{
            here_->s, is_long ? long_ca_ : short_ca_, folder(*l, is_long), {name}};
        auto const done = acme_dns01::test::run(client.command(task)).value();
        return done.status == 0 ? "" : client.name + ": " + done.out + done.err;
    }

    void write_acme_sh(bool is_long) const {
        auto const from = place(layouts[0], is_long);
        auto const& to = layouts[1];
        certified const c{text_of(from / layouts[0].certificate), text_of(from / layouts[0].key)};
        auto const chain = text_of(from / layouts[0].chain);
        client_files const files;
        auto const created =
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        files.acme_sh(name, c, created + days(to.day_due));
        write_file(files.of(to.client) / to.chain, chain);
        write_file(
            files.of(to.client) / "www.example.com_ecc/fullchain.cer", c.certificate + chain
        );
        fs::create_directories(folder(to, is_long));
        copy_all(files.of(to.client), place(to, is_long));
    }

    fs::path made(std::string const& folder) const {
        auto const path = here_->scratch.path() / folder;
        fs::create_directories(path);
        return path;
    }

    std::unique_ptr<client_world> here_ = new_world(quick());
    pebble long_ca_{here_->s, made("long CA"), days(90)};
    pebble short_ca_{here_->s, made("short CA"), days(20)};
};

// "due: due since ..." where that is the only certificate, with words for what depends on the day
// of the test and on what this machine starts: {due}, {end}, {start}.
std::string told(outcome const& looked, std::string const& place) {
    auto const all = json::parse(looked.out).at("certificates").as_array();
    if (all.size() != 1) return std::to_string(all.size()) + " certificates";
    auto const& one = all.front().as_object();
    auto const text = [&](char const* key) {
        return one.at(key).is_null() ? "?" : std::string(one.at(key).as_string());
    };
    auto reason = text("reason");
    auto const replace = [&](std::string const& what, std::string const& by) {
        for (auto at = reason.find(what); at != std::string::npos; at = reason.find(what))
            reason.replace(at, what.size(), by);
    };
    replace(place + "/", "");
    replace(text("not_before"), "{begin}");
    replace(text("not_after").substr(0, 10), "{end}");
    replace(text("renewal_due").substr(0, 10), "{due}");
    reason = std::regex_replace(reason, std::regex(" \\(unreadable: [^)]*\\)"), "");
    replace("started by " + text("started_by"), "{start}");
    replace(nothing_starts_it + text("client"), "{start}");
    return text("state") + ": " + reason;
}

// How much later it is, or how its files are damaged, and what `cert status` then says.
struct circumstance {
    std::string name;
    int hours = 0;
    std::function<void(layout const&, fs::path const&)> how{};
    std::function<std::string(layout const&)> told{};
    bool is_long = true;
    bool as_nobody = false;
};

outcome look(issued const& all, layout const& l, circumstance const& c) {
    auto const folder = all.place(l, c.is_long);
    all.restore(l, c.is_long);
    if (c.how) c.how(l, folder);
    texts line;
    if (c.hours != 0) {
        auto const later = (c.hours < 0 ? "" : "+") + std::to_string(c.hours) + "h";
        line = {"faketime", "-f", later};
    }
    if (c.as_nobody) line = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    line.insert(line.end(), {tested::program(), "cert", "status", "--json", folder});
    return all.execute(line);
}

void check(issued const& all, circumstance const& c) {
    for (auto const& l : layouts) {
        auto const expected = c.told(l);
        BOOST_TEST_CONTEXT(c.name << " of " << l.client) {
            if (expected.starts_with("cannot happen: ")) {
                BOOST_TEST_MESSAGE(c.name << " of " << l.client << " " << expected);
                continue;
            }
            auto const looked = look(all, l, c);
            BOOST_TEST(told(looked, all.place(l, c.is_long)) == expected);
            auto const is_well = std::regex_search(expected, std::regex("^(ok|due|every_run): "));
            BOOST_TEST(looked.status == (is_well ? 0 : 10));
        }
    }
}

std::string days_after_due(layout const& l, int day) {
    return std::to_string(day - l.day_due) + " days";
}

void replace_in(fs::path const& file, std::string const& what, std::string const& by) {
    auto const text = std::regex_replace(text_of(file), std::regex(what), by);
    BOOST_TEST_REQUIRE(text != text_of(file));
    write_file(file, text);
}

fs::path settings_of(layout const& l, fs::path const& folder) {
    if (l.client == "certbot") return folder / "renewal/www.example.com.conf";
    if (l.client == "acme.sh") return folder / "www.example.com_ecc/www.example.com.conf";
    return folder / "config";
}

void no_time_of_acme_sh(layout const& l, fs::path const& folder) {
    if (l.client == "acme.sh") replace_in(settings_of(l, folder), "Le_NextRenewTime=.*", "");
}

// acme.sh's time is after the end anyway, as the certificate lives twenty days.
void renewed_at_the_end(layout const& l, fs::path const& folder) {
    auto const file = settings_of(l, folder);
    if (l.client == "certbot") write_file(file, "renew_before_expiry = 0 days\n" + text_of(file));
    if (l.client == "dehydrated") write_file(file, "RENEW_DAYS=0\n");
}

void not_renewed(layout const& l, fs::path const& folder) {
    auto const file = settings_of(l, folder);
    if (l.client == "certbot") write_file(file, text_of(file) + "autorenew = False\n");
    if (l.client == "acme.sh") fs::rename(file, file.string() + ".removed"); // `acme.sh --remove`
    if (l.client == "dehydrated") write_file(folder / "domains.txt", "other.example.com\n");
}

void set_chain(layout const& l, fs::path const& folder, std::string const& pem) {
    if (!l.chain.empty()) return write_file(folder / l.chain, pem);
    auto const file = folder / l.certificate;
    write_file(file, first_certificate(text_of(file)) + pem);
}

// Only that is closed.
void close(fs::path const& folder, std::string const& file) {
    for (auto const& one : fs::recursive_directory_iterator(folder)) {
        if (!one.is_symlink()) fs::permissions(one, fs::perms(0755));
    }
    fs::permissions(folder, fs::perms(0755));
    fs::permissions(folder / file, fs::perms::none);
}
void close_certificate(layout const& l, fs::path const& folder) { close(folder, l.certificate); }
void close_key(layout const& l, fs::path const& folder) { close(folder, l.key); }

// certbot's certificate is reached by a link.
std::string in_certificate(layout const& l) {
    return l.client == "certbot" ? l.certificate + ": " : "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(clients_cert_status)

// Days pass, files are damaged, settings changed, the user is another: for each client what is
// said, or why it cannot happen to it.
BOOST_AUTO_TEST_CASE(what_the_clients_have_written_is_judged_right_in_every_state) {
    constexpr int day = 24;
    auto const damage = [](std::string layout::*file, std::string const& text) {
        return [=](layout const& l, fs::path const& folder) {
            write_file(folder / (l.*file).c_str(), text);
        };
    };
    issued const all;
    auto const other = client_files().issue(name, days(1)).key;
    auto const other_ca = text_of(all.place(layouts[0], false) / layouts[0].chain);
    circumstance const circumstances[] = {
        {"fresh",
         0,
         {},
         [](auto& l) {
             return "ok: " + l.client + " renews it from {due} on, " + l.rule + "; {start}";
         }},
        {"due",
         60 * day + 6,
         {},
         [](auto& l) { return "due: due since {due}, " + l.rule + "; {start}"; }},
        {"overdue",
         64 * day,
         {},
         [](auto& l) {
             return "overdue: not renewed for " + days_after_due(l, 64) +
                    ": it was due on {due}, " + l.rule + "; {start}";
         }},
        {"expired",
         91 * day,
         {},
         [](auto& l) {
             return "expired: it ended on {end}; not renewed for " + days_after_due(l, 91) +
                    ": it was due on {due}, " + l.rule + "; {start}";
         }},
        {"not valid yet",
         -2 * day,
         {},
         [](auto&) -> std::string { return "broken: it is not valid before {begin}"; }},
        {"every run",
         1,
         no_time_of_acme_sh,
         [](auto& l) {
             return l.client == "acme.sh"
                        ? "every_run: every run of acme.sh renews it, as its settings say"
                        : "every_run: every run of " + l.client +
                              " renews it, as the margin is as long as its life of 20 days";
         },
         false},
        {"late",
         1,
         renewed_at_the_end,
         [](auto& l) -> std::string {
             if (l.client == "lego" || l.client == "uacme")
                 return "cannot happen: its margin stands in no file, only in the command";
             return "late: " + l.client + " renews it only on {due}, and it ends on {end}";
         },
         false},
        {"not to be renewed",
         60 * day + 6,
         not_renewed,
         [](auto& l) -> std::string {
             if (l.client == "certbot")
                 return "late: certbot will not renew it: autorenew is False";
             if (l.client == "acme.sh")
                 return "late: acme.sh will not renew it: there is no "
                        "www.example.com_ecc/www.example.com.conf";
             if (l.client == "dehydrated")
                 return "late: dehydrated will not renew it: one is not in domains.txt";
             return "cannot happen: no file says that it is not to be renewed";
         }},
        {"a key of another",
         0,
         damage(&layout::key, other),
         [](auto& l) { return "broken: the key " + l.key + " does not fit"; }},
        {"no key",
         0,
         damage(&layout::key, ""),
         [](auto& l) {
             return "broken: the key " + l.key + " is of no use: it contains no private key";
         }},
        {"the chain of another CA",
         0,
         [&](auto& l, auto& folder) { set_chain(l, folder, other_ca); },
         [](auto& l) {
             return l.chain.empty() ? "broken: the chain in it does not fit"
                                    : "broken: the chain " + l.chain + " does not fit";
         }},
        {"no chain",
         0,
         [](auto& l, auto& folder) { set_chain(l, folder, ""); },
         [](auto& l) {
             return l.chain.empty()
                        ? "broken: the chain is missing: it has no certificate of its issuer"
                        : "broken: the chain " + l.chain +
                              " is of no use: it contains no certificate";
         }},
        {"a certificate that is cut",
         0,
         [](auto& l, auto& folder) { fs::resize_file(folder / l.certificate, 100); },
         [](auto& l) { return "broken: " + in_certificate(l) + "its certificate is damaged"; }},
        {"a certificate that may not be read",
         0,
         close_certificate,
         [](auto& l) {
             return "broken: " + in_certificate(l) + "cannot be read: Permission denied";
         },
         true,
         true},
        {"a key that may not be read",
         0,
         close_key,
         [](auto& l) {
             return "ok: " + l.client + " renews it from {due} on, " + l.rule +
                    "; {start}; the key " + l.key +
                    " cannot be read: Permission denied, so it was not checked";
         },
         true,
         true},
        {"as the client has closed it",
         0,
         {},
         [](auto&) -> std::string { return "?"; },
         true,
         true},
    };
    for (auto const& c : circumstances)
        check(all, c);
}

BOOST_AUTO_TEST_SUITE_END()
