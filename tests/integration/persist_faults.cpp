#include "support/client_world.hpp"
#include "support/mishaps.hpp"
#include "support/user.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_persist_faults)

using namespace acme_dns01::test;
using acme_dns01::sandbox::local_digitalocean;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

std::string const value = "ca.example; accounturi=https://ca.example/acct/1";

texts const set{
    "persist",
    "set",
    "example.com",
    "--issuer",
    "ca.example",
    "--account-uri",
    "https://ca.example/acct/1",
    "--yes",
};

struct ending {
    outcome set;
    texts left;
    outcome again;
    texts calls_again;
};

// A replacement, so that every method is used.
ending ending_after(mishap const& m) {
    local_digitalocean s(quick());
    acme_dns01::digitalocean::record older;
    older.type = "TXT";
    older.name = "_validation-persist";
    older.data = value + "; persistUntil=5";
    s.add_record("example.com", older);
    m.happen(s);
    ending e;
    e.set = user(s).run(set);
    e.left = txt_values(s, "example.com");
    s.clear_faults();
    s.clear_calls();
    e.again = user(s).run(set);
    e.calls_again = calls_of(s);
    return e;
}

} // namespace

BOOST_AUTO_TEST_CASE(set_survives_any_single_fault_and_doubles_nothing) {
    auto const mishaps = all_mishaps();
    auto const endings = side_by_side<ending>(mishaps.size(), [&](std::size_t i) {
        return ending_after(mishaps[i]);
    });
    for (std::size_t i = 0; i < mishaps.size(); ++i) {
        auto const& e = endings[i];
        BOOST_TEST_CONTEXT(mishaps[i].name << "\n" << e.set.out << e.set.err << e.again.err) {
            BOOST_TEST(e.set.status == 0);
            BOOST_TEST(e.left == texts{value}, per_element());
            BOOST_TEST(e.again.status == 0);
            BOOST_TEST(e.calls_again.size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
