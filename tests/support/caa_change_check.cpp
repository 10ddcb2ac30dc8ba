#include "support/caa_change_check.hpp"

#include <boost/test/unit_test.hpp>

namespace acme_dns01::test {

using namespace caa;

namespace {

verdict verdict_for(request const& r, std::vector<level> const& climb) {
    return decide(r, climb).is;
}

// No verdict may change for other CAs, for the same domain or a wildcard below it.
void check_other_requests(request const& r, std::vector<level> const& before, change const& c) {
    auto const after = levels_after(before, c);
    for (auto const* by : {"ca.example", "b.example", "digicert"}) {
        for (auto const wildcard : {false, true}) {
            auto other = r;
            other.by = find_issuer(by).value();
            other.wildcard = wildcard;
            BOOST_TEST_CONTEXT(by << (wildcard ? " for wildcards" : "")) {
                BOOST_TEST(
                    to_string(verdict_for(other, after)) == to_string(verdict_for(other, before))
                );
            }
        }
    }
}

} // namespace

std::vector<level> levels_after(std::vector<level> climb, change const& c) {
    for (auto& l : climb) {
        if (l.target != c.at || c.added.empty()) continue;
        l.is = level::content::records;
        l.records.insert(l.records.end(), c.added.begin(), c.added.end());
    }
    return climb;
}

void check_change(
    request r, restrictions const& w, std::vector<level> const& climb, change const& c
) {
    check_other_requests(r, climb, c);
    auto const after = levels_after(climb, c);
    if (w.wildcard_only) {
        r.wildcard = false;
        BOOST_TEST(to_string(verdict_for(r, after)) == to_string(verdict_for(r, climb)));
        r.wildcard = true;
    }
    BOOST_TEST(to_string(verdict_for(r, after)) == "permitted");
    auto other_account = r;
    other_account.account_uri += "2";
    auto const same = to_string(verdict_for(other_account, climb));
    if (w.account) BOOST_TEST(to_string(verdict_for(other_account, after)) == same);
    auto other_method = r;
    other_method.method = "http-01";
    auto const still = to_string(verdict_for(other_method, climb));
    if (w.method) BOOST_TEST(to_string(verdict_for(other_method, after)) == still);
}

} // namespace acme_dns01::test
