#include "support/outcome_check.hpp"
#include "support/www_record.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_records)

namespace json = boost::json;
using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;
using acme_dns01::digitalocean::record;
using acme_dns01::test::outcome;

} // namespace

BOOST_AUTO_TEST_CASE(records_are_listed_by_name_the_zones_own_first) {
    local_digitalocean const s(with_www());
    user const admin(s);
    check_outcome(
        admin.run({"record", "list", "example.com"}),
        0,
        std::string(title) + "@     NS    1800  28448429  ns1.digitalocean.com\n"
                             "@     NS    1800  28448430  ns2.digitalocean.com\n"
                             "@     NS    1800  28448431  ns3.digitalocean.com\n"
                             "www   A     1800  28448432  192.0.2.1\n",
        ""
    );
    check_outcome(
        admin.run({"record", "list", "example.com", "--type", "a", "--json"}),
        0,
        "{\"domain_records\":[" + object_of(first_id, "192.0.2.1", "1800") +
            "],\"meta\":{\"total\":1}}\n",
        ""
    );
    check_outcome(admin.run({"record", "list", "example.com", "--type=MX"}), 0, "no records\n", "");
}

BOOST_AUTO_TEST_CASE(records_are_found_by_any_form_of_their_name) {
    local_digitalocean const s(with_www());
    user const admin(s);
    auto const www = std::string(title) + "www   A     1800  28448432  192.0.2.1\n";
    for (std::string const name : {"www", "WWW.example.com", "www.example.com."}) {
        BOOST_TEST_CONTEXT(name) {
            check_outcome(admin.run({"record", "list", "example.com", "--name", name}), 0, www, "");
        }
    }
    BOOST_TEST(
        calls_of(s).back() == "GET /v2/domains/example.com/records?name=www.example.com 200"
    );
    auto const apex = admin.run({"record", "list", "example.com", "--name=@", "--all"});
    BOOST_TEST(lines_in(apex.out) == 4U);
    check_outcome(
        admin.run({"record", "list", "example.com", "--name=www.example.net."}),
        2,
        "",
        "acme-dns01: error: --name 'www.example.net.' is not within zone example.com\n"
        "acme-dns01: hint: write it relative to the zone, such as www, or @ for the zone itself\n"
    );
}

BOOST_AUTO_TEST_CASE(many_records_are_listed_page_by_page) {
    auto options = with_www();
    for (int i = 0; i < 400; ++i) {
        options.records.push_back({"example.com", address("a" + std::to_string(i), "192.0.2.9")});
    }
    local_digitalocean s(options);
    user const admin(s);
    auto const first = admin.run({"record", "list", "example.com"});
    BOOST_TEST(lines_in(first.out) == 21U);
    BOOST_TEST(
        first.err == "acme-dns01: warning: 20 of 404 records are shown; use --all to see all\n"
    );
    s.clear_calls();
    terminal const t;
    auto const all = admin.run_on(t, {"record", "list", "example.com", "--all"}, false);
    BOOST_TEST(lines_in(all.out) == 405U);
    BOOST_TEST(all.out.ends_with("\nwww   A     1800  28448432  192.0.2.1\n"));
    BOOST_TEST(calls_of(s).size() == 3U);
    BOOST_TEST(
        t.drawn() == "listing the records of zone example.com: 200 of 404\n"
                     "\x1b[1A\x1b[Jlisting the records of zone example.com: 400 of 404\n"
                     "\x1b[1A\x1b[J"
    );
    auto const machine = admin.run({"record", "list", "example.com", "--all", "--json"});
    BOOST_TEST(json::parse(machine.out).at("domain_records").as_array().size() == 404U);
    BOOST_TEST(machine.err == "");
}

