#include "support/caa_world.hpp"
#include "support/check_world.hpp"

#include <boost/test/unit_test.hpp>

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

} // namespace

BOOST_AUTO_TEST_SUITE(integration_check_signed)

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
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
