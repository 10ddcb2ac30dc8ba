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
#include <map>
#include <regex>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(clients_cert_status)

using namespace acme_dns01;
using namespace acme_dns01::test;
using acme_dns01::test::outcome;
using std::chrono::days;

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using texts = std::vector<std::string>;

std::string const site = "www.example.com";
constexpr int day = 24;

// The files that a client has written.
struct layout {
    std::string client;
    std::string folder; // in that of the task
    std::string name;   // of the certificate, by the client
    std::string rule;
    int day_due; // of ninety
};

layout const layouts[]{
    {"certbot", "config", site, "30 days before the end", 60},
    {"acme.sh", "acme.sh", site, "as its settings say", 59},
    {"dehydrated", "dehydrated", "one", "30 days before the end", 60},
    {"lego", "lego", site, "31 days before the end", 59},
    {"uacme", "uacme", site, "30 days before the end", 60},
};
layout const& certbot = layouts[0];
layout const& acme_sh = layouts[1];

using kind_of_file = fs::path (client_files::*)(std::string const&, std::string const&) const;
constexpr kind_of_file cert = &client_files::certificate;
constexpr kind_of_file key = &client_files::key;
constexpr kind_of_file chain = &client_files::chain;

// In the client's folder. certbot's are behind links.
std::string path_of(kind_of_file f, layout const& l) {
    static client_files const model;
    auto const path = (model.*f)(l.client, l.name).lexically_relative(model.of(l.client));
    return std::regex_replace(path.string(), std::regex("live/(.*)\\.pem"), "archive/$011.pem");
}

void replace_all(std::string& text, std::string const& what, std::string const& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

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
        return user(here_->s).without("ACME_DNS01_CONFIG").execute(line);
    }

private:
    fs::path folder(layout const& l, bool is_long) const {
        return here_->scratch.path() / ((is_long ? "long-" : "short-") + l.client);
    }

    // The error. Other modes of a client write no other files.
    std::string issue(hook_client const& client, bool is_long) {
        auto const* const l = std::ranges::find(layouts, client.name, &layout::client);
        if (l == std::end(layouts)) return {};
        fs::create_directories(folder(*l, is_long));
        client_task const task{
            here_->s, is_long ? long_ca_ : short_ca_, folder(*l, is_long), {site}};
        auto const done = acme_dns01::test::run(client.command(task)).value();
        return done.status == 0 ? "" : client.name + ": " + done.out + done.err;
    }

    void write_acme_sh(bool is_long) const {
        client_files const files;
        auto const from = [&](kind_of_file f) {
            return text_of(place(certbot, is_long) / path_of(f, certbot));
        };
        auto const created =
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        files.acme_sh(site, {from(cert), from(key)}, created + days(acme_sh.day_due));
        write_file(files.chain("acme.sh", site), from(chain));
        auto const beside = files.chain("acme.sh", site).parent_path();
        write_file(beside / "fullchain.cer", from(cert) + from(chain));
        fs::create_directories(folder(acme_sh, is_long));
        copy_all(files.of("acme.sh"), place(acme_sh, is_long));
    }

    fs::path made(std::string const& folder) const {
        auto const path = here_->scratch.path() / folder;
        fs::create_directories(path);
        return path;
    }

    std::unique_ptr<client_world> here_ = new_world(quick());
    pebble long_ca_{here_->s, made("long-ca"), days(90)};
    pebble short_ca_{here_->s, made("short-ca"), days(20)};
};

// "due: due since ..." where that is the only certificate, with words for what depends on the day
// of the test and on what this machine starts: {due}, {end}, {start}.
std::string told(outcome const& looked, std::string const& place) {
    auto const all = json::parse(looked.out).at("certificates").as_array();
    if (all.size() != 1) return std::to_string(all.size()) + " certificates";
    auto const& one = all.front().as_object();
    auto const text = [&](char const* name) {
        return one.at(name).is_null() ? "?" : std::string(one.at(name).as_string());
    };
    auto reason = text("reason");
    auto const replace = [&](auto const& what, auto const& by) { replace_all(reason, what, by); };
    replace(place + "/", "");
    replace(text("not_before"), "{begin}");
    replace(text("not_after").substr(0, 10), "{end}");
    replace(text("renewal_due").substr(0, 10), "{due}");
    reason = std::regex_replace(reason, std::regex(", but [^;]* could not be read"), "");
    replace("started by " + text("started_by"), "{start}");
    replace("no timer or cron entry was found that starts " + text("client"), "{start}");
    return text("state") + ": " + reason;
}

