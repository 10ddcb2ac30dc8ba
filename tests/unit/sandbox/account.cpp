#include "sandbox/account.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sandbox_account)

using namespace acme_dns01;
using namespace acme_dns01::sandbox;
using namespace std::chrono_literals;

namespace {

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }
clock::time_point at(std::chrono::seconds s) { return clock::time_point(1000h + s); }

held_record held(std::int64_t id, std::string const& data, std::chrono::seconds from = 0s) {
    held_record h;
    h.record.id = id;
    h.record.type = "TXT";
    h.record.name = "a";
    h.record.data = data;
    h.owner = parsed("a.example.com");
    h.from = at(from);
    return h;
}

std::string data_of(std::vector<held_record const*> const& list) {
    std::string all;
    for (auto const* h : list)
        all += h->record.data + " ";
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(live_records_are_found_by_id_and_listed_in_order) {
    record_history records;
    records.add(held(8, "b"));
    records.add(held(7, "a"));
    BOOST_TEST(records.find(8)->record.data == "b");
    BOOST_TEST(records.find(9) == nullptr);
    BOOST_TEST(data_of(records.live()) == "a b ");
    records.end_record(7, at(1s));
    BOOST_TEST(records.find(7) == nullptr);
    BOOST_TEST(data_of(records.live()) == "b ");
    BOOST_TEST(records.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_change_keeps_the_id_and_the_past) {
    record_history records;
    records.add(held(7, "old"));
    records.end_record(7, at(5s));
    records.add(held(7, "new", 5s));
    BOOST_TEST(records.find(7)->record.data == "new");
    BOOST_TEST(data_of(records.at(parsed("a.example.com"))) == "old new ");
    BOOST_TEST(records.at(parsed("example.com")).empty());
}

BOOST_AUTO_TEST_CASE(records_are_still_found_after_old_ones_are_dropped) {
    record_history records;
    for (std::int64_t id = 1; id <= 5; ++id)
        records.add(held(id, std::to_string(id)));
    records.end_record(2, at(1s));
    records.end_record(4, at(9s));
    BOOST_TEST(records.forget(at(1s)) == 0U);
    BOOST_TEST(records.forget(at(2s)) == 1U);
    BOOST_TEST(data_of(records.at(parsed("a.example.com"))) == "1 3 4 5 ");
    BOOST_TEST(data_of(records.live()) == "1 3 5 ");
    BOOST_TEST(records.find(5)->record.data == "5");
    records.end_record(5, at(9s));
    BOOST_TEST(records.find(5) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