BOOST_AUTO_TEST_CASE(wide_data_is_cut_only_on_a_terminal) {
    auto options = with_www();
    auto long_text = address("t", std::string(60, 'x'));
    long_text.type = "TXT";
    options.records.push_back({"example.com", long_text});
    local_digitalocean const s(options);
    user const admin(s);
    texts const line{"record", "list", "example.com", "--type=TXT"};
    terminal const t(40);
    BOOST_TEST(admin.run_on(t, line, true).status == 0);
    BOOST_TEST(
        t.drawn() ==
        std::string(title) + "t     TXT   1800  28448433  " + std::string(9, 'x') + "...\n"
    );
    BOOST_TEST(admin.run(line).out.ends_with("  " + std::string(60, 'x') + "\n"));
}

BOOST_AUTO_TEST_CASE(a_record_of_every_type_is_shown_as_in_a_zone_file) {
    local_digitalocean const s(quick());
    user const admin(s);
    struct {
        texts options;
        std::string row;
    } const cases[] = {
        {{"--type=A", "--name=www", "--data=192.0.2.1"}, "www   A     1800  28448432  192.0.2.1"},
        {{"--type=aaaa", "--name=www.example.com", "--data=2001:db8::1", "--ttl=60"},
         "www   AAAA   60  28448433  2001:db8::1"},
        {{"--type=MX", "--name=@", "--data=mail.example.com", "--priority=10"},
         "@     MX    1800  28448434  10 mail.example.com"},
        {{"--type=SRV",
          "--name=_sip",
          "--data=sip.example.com.",
          "--priority=10",
          "--weight=20",
          "--port=5060"},
         "_sip  SRV   1800  28448435  10 20 5060 sip.example.com"},
        {{"--type=CAA", "--name=@", "--data=letsencrypt.org", "--flags=0", "--tag=issue"},
         "@     CAA   1800  28448436  0 issue \"letsencrypt.org\""},
        {{"--type=TXT", "--name=t", "--data", value_c}, "t     TXT   1800  28448437  " + value_c},
        {{"--type=CNAME", "--name=c", "--data=example.net."},
         "c     CNAME  1800  28448438  example.net"},
        {{"--type=NS", "--name=sub", "--data=ns.example.net"},
         "sub   NS    1800  28448439  ns.example.net"},
        {{"--type=CAA", "--name=@", "--data=mailto:a@b.example", "--flags=0", "--tag=iodef"},
         "@     CAA   1800  28448440  0 iodef \"mailto:a@b.example\""},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.row) {
            texts line{"record", "create", "example.com"};
            line.insert(line.end(), c.options.begin(), c.options.end());
            auto const out = admin.run(line);
            BOOST_TEST(out.status == 0);
            BOOST_TEST(out.err == "");
            BOOST_TEST(out.out.ends_with("\n" + c.row + "\n"), out.out);
        }
    }
    BOOST_TEST(s.records("example.com").at(4).ttl.value() == 60);
}

BOOST_AUTO_TEST_CASE(the_configured_ttl_applies_to_challenges_only) {
    local_digitalocean const s(quick());
    auto admin = user(s);
    auto const file = s.state_dir() + "/acme-dns01.conf";
    {
        file_ptr const config(std::fopen(file.c_str(), "w"));
        std::fputs("ttl = 77\n", config.get());
    }
    admin.with("ACME_DNS01_CONFIG", file);
    BOOST_TEST(
        admin.run({"record", "create", "example.com", "--type=A", "--name=a", "--data=192.0.2.1"})
            .status == 0
    );
    BOOST_TEST(s.records("example.com").back().ttl.value() == 1800);
}

