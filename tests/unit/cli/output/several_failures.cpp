#include "cli/output/output.hpp"
#include "support/memory_file.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cli_several_failures)

using namespace acme_dns01;

BOOST_AUTO_TEST_CASE(the_first_permanent_failure_decides_and_equal_ones_are_told_once) {
    error const late{.kind = error_kind::not_propagated, .message = "late"};
    error const busy{.kind = error_kind::server_error, .message = "busy", .hint = "wait"};
    error const bad{.kind = error_kind::rejected, .message = "bad"};
    error const gone{.kind = error_kind::not_found, .message = "gone"};
    struct {
        std::vector<error> found;
        std::string deciding;
        std::string told;
    } const cases[] = {
        {{late}, "late", ""},
        {{busy, late, busy}, "busy", "acme-dns01: error: late\n"},
        {{late, bad, busy, gone},
         "bad",
         "acme-dns01: error: late\n"
         "acme-dns01: error: busy\n"
         "acme-dns01: hint: wait\n"
         "acme-dns01: error: gone\n"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.deciding) {
            test::memory_file const results;
            test::memory_file const messages;
            cli::output out(results.get(), messages.get());
            BOOST_TEST(out.all_but_deciding(c.found).message == c.deciding);
            BOOST_TEST(messages.content() == c.told);
            BOOST_TEST(results.content() == "");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