using damage = void (*)(issued const&, layout const&, fs::path const& folder);

// How much later it is, what was done to the files, and what `cert status` then says. {client},
// {rule}, {key}, {chain}, {certificate}, {days} since it was due: the client's.
struct circumstance {
    std::string name;
    int hours;
    damage done_to;
    std::string told;
    // Of clients of which something else is said, or why it cannot happen to them.
    std::map<std::string, std::string> told_of{};
    bool is_long = true;
    bool as_nobody = false;
};

outcome look(issued const& all, layout const& l, circumstance const& c) {
    auto const folder = all.place(l, c.is_long);
    all.restore(l, c.is_long);
    c.done_to(all, l, folder);
    texts line;
    if (c.hours != 0) {
        auto const later = (c.hours < 0 ? "" : "+") + std::to_string(c.hours) + "h";
        line = {"faketime", "-f", later};
    }
    if (c.as_nobody) line = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    line.insert(line.end(), {tested::program(), "cert", "status", "--json", folder});
    return all.execute(line);
}

// certbot's certificate is reached by a link, so its own file is named.
std::string expected(circumstance const& c, layout const& l) {
    auto const own = c.told_of.find(l.client);
    auto text = own == c.told_of.end() ? c.told : own->second;
    std::pair<std::string, std::string> const words[]{
        {"{client}", l.client},
        {"{rule}", l.rule},
        {"{days}", std::to_string(c.hours / day - l.day_due) + " days"},
        {"{key}", path_of(key, l)},
        {"{chain}", path_of(chain, l)},
        {"{certificate}", l.client == "certbot" ? path_of(cert, l) + ": " : ""},
    };
    for (auto const& [word, by] : words)
        replace_all(text, word, by);
    return text;
}

void check(issued const& all, circumstance const& c, layout const& l) {
    auto const told_of_it = expected(c, l);
    auto const is_reached = !told_of_it.starts_with("not reached: ");
    if (!is_reached || (c.as_nobody && ::geteuid() != 0)) {
        auto const why = is_reached ? "skipped: this needs root" : told_of_it;
        BOOST_TEST_MESSAGE(c.name << " of " << l.client << " " << why);
        return;
    }
    auto const looked = look(all, l, c);
    BOOST_TEST(told(looked, all.place(l, c.is_long)) == told_of_it);
    auto const is_well = std::regex_search(told_of_it, std::regex("^(ok|due|every_run): "));
    BOOST_TEST(looked.status == (is_well ? 0 : 10));
}

fs::path settings_of(layout const& l, fs::path const& folder) {
    if (l.client == "certbot") return folder / "renewal/www.example.com.conf";
    if (l.client == "acme.sh") return folder / "www.example.com_ecc/www.example.com.conf";
    return folder / "config";
}

void nothing(issued const& /*all*/, layout const& /*l*/, fs::path const& /*folder*/) {}

void no_time_of_acme_sh(issued const& /*all*/, layout const& l, fs::path const& folder) {
    if (l.client == "acme.sh") replace_in(settings_of(l, folder), "Le_NextRenewTime=.*", "");
}

// acme.sh's time is after the end anyway, as the certificate lives twenty days.
void renewed_at_the_end(issued const& /*all*/, layout const& l, fs::path const& folder) {
    auto const file = settings_of(l, folder);
    if (l.client == "certbot") write_file(file, "renew_before_expiry = 0 days\n" + text_of(file));
    if (l.client == "dehydrated") write_file(file, "RENEW_DAYS=0\n");
}

void not_renewed(issued const& /*all*/, layout const& l, fs::path const& folder) {
    auto const file = settings_of(l, folder);
    if (l.client == "certbot") write_file(file, text_of(file) + "autorenew = False\n");
    if (l.client == "acme.sh") fs::rename(file, file.string() + ".removed"); // `acme.sh --remove`
    if (l.client == "dehydrated") write_file(folder / "domains.txt", "other.example.com\n");
}

void other_key(issued const& all, layout const& l, fs::path const& folder) {
    write_file(folder / path_of(key, l), text_of(all.place(l, false) / path_of(key, l)));
}

void no_key(issued const& /*all*/, layout const& l, fs::path const& folder) {
    write_file(folder / path_of(key, l), "");
}

void set_chain(layout const& l, fs::path const& folder, std::string const& pem) {
    auto const file = folder / path_of(chain, l);
    auto const is_behind = path_of(chain, l) == path_of(cert, l);
    write_file(file, (is_behind ? first_certificate(text_of(file)) : "") + pem);
}