BOOST_AUTO_TEST_CASE(an_invalid_request_is_refused_before_it_is_sent) {
    local_digitalocean const s(with_www());
    user const admin(s);
    struct {
        texts line;
        std::string err;
    } const cases[] = {
        {{"create", "example.com"},
         "a new record needs --type\nacme-dns01: hint: for example --type A\n"},
        {{"create", "example.com", "--type=MX", "--name=@", "--data=mail.example.com"},
         "a new MX record also needs --priority\n"},
        {{"create", "example.com", "--type=PTR", "--name=a", "--data=b"},
         "--type 'PTR' is not a record type at DigitalOcean\n"
         "acme-dns01: hint: the types are A, AAAA, CAA, CNAME, MX, NS, SRV and TXT\n"},
        {{"patch", "example.com", first_id, "--type=A", "--name=www.example.net."},
         "--name 'www.example.net.' is not within zone example.com\n"
         "acme-dns01: hint: write it relative to the zone, such as www, or @ for the zone "
         "itself\n"},
        {{"update", "example.com", first_id, "--type=A"},
         "'record update' was given nothing to change\n"
         "acme-dns01: hint: acme-dns01 record update <domain> <id> [--name <name>] [--data <data>] "
         "[--ttl <s>] ...\n"},
        {{"patch", "example.com", first_id},
         "'record patch' was given nothing to change\n"
         "acme-dns01: hint: acme-dns01 record patch <domain> <id> [--name <name>] [--data <data>] "
         "[--ttl <s>] ...\n"},
        {{"show", "example.com", "www"},
         "'example.com/www' does not name a record\n"
         "acme-dns01: hint: write <zone>/<id>, such as example.com/28448446\n"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.err) {
            auto line = c.line;
            line.insert(line.begin(), "record");
            check_outcome(admin.run(line), 2, "", "acme-dns01: error: " + c.err);
        }
    }
    BOOST_TEST(s.arrived() == 0U);
}

BOOST_AUTO_TEST_CASE(values_refused_by_the_api_are_status_9_with_its_message) {
    local_digitalocean const s(with_www());
    user const admin(s);
    texts const create{"record", "create", "example.com", "--name=a"};
    texts const change{"record", "update", "example.com", first_id};
    struct {
        texts line;
        texts values;
        std::string message;
    } const cases[] = {
        {create, {"--type=A", "--data=::1"}, "IP address did not match IPv4 format"},
        {create, {"--type=AAAA", "--data=192.0.2.1"}, "IP address did not match IPv6 format"},
        {create, {"--type=CNAME", "--data=mail"}, "Data needs to end with a dot (.)"},
        {create, {"--type=TXT", "--data", ""}, "Data can't be blank"},
        {create, {"--type=TXT", "--data", std::string(513, 'x')}, "Data is too long"},
        {create, {"--type=SOA", "--data=x"}, "Type is invalid"},
        {create,
         {"--type=MX", "--data=mail.example.com", "--priority=65536"},
         "Priority is out of range"},
        {create,
         {"--type=CAA", "--data=ca.example", "--flags=0", "--tag=isue"},
         "Tag must be one of issue, issuewild, iodef"},
        {change, {"--data=mail.example.com"}, "IP address did not match IPv4 format"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.message) {
            auto line = c.line;
            line.insert(line.end(), c.values.begin(), c.values.end());
            auto const done = admin.run(line);
            auto const doing = c.line == create ? "creating a.example.com in zone example.com"
                                                : "changing record 28448432 of zone example.com";
            BOOST_TEST(done.err.find(" (request ") != std::string::npos);
            check_outcome(
                without_request(done),
                9,
                "",
                std::string("acme-dns01: error: ") + doing +
                    ": DigitalOcean refused the request (422): " + c.message + "\n"
            );
        }
    }
    BOOST_TEST(s.records("example.com").size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_record_is_shown_by_its_id) {
    local_digitalocean const s(with_www());
    user const admin(s);
    auto const row = std::string(title) + "www   A     1800  28448432  192.0.2.1\n";
    check_outcome(admin.run({"record", "show", "example.com", first_id}), 0, row, "");
    check_outcome(
        admin.run({"record", "show", std::string("example.com/") + first_id}), 0, row, ""
    );
    check_outcome(
        admin.run({"record", "show", "example.com", first_id, "--json"}),
        0,
        "{\"domain_record\":" + object_of(first_id, "192.0.2.1", "1800") + "}\n",
        ""
    );
}

BOOST_AUTO_TEST_SUITE_END()
