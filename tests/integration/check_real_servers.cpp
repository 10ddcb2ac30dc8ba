#include "support/caa_world.hpp"
#include "support/check_world.hpp"
#include "support/real_name_servers.hpp"
#include "support/recursive_resolver.hpp"
#include "support/signed_zone.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(integration_check_real_servers)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;

namespace {

using texts = std::vector<std::string>;

// A zone below a signed one, its state, and where a fault is found that names the text.
struct signed_case {
    std::string zone;
    signing how;
    bool is_well = false;
    std::string names{};
};

std::vector<signed_case> const cases{
    {"good", signing::good, true},
    {"nsec3", signing::nsec3, true},
    {"none", signing::none, true},
    {"iterations", signing::many_iterations, false, "NSEC3PARAM 1 0 100"},
    {"ends-soon", signing::ends_soon, false, "the first ends on 20"},
    {"expired", signing::expired, false, "its signatures ended on 2020-02-01"},
    {"missing", signing::missing, false, "there are DS records for it, and it is not signed"},
    {"wrong-ds", signing::wrong_ds, false, "validators refuse all answers of wrong-ds.dnssec.test"},
    {"digest", signing::unknown_digest, false, "digest 200"},
    {"algorithm", signing::unknown_algorithm, false, "algorithm 200"},
    {"no-caa", signing::missing_on_caa, false, "the answer for CAA of www.no-caa.dnssec.test"},
    {"no-denial", signing::no_denial, false, "the answer for CAA of www.no-denial.dnssec.test"},
};

std::vector<caa_case> zones() {
    std::vector<caa_case> all;
    for (auto const& c : cases) {
        caa_case z;
        z.zone = c.zone + ".dnssec.test";
        z.has_own_zone = true;
        z.signed_how = c.how;
        z.records = {"www A 192.0.2.1"};
        if (c.how == signing::missing_on_caa) z.records.emplace_back("www CAA 0 issue \"ca.test\"");
        all.push_back(z);
    }
    return all;
}

acme_dns01::sandbox::options account() {
    auto options = quick({0});
    options.domains.clear();
    for (auto const& c : cases)
        options.domains.push_back(c.zone + ".dnssec.test");
    return options;
}

// A zone at NSD and at Knot, whose administrators do not agree or are both wrong.
struct planted {
    std::string zone;
    std::string at_nsd; // lines of the zone beside the healthy ones
    std::string at_knot;
    std::string id{}; // of the check that finds it; empty: all is well
    std::string names{};
};

std::vector<planted> const defects{
    {"well", "", ""},
    {"lags", "", "", "servers", "serial 1, while ns2.lags.test"},
    {"caa", "", "@ CAA 0 issue \"pki.goog\"\n", "servers", "CAA of caa.test differently"},
    {"refused", "", "", "servers", "ns1.refused.test (127.53.31.2"},
    {"glue", "", "", "delegation", "test has 127.53.31.9"},
    {"third",
     "@ NS ns3\nns3 A 127.53.31.3\n",
     "@ NS ns3\nns3 A 127.53.31.3\n",
     "delegation",
     "third.test has ns1.third.test, ns2.third.test, ns3.third.test"},
    {"cut", "www NS ns.test.\n", "www NS ns.test.\n", "delegation", "zone www.cut.test"},
    {"doubled",
     "_acme-challenge.www.doubled.test TXT x\n",
     "_acme-challenge.www.doubled.test TXT x\n",
     "challenge",
     "_acme-challenge.www.doubled.test.doubled.test"},
    {"circle",
     "_acme-challenge.www CNAME a\na CNAME b\nb CNAME a\n",
     "_acme-challenge.www CNAME a\na CNAME b\nb CNAME a\n",
     "challenge",
     "b.circle.test"},
};

constexpr auto upper_address = "127.53.31.1";
constexpr auto nsd_address = "127.53.31.2";
constexpr auto knot_address = "127.53.31.3";

std::string named(planted const& d) { return d.zone + ".test"; }

std::string lines_of(std::string const& more) {
    return "@ NS ns1\n@ NS ns2\nns1 A " + std::string(nsd_address) + "\nns2 A " + knot_address +
           "\nwww A 192.0.2.1\n" + more;
}

zone_files at_nsd() {
    zone_files files;
    for (auto const& d : defects)
        if (d.zone != "refused") files[named(d)] = lines_of(d.at_nsd);
    return files;
}

zone_files at_knot() {
    zone_files files;
    for (auto const& d : defects) {
        auto const serial = d.zone == "lags" ? 2U : 1U;
        files[named(d)] = whole_zone_file(named(d), lines_of(d.at_knot), serial);
    }
    return files;
}

zone_files above() {
    std::string lines = "@ NS ns\nns A " + std::string(upper_address) + "\n";
    for (auto const& d : defects) {
        auto const& z = d.zone;
        auto const second = z == "glue" ? "127.53.31.9" : knot_address;
        lines += z + " NS ns1." + z + "\n" + z + " NS ns2." + z + "\nns1." + z + " A " +
                 nsd_address + "\nns2." + z + " A " + second + "\n";
    }
    return {
        {"test", lines},
        {"www.cut.test", "@ NS ns.test.\n"},
        {".", "@ NS ns.test.\ntest NS ns.test.\nns.test A 127.53.31.1\n"}};
}

boost::json::array about(std::string const& domain, boost::json::array const& all) {
    boost::json::array some;
    for (auto const& f : all)
        if (text(f, "domain") == domain) some.push_back(f);
    return some;
}

} // namespace