void other_chain(issued const& all, layout const& l, fs::path const& folder) {
    set_chain(l, folder, text_of(all.place(certbot, false) / path_of(chain, certbot)));
}

void no_chain(issued const& /*all*/, layout const& l, fs::path const& folder) {
    set_chain(l, folder, "");
}

void cut_certificate(issued const& /*all*/, layout const& l, fs::path const& folder) {
    fs::resize_file(folder / path_of(cert, l), 100);
}

// Only that is closed.
void close(fs::path const& folder, std::string const& file) {
    for (auto const& one : fs::recursive_directory_iterator(folder)) {
        if (!one.is_symlink()) fs::permissions(one, fs::perms(0755));
    }
    fs::permissions(folder, fs::perms(0755));
    fs::permissions(folder / file, fs::perms::none);
}

void close_certificate(issued const& /*all*/, layout const& l, fs::path const& folder) {
    close(folder, path_of(cert, l));
}

void close_key(issued const& /*all*/, layout const& l, fs::path const& folder) {
    close(folder, path_of(key, l));
}

std::string const unchecked_key =
    "the key {key} cannot be read: Permission denied, so it was not checked";
std::string const in_no_file = "not reached: its margin stands in no file, only in the command";
std::string const without_setting = "not reached: no file says that it is not to be renewed";

circumstance const circumstances[]{
    {"fresh", 0, nothing, "ok: {client} renews it from {due} on, {rule}; {start}"},
    {"due", 60 * day + 6, nothing, "due: due since {due}, {rule}; {start}"},
    {"overdue",
     64 * day,
     nothing,
     "overdue: not renewed for {days}: it was due on {due}, {rule}; {start}"},
    {"expired",
     91 * day,
     nothing,
     "expired: it ended on {end}; not renewed for {days}: it was due on {due}, {rule}; {start}"},
    {"not valid yet", -2 * day, nothing, "broken: it is not valid before {begin}"},
    {"every run",
     1,
     no_time_of_acme_sh,
     "every_run: every run of {client} renews it, as the margin is as long as its life of 20 days",
     {{"acme.sh", "every_run: every run of acme.sh renews it, as its settings say"}},
     false},
    {"late",
     1,
     renewed_at_the_end,
     "late: it ends on {end}, and {client} renews it no earlier than {end}",
     {{"acme.sh", "late: it ends on {end}, and acme.sh renews it no earlier than {due}"},
      {"lego", in_no_file},
      {"uacme", in_no_file}},
     false},
    {"not to be renewed",
     60 * day + 6,
     not_renewed,
     without_setting,
     {{"certbot", "late: certbot will not renew it: autorenew is False"},
      {"acme.sh",
       "late: acme.sh will not renew it: there is no www.example.com_ecc/www.example.com.conf"},
      {"dehydrated", "late: dehydrated will not renew it: one is not in domains.txt"}}},
    {"a key of another", 0, other_key, "broken: the key {key} does not fit"},
    {"no key", 0, no_key, "broken: the key {key} is of no use: it contains no private key"},
    {"the chain of another CA",
     0,
     other_chain,
     "broken: the chain {chain} does not fit",
     {{"uacme", "broken: the chain in it does not fit"}}},
    {"no chain",
     0,
     no_chain,
     "broken: the chain {chain} is of no use: it contains no certificate",
     {{"uacme", "broken: the chain is missing: it has no certificate of its issuer"}}},
    {"a certificate that is cut",
     0,
     cut_certificate,
     "broken: {certificate}its certificate is damaged"},
    {"a certificate that may not be read",
     0,
     close_certificate,
     "broken: {certificate}cannot be read: Permission denied",
     {},
     true,
     true},
    {"a key that may not be read",
     0,
     close_key,
     "ok: {client} renews it from {due} on, {rule}; {start}; " + unchecked_key,
     {},
     true,
     true},
    {"another user",
     0,
     nothing,
     "broken: cannot be read: Permission denied",
     {{"acme.sh", "not reached: its files are written by the test"},
      {"uacme", "ok: uacme renews it from {due} on, {rule}; {start}; " + unchecked_key}},
     true,
     true},
};

} // namespace

// Days pass, files are damaged, settings change, the user is another.
BOOST_AUTO_TEST_CASE(what_the_clients_have_written_is_judged_right_in_every_state) {
    issued const all;
    for (auto const& c : circumstances) {
        for (auto const& l : layouts) {
            BOOST_TEST_CONTEXT(c.name << " of " << l.client) { check(all, c, l); }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
