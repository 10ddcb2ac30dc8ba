#include "sandbox/temporary_folder.hpp"
#include "support/acme_client.hpp"
#include "support/caa_records.hpp"
#include "support/outcome_check.hpp"
#include "support/scripted_https_server.hpp"
#include "support/user.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_persist)

using namespace acme_dns01::test;
using acme_dns01::sandbox::behaviour;
using acme_dns01::sandbox::local_digitalocean;
using acme_dns01::sandbox::temporary_folder;
using boost::test_tools::per_element;

namespace {

namespace json = boost::json;
using texts = std::vector<std::string>;

std::string const uri = "https://acme-v02.api.letsencrypt.org/acme/acct/1";
std::string const value = "letsencrypt.org; accounturi=" + uri;
std::string const older = value + "; persistUntil=5";
std::string const at = "_validation-persist.example.com";

std::string const permission =
    "permits letsencrypt.org to issue for example.com, without an end\n"
    "  to anyone who holds the key of this account: the CA asks for no other proof\n"
    "  does not prove www.example.com: the CA looks for a record of that name's own\n";

texts persist(std::string const& what, texts rest) {
    rest.insert(rest.begin(), {"persist", what});
    rest.insert(rest.end(), {"--issuer", "letsencrypt", "--account-uri", uri});
    return rest;
}

acme_dns01::digitalocean::record
txt(std::string const& data, std::string const& name = "_validation-persist") {
    acme_dns01::digitalocean::record r;
    r.type = "TXT";
    r.name = name;
    r.data = data;
    return r;
}

json::object json_of(std::string const& text) { return json::parse(text).as_object(); }

bool has_line(std::string const& text, std::string const& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

void write(std::filesystem::path const& file, std::string const& text) {
    std::ofstream(file) << text;
}

// A CA's directory, served with a certificate that a user of the sandbox trusts.
class directory_server {
public:
    directory_server(local_digitalocean& s, std::string body)
        : server_(identity_of(s), [answer = answer_of(std::move(body))](auto const& write_out) {
            write_out(answer);
        }) {}

    std::string url() const { return server_.url() + "/directory"; }

private:
    static server_identity identity_of(local_digitalocean& s) {
        auto const files = s.issue_certificate({"127.0.0.1"});
        return {files.certificate, files.key};
    }
    static std::string answer_of(std::string const& body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
               body;
    }
    scripted_https_server server_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_record_is_set_checked_shown_and_removed) {
    local_digitalocean s(quick());
    user const u(s);
    check_outcome(
        u.run(persist("set", {"example.com"})),
        0,
        "+ " + at + " TXT \"" + value + "\"\n" + permission +
            "nothing was changed: --yes applies this\n",
        ""
    );
    BOOST_TEST(txt_values(s, "example.com").empty());
    s.clear_calls();
    auto const done = u.run(persist("set", {"example.com", "--yes"}));
    BOOST_TEST(done.status == 0);
    auto const verdict = "example.com: valid (letsencrypt.org)\n  " + at + " has '" + value +
                         "', which proves example.com to letsencrypt.org for this account\n" +
                         unproven_line;
    BOOST_TEST(
        done.out.starts_with(
            "+ " + at + " TXT \"" + value + "\"\n" + permission + verdict +
            "served by 3 of 3 addresses after "
        ),
        done.out
    );
    BOOST_TEST(done.err == "");
    BOOST_TEST(txt_values(s, "example.com") == texts{value}, per_element());
    BOOST_TEST(calls_of(s).size() <= 3U);
    acme_dns01::dns::question const asked{
        acme_dns01::dns::name::parse(at).value(), acme_dns01::dns::record_type::txt};
    for (auto const* address : {"127.53.0.1", "127.53.0.2", "127.53.0.3"})
        BOOST_TEST(s.query_count_of(address, asked) >= 1U);

    auto without = user(s);
    without.without("DIGITALOCEAN_TOKEN");
    check_outcome(without.run(persist("check", {"example.com"})), 0, verdict, "");
    check_outcome(
        without.run({"persist", "show", "example.com"}),
        0,
        "example.com: valid\n  valid  " + value + "\n",
        ""
    );
    BOOST_TEST(u.run({"status"}).out == "nothing outstanding\n");
    u.run({"sweep", "--older-than", "0"});
    BOOST_TEST(txt_values(s, "example.com") == texts{value}, per_element());

    auto const id = std::to_string(s.records("example.com").back().id);
    check_outcome(
        u.run(persist("remove", {"example.com"})),
        0,
        "- " + at + " TXT \"" + value + "\"\nnothing was removed: --yes removes this\n",
        ""
    );
    check_outcome(
        u.run(persist("remove", {"example.com", "--yes"})),
        0,
        "example.com/" + id + " removed\n",
        ""
    );
    BOOST_TEST(txt_values(s, "example.com").empty());
    auto const nothing = "acme-dns01: error: " + at +
                         " has no record for letsencrypt.org and this account\n"
                         "acme-dns01: hint: `acme-dns01 persist show example.com` lists the "
                         "records that are there\n";
    check_outcome(u.run(persist("remove", {"example.com"})), 5, "", nothing);
    check_outcome(u.run(persist("remove", {"example.com", "--yes"})), 5, "", nothing);
}

BOOST_AUTO_TEST_CASE(the_json_is_as_it_was_promised) {
    local_digitalocean s(quick());
    user const u(s);
    auto const old = s.add_record("example.com", txt(older));
    s.add_record("example.com", txt("ca.example; accounturi=u"));
    s.clear_calls();
    auto const done =
        u.run(persist("set", {"*.example.com", "--until", "9999-12-31", "--yes", "--json"}));
    BOOST_REQUIRE(done.status == 0);
    BOOST_TEST(calls_of(s).size() <= 4U);
    auto const wildcard = value + "; policy=wildcard; persistUntil=253402214400";
    auto const answer = json_of(done.out);
    json::object const record{
        {"zone", "example.com"},
        {"id", s.records("example.com").back().id},
        {"fqdn", at},
        {"value", wildcard}};
    BOOST_TEST(answer.at("record") == json::value(record));
    BOOST_TEST(answer.at("replaced") == json::value(json::array{old}));
    BOOST_TEST(answer.at("propagation").at("complete").as_bool());
    auto const checked =
        json_of(u.run(persist("check", {"*.example.com", "--json"})).out).at("results").at(0);
    json::array const records{
        {{"value", "ca.example; accounturi=u"}, {"state", "missing"}},
        {{"value", wildcard}, {"state", "valid"}}};
    BOOST_TEST(checked.at("domain") == json::value("*.example.com"));
    BOOST_TEST(checked.at("issuer") == json::value("letsencrypt.org"));
    BOOST_TEST(checked.at("verdict") == json::value("valid"));
    BOOST_TEST(checked.at("records") == json::value(records));
    BOOST_TEST(checked.at("valid_until") == json::value("9999-12-31T00:00:00Z"));
    auto const shown = json_of(u.run({"persist", "show", "example.com", "--json"}).out);
    BOOST_TEST(shown.at("results").at(0).at("issuer").is_null());
    auto const id = s.records("example.com").back().id;
    auto const gone = json_of(u.run(persist("remove", {"example.com", "--yes", "--json"})).out);
    json::object const removed{
        {"removed", json::array{{{"zone", "example.com"}, {"id", id}}}},
        {"already_gone", json::array()}};
    BOOST_TEST(json::value(gone) == json::value(removed));
    auto const none = u.run(persist("check", {"www.example.com", "--json"}));
    BOOST_TEST(none.status == 10);
    auto const missing = json_of(none.out).at("results").at(0);
    BOOST_TEST(missing.at("verdict") == json::value("missing"));
    BOOST_TEST(missing.at("valid_until").is_null());
}

BOOST_AUTO_TEST_CASE(caa_can_make_a_record_useless) {
    local_digitalocean s(quick());
    user const u(s);
    s.add_record("example.com", txt(value));
    s.add_record("example.com", caa_record("@", "letsencrypt.org; validationmethods=dns-01"));
    auto const useless = u.run(persist("check", {"example.com"}));
    BOOST_TEST(useless.status == 6);
    BOOST_TEST(useless.out.starts_with("example.com: forbidden (letsencrypt.org)\n"), useless.out);
    BOOST_TEST(
        useless.out.find(", but CAA forbids its use: example.com has CAA 0 issue "
                         "\"letsencrypt.org; validationmethods=dns-01\", which does not permit "
                         "dns-persist-01 (RFC 8657 4)\n") != std::string::npos,
        useless.out
    );
    BOOST_TEST(useless.err == "acme-dns01: error: CAA forbids the use of a standing record\n");
    auto const set = u.run(persist("set", {"example.com", "--yes"}));
    BOOST_TEST(set.status == 6);
    auto const shown = u.run(persist("set", {"example.com"}));
    BOOST_TEST(shown.status == 0);
    BOOST_TEST(
        shown.err.starts_with(
            "acme-dns01: warning: example.com: CAA forbids Let's Encrypt to issue: "
        ),
        shown.err
    );
    auto const allowed = u.run(
        {"caa",
         "allow",
         "example.com",
         "--issuer",
         "letsencrypt",
         "--method",
         "dns-persist-01",
         "--yes"}
    );
    BOOST_TEST(allowed.status == 0, allowed.err);
    BOOST_TEST(
        s.records("example.com").back().data == "letsencrypt.org;validationmethods=dns-persist-01"
    );
    BOOST_TEST(u.run(persist("check", {"example.com"})).status == 0);
}

BOOST_AUTO_TEST_CASE(several_domains_are_set_in_one_call) {
    local_digitalocean s(quick());
    user const u(s);
    auto const domains = texts{"example.com", "a.example.com", "*.a.example.com", "b.example.com"};
    auto call = domains;
    call.insert(call.end(), {"--yes", "--json"});
    auto const done = u.run(persist("set", call));
    BOOST_REQUIRE(done.status == 0);
    BOOST_TEST(json_of(done.out).at("results").as_array().size() == 3U);
    BOOST_TEST((calls_of(s).size() == 7U && s.connections() > 1U)); // two a name, and the zones
    BOOST_TEST(
        sorted(txt_values(s, "example.com")) == (texts{value, value, value + "; policy=wildcard"}),
        per_element()
    );
    auto check = domains;
    check.push_back("c.example.com");
    auto const checked = u.run(persist("check", check));
    BOOST_TEST(checked.status == 10);
    BOOST_TEST(has_line(checked.out, "*.a.example.com: valid (letsencrypt.org)"), checked.out);
    BOOST_TEST(has_line(checked.out, "c.example.com: missing (letsencrypt.org)"), checked.out);
    BOOST_TEST(
        checked.err == "acme-dns01: error: there is no good standing record for 1 of 5 domains\n"
    );
    // One that fails does not stop the others.
    auto const partly = u.run(persist("set", {"d.example.com", "x.example.net", "--yes"}));
    BOOST_TEST(partly.status == 5);
    BOOST_TEST(txt_values(s, "example.com").size() == 4U);
}

BOOST_AUTO_TEST_CASE(the_account_and_the_form_come_from_files_and_directories) {
    local_digitalocean s(quick());
    user const u(s);
    temporary_folder const scratch("acme-dns01-test");
    std::filesystem::path const folder(scratch.path());
    write(folder / "regr.json", R"({"body":{},"uri":"https://ca.example/acct/123"})");
    // RFC 7638 3.1.
    write(
        folder / "private_key.json",
        R"({"kty":"RSA","e":"AQAB","d":"secret","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbW)"
        R"(hM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsG)"
        R"(Y4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgd)"
        R"(AZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_x)"
        R"(BniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"})"
    );
    directory_server const ca(
        s,
        R"({"newOrder":"x","meta":{"caaIdentities":["authority.example"],)"
        R"("issuerDomainNames":["authority.example"],)"
        R"("accountHashPrefix":"https://ca.example/account-hash/"}})"
    );
    texts const whose{"--directory", ca.url(), "--account-file", folder / "regr.json"};
    texts set{"persist", "set", "example.com", "--yes"};
    set.insert(set.end(), whose.begin(), whose.end());
    auto const done = u.run(set);
    BOOST_TEST(done.status == 0, done.err);
    std::string const hashed = "authority.example; accounturi=https://ca.example/account-hash/"
                               "sha-256/";
    auto const own = hashed + "5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw";
    BOOST_TEST(txt_values(s, "example.com") == texts{own}, per_element());
    set.emplace_back("--reusable");
    BOOST_TEST(u.run(set).status == 0);
    auto const reusable = hashed + "NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug";
    BOOST_TEST(txt_values(s, "example.com") == texts{reusable}, per_element());
    // Without a directory a CA takes the plain URI.
    texts const plain{
        "persist",
        "check",
        "example.com",
        "--issuer",
        "authority.example",
        "--account-file",
        folder / "regr.json"};
    BOOST_TEST(u.run(plain).status == 10);
}