// Real servers, and a real resolver that passes signatures on.
BOOST_AUTO_TEST_CASE(signed_zones_are_judged_as_validators_do) {
    caa_world const w(zones());
    local_digitalocean const s(account());
    user admin(s);
    admin.with("ACME_DNS01_RESOLVER", w.resolver())
        .with("ACME_DNS01_DNS_PORT", std::to_string(w.knot().port()))
        .with("ACME_DNS01_TRUST_ANCHOR", w.trust_anchor());
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.zone) {
            auto const done = admin.run({"check", "--json", "www." + c.zone + ".dnssec.test"});
            auto const found = findings_in(done);
            if (c.is_well)
                BOOST_TEST(faults_in(found) == texts(), boost::test_tools::per_element());
            if (!c.is_well) check_found("dnssec", c.names, found);
            if (c.how == signing::no_denial)
                check_found("dnssec", "that a name of no-denial.dnssec.test does not", found);
        }
    }
}

BOOST_AUTO_TEST_CASE(zones_at_different_servers_are_compared) {
    auto const port = free_port();
    real_name_server const upper(name_server_program::knot, upper_address, port, above());
    real_name_server const nsd(name_server_program::nsd, nsd_address, port, at_nsd());
    real_name_server const knot(name_server_program::knot, knot_address, port, at_knot());
    std::vector<served_by> served{
        {".", upper.endpoint()}, {"test", upper.endpoint()}, {"www.cut.test", upper.endpoint()}};
    auto options = quick({0});
    options.domains.clear();
    texts line{"check", "--json"};
    for (auto const& d : defects) {
        served.push_back({named(d), knot.endpoint()});
        options.domains.push_back(named(d));
        line.push_back("www." + named(d));
    }
    recursive_resolver const resolver(served);
    local_digitalocean const s(options);
    user admin(s);
    admin.resolving_at(resolver.endpoint()).with("ACME_DNS01_DNS_PORT", std::to_string(port));
    auto const found = findings_in(admin.run(line));
    for (auto const& d : defects) {
        BOOST_TEST_CONTEXT(d.zone) {
            auto const some = about("www." + named(d), found);
            BOOST_TEST(some.size() >= 7U);
            if (d.id.empty())
                BOOST_TEST(faults_in(some) == texts(), boost::test_tools::per_element());
            if (!d.id.empty()) check_found(d.id, d.names, some);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
