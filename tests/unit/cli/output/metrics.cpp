#include "cli/output/metrics.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01::cli;

BOOST_AUTO_TEST_SUITE(cli_output_metrics)

BOOST_AUTO_TEST_CASE(families_have_one_head_each_and_labels_are_escaped) {
    std::vector<metric_family> const families{
        {"a_seconds",
         "A time.",
         {{{}, 1795867200}, {{}, 1}, {{{"path", "/a\\b\"c\nd"}, {"names", ""}}, 0.25}}},
        {"b", "Nothing.", {}},
        {"c", "Negative.", {{{}, -1}}}};
    BOOST_TEST(
        metrics_text(families) == "# HELP a_seconds A time.\n"
                                  "# TYPE a_seconds gauge\n"
                                  "a_seconds 1795867200\n"
                                  "a_seconds{path=\"/a\\\\b\\\"c?d\",names=\"\"} 0.250\n"
                                  "# HELP c Negative.\n"
                                  "# TYPE c gauge\n"
                                  "c -1\n"
    );
}

BOOST_AUTO_TEST_SUITE_END()
