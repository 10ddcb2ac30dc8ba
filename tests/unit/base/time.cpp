#include "base/time.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>

BOOST_AUTO_TEST_SUITE(base_time)

using namespace acme_dns01;
using std::chrono::seconds;
using std::chrono::sys_seconds;

BOOST_AUTO_TEST_CASE(times_are_read_in_every_form_of_rfc_3339) {
    sys_seconds const noon(seconds(1795867200));
    struct {
        std::string text;
        std::optional<seconds> after; // noon
    } const cases[] = {
        {"2026-11-28T12:00:00Z", seconds(0)},
        {"2026-11-28t12:00:01z", seconds(1)},
        {"2026-11-28T12:00:00.999Z", seconds(0)},
        {"2026-11-28T13:30:00+01:30", seconds(0)},
        {"2026-11-28T11:00:00-01:00", seconds(0)},
        {"2026-11-29T12:00:00Z", seconds(86400)},
        {"2026-11-28T12:00:00", std::nullopt},
        {"2026-11-28 12:00:00Z", seconds(0)},
        {"2026-02-29T12:00:00Z", std::nullopt},
        {"2026-11-28T24:00:00Z", std::nullopt},
        {"2026-11-28T12:00:00+1:00", std::nullopt},
        {"2026-11-28T12:00:00+01:0x", std::nullopt},
        {"2026-11-28T12:00:00.Z.", std::nullopt},
        {"", std::nullopt},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const read = parse_rfc3339(c.text);
            BOOST_TEST(read.has_value() == c.after.has_value());
            if (read) BOOST_TEST((*read == noon + *c.after));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_date_is_its_first_moment) {
    BOOST_TEST(rfc3339(parse_date("2028-02-29").value()) == "2028-02-29T00:00:00Z");
    for (std::string const text : {"2027-02-29", "2027-2-28", "2027-02-28T", "x"})
        BOOST_TEST(!parse_date(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(times_that_rfc_3339_cannot_express_are_its_first_and_last) {
    auto const shown = [](std::int64_t count) { return rfc3339(sys_seconds(seconds(count))); };
    BOOST_TEST(shown(0) == "1970-01-01T00:00:00Z");
    BOOST_TEST(shown(-1) == "1969-12-31T23:59:59Z");
    BOOST_TEST(shown(INT64_MAX) == "9999-12-31T23:59:59Z");
    BOOST_TEST(shown(INT64_MIN) == "0000-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_SUITE_END()
