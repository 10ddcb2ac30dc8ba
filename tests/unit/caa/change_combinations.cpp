#include "caa/change.hpp"
#include "caa/decision.hpp"
#include "support/caa_change_check.hpp"
#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>

BOOST_AUTO_TEST_SUITE(caa_change_combinations)

using namespace acme_dns01;
using namespace acme_dns01::caa;
using test::asked;
using test::issue;
using test::issuewild;
using test::levels_with;

namespace {

using properties = std::vector<property>;

restrictions const all_restrictions[] = {
    {},
    {.wildcard_only = true},
    {.account = true},
    {.account = true, .method = true},
};

properties const pool{
    issue("ca.example"),
    issue(";"),
    issue("letsencrypt.org;accounturi=a:b"),
    issuewild("b.example"),
    issuewild("letsencrypt.org;validationmethods=http-01"),
    issue("%%%%%"),
    {1, "Issue", "digicert.com; x=1"},
    {0, "iodef", "mailto:a@example.com"},
};

properties chosen_by(unsigned bits) {
    properties records;
    for (std::size_t i = 0; i < pool.size(); ++i) {
        if ((bits >> i) % 2 == 1) records.push_back(pool[i]);
    }
    return records;
}

// How many of the restrictions needed a change.
int changes_needed(request const& r, properties const& records, std::string_view zone) {
    auto const climb = levels_with("www.example.com", "example.com", records);
    auto count = 0;
    for (auto const& w : all_restrictions) {
        auto const found = change_for(r, w, climb, dns::name::parse(zone).value());
        BOOST_REQUIRE(found);
        test::check_change(r, w, climb, *found);
        if (!found->added.empty()) ++count;
    }
    return count;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_set_that_forbids_can_be_changed_for_the_ca_alone) {
    for (unsigned bits = 1; bits < 1u << pool.size(); ++bits) {
        if (std::popcount(bits) > 3) continue; // larger ones are slow and show nothing new
        auto const records = chosen_by(bits);
        for (auto const* domain : {"www.example.com", "*.www.example.com"}) {
            for (auto const* zone : {"example.com", "www.example.com"}) {
                BOOST_TEST_CONTEXT(domain << " in " << zone << ", set " << bits) {
                    auto const r = asked(domain);
                    auto const speaks = [&](bool wildcard) {
                        auto other = r;
                        other.wildcard = wildcard;
                        return !rule_on(records, other).applicable.empty();
                    };
                    auto const expected =
                        r.wildcard ? 4 * speaks(true) : 3 * speaks(false) + 1 * speaks(true);
                    BOOST_TEST(changes_needed(r, records, zone) == expected);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
