#include "caa/warnings.hpp"
#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(caa_warnings_on_levels)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using test::asked;
using test::issue;
using test::levels_with;

namespace {

using sentences = std::vector<std::string>;

void check(sentences const& got, sentences const& expected) {
    BOOST_TEST(got == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_CASE(broken_answers_that_count_are_told_of) {
    using flaw = level::flaw;
    std::string const no_soa =
        "the answer for www.example.com has no CAA record, nor the SOA record that proves it (RFC "
        "2308 2.2): Let's Encrypt accepts that, other CAs may treat it as a failure; fix its name "
        "servers";
    std::string const only_caa =
        "the name servers of www.example.com answer NXDOMAIN to queries for CAA, and only to "
        "those, although the name exists: Let's Encrypt treats that as no CAA records, other CAs "
        "may treat it as a failure; fix them";
    struct {
        std::string what;
        flaw own;
        flaw above;
        sentences expected;
    } const cases[] = {
        {"nothing", flaw::none, flaw::none, {}},
        {"one answer without SOA", flaw::no_soa, flaw::none, {no_soa}},
        {"NXDOMAIN for CAA alone", flaw::only_caa_is_nx, flaw::none, {only_caa}},
        {"the resolver keeps all SOA records back", flaw::no_soa, flaw::no_soa, {}},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            auto climb = levels_with("www.example.com", "", {});
            climb[0].has_flaw = c.own;
            climb[1].has_flaw = climb[2].has_flaw = c.above;
            check(decide(asked("www.example.com"), climb).warnings, c.expected);
        }
    }
    auto top = levels_with("www.example.com", "", {});
    top[2].has_flaw = flaw::no_soa;
    check(decide(asked("www.example.com"), top).warnings, {});
    auto below = levels_with("www.example.com", "www.example.com", {issue("letsencrypt.org")});
    below[1].has_flaw = flaw::no_soa;
    check(decide(asked("www.example.com"), below).warnings, {});
}

BOOST_AUTO_TEST_CASE(lets_encrypt_takes_ten_labels_at_most) {
    std::string const ten = "a.b.c.d.e.f.g.h.example.com";
    check(decide(asked("*." + ten), levels_with(ten, "", {})).warnings, {});
    auto r = asked("i." + ten);
    auto const climb = levels_with("i." + ten, "", {});
    check(
        decide(r, climb).warnings,
        {"Let's Encrypt does not issue for a name of more than 10 labels"}
    );
    r.by = find_issuer("google").value();
    check(decide(r, climb).warnings, {});
}

BOOST_AUTO_TEST_SUITE_END()