BOOST_AUTO_TEST_CASE(a_directory_of_today_does_not_say_whether_its_ca_takes_records) {
    local_digitalocean s(quick());
    user const u(s);
    s.add_record("example.com", txt("authority.example; accounturi=" + uri));
    directory_server const ca(
        s, R"({"newOrder":"x","meta":{"caaIdentities":["authority.example"]}})"
    );
    auto const told =
        u.run({"persist", "check", "example.com", "--directory", ca.url(), "--account-uri", uri});
    BOOST_TEST(told.status == 0, told.err);
    BOOST_TEST(
        told.err == "acme-dns01: warning: the ACME directory " + ca.url() +
                        " does not announce dns-persist-01 (meta.issuerDomainNames): the CA may "
                        "not offer it, and "
                        "only an order shows whether it does\n"
    );
    directory_server const bad(s, R"({"newOrder":"x","meta":{"accountHashPrefix":7}})");
    check_outcome(
        u.run({"persist", "check", "example.com", "--directory", bad.url(), "--account-uri", uri}),
        9,
        "",
        "acme-dns01: error: " + bad.url() +
            ": meta.accountHashPrefix is not the beginning of a URI\n"
            "acme-dns01: hint: name the CA with --issuer and the form of the record with --form\n"
    );
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_contradicts_itself_is_wrong_usage) {
    local_digitalocean s;
    user const u(s);
    texts const account{"--issuer", "letsencrypt", "--account-uri", uri};
    struct {
        texts line;
        std::string told;
    } const cases[]{
        {{"persist", "check", "example.com"},
         "error: no CA was named\nacme-dns01: hint: give its name with --issuer, such as "
         "letsencrypt.org, or its ACME --directory\n"},
        {{"persist", "check", "example.com", "--issuer", "letsencrypt"},
         "error: no ACME account was named\nacme-dns01: hint: give --account-uri or "
         "--account-file\n"},
        {persist("set", {"example.com", "--form", "hash"}),
         "error: the hashed form needs the CA's prefix\nacme-dns01: hint: give it with "
         "--hash-prefix, or the CA's --directory\n"},
        {persist("set", {"example.com", "--form", "hash", "--hash-prefix", "https://ca/"}),
         "error: the hashed form needs the thumbprint of the account's key\nacme-dns01: hint: give "
         "--thumbprint or --account-file\n"},
        {persist("set", {"example.com", "--reusable"}),
         "error: --reusable is for the hashed form\nacme-dns01: hint: give --form hash as well\n"},
        {persist("set", {"example.com", "--until", "2020-01-01"}),
         "error: --until: '2020-01-01' is in the past\nacme-dns01: hint: give a time that is still "
         "to come\n"},
        {persist("set", {"192.0.2.1"}),
         "error: no certificate can be issued for '192.0.2.1': it is not a domain name\n"},
    };
    for (auto const& c : cases)
        check_outcome(u.run(c.line), 2, "", "acme-dns01: " + c.told);
    BOOST_TEST(s.arrived() == 0U);
    auto const narrow = u.run(persist("set", {"example.com", "--allow", "a.example.com"}));
    BOOST_TEST(narrow.status == 3);
    BOOST_TEST(s.arrived() == 0U);
}

BOOST_AUTO_TEST_CASE(a_failed_look_up_is_no_missing_record) {
    local_digitalocean s(quick());
    s.add_record("example.com", txt(value));
    auto const resolver = s.resolver();
    s.set_behaviour(resolver.substr(0, resolver.find(':')), behaviour::servfail);
    auto const told = user(s).run(persist("check", {"example.com", "--json"}));
    BOOST_TEST(told.status == 8, told.out);
    auto const judged = json_of(told.out).at("results").at(0);
    BOOST_TEST(judged.at("verdict") == json::value("error"));
    BOOST_TEST(
        judged.at("reason") == json::value(
                                   "the TXT look-up for " + at +
                                   " got no usable answer: SERVFAIL: no name server gave a "
                                   "usable answer"
                               )
    );
}

BOOST_AUTO_TEST_SUITE_END()
