#include "base/error.hpp"

#include "base/shortage.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(base_error)

using namespace acme_dns01;

BOOST_AUTO_TEST_CASE(every_kind_has_a_name_of_its_own) {
    struct {
        error_kind kind;
        std::string_view expected;
    } const cases[] = {
        {error_kind::unexpected, "unexpected"},
        {error_kind::usage, "usage"},
        {error_kind::configuration, "configuration"},
        {error_kind::unauthorized, "unauthorized"},
        {error_kind::zone_not_found, "zone_not_found"},
        {error_kind::not_found, "not_found"},
        {error_kind::caa_forbidden, "caa_forbidden"},
        {error_kind::not_propagated, "not_propagated"},
        {error_kind::unreachable, "unreachable"},
        {error_kind::untrusted, "untrusted"},
        {error_kind::no_answer, "no_answer"},
        {error_kind::too_slow, "too_slow"},
        {error_kind::dns_failure, "dns_failure"},
        {error_kind::rate_limited, "rate_limited"},
        {error_kind::server_error, "server_error"},
        {error_kind::rejected, "rejected"},
        {error_kind::bad_answer, "bad_answer"},
        {error_kind::too_large, "too_large"},
        {error_kind::problems_found, "problems_found"},
    };
    std::set<std::string_view> names;
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) { BOOST_TEST(to_string(c.kind) == c.expected); }
        names.insert(to_string(c.kind));
    }
    BOOST_TEST(names.size() == static_cast<std::size_t>(error_kind::problems_found) + 1);
}

BOOST_AUTO_TEST_CASE(without_a_server_explanation_the_text_is_the_message) {
    error const e{.kind = error_kind::rejected, .message = "creating: refused", .hint = "a hint"};
    BOOST_TEST(e.text() == "creating: refused");
}

BOOST_AUTO_TEST_CASE(a_server_explanation_follows_on_the_same_line) {
    error const e{.message = "creating: refused", .server_said = "Data is bad.", .request_id = "7"};
    BOOST_TEST(e.text() == "creating: refused: Data is bad.");
}

BOOST_AUTO_TEST_CASE(a_hostile_server_explanation_is_made_printable_and_short) {
    error const e{
        .message = "refused",
        .server_said = "\x1b]0;owned\x07\r\nacme-dns01: done" + std::string(400, 'x'),
    };
    auto const kept = std::string(300 - 28, 'x');
    BOOST_TEST(e.text() == "refused: ?]0;owned???acme-dns01: done" + kept + "...");
}

BOOST_AUTO_TEST_CASE(context_precedes_the_message_and_changes_nothing_else) {
    error const cause{
        .kind = error_kind::zone_not_found,
        .message = "no zone holds it",
        .hint = "add the domain",
        .server_said = "nope",
        .request_id = "4d9d8375",
    };
    auto const e = in_context("*.example.com", cause);
    BOOST_TEST((e.kind == error_kind::zone_not_found));
    BOOST_TEST(e.message == "*.example.com: no zone holds it");
    BOOST_TEST(e.hint == "add the domain");
    BOOST_TEST(e.server_said == "nope");
    BOOST_TEST(e.request_id == "4d9d8375");
    BOOST_TEST(e.text() == "*.example.com: no zone holds it: nope");
}

BOOST_AUTO_TEST_CASE(asking_a_failure_for_its_value_throws_the_failures_text) {
    result<int> const failed = error{.message = "it failed", .server_said = "no"};
    auto const tells = [](std::logic_error const& bug) {
        return std::string(bug.what())
            .ends_with(": a failure was taken for a value: it failed: no");
    };
    BOOST_CHECK_EXCEPTION(static_cast<void>(failed.value()), std::logic_error, tells);
}

BOOST_AUTO_TEST_CASE(a_shortage_has_a_hint_of_its_own) {
    error const cause{
        .kind = error_kind::configuration, .message = "no file", .hint = "name another"};
    std::pair<std::errc, char const*> const shortages[]{
        {std::errc::too_many_files_open,
         "raise the limit on open files (ulimit -n, LimitNOFILE= of a systemd unit)"},
        {std::errc::too_many_files_open_in_system,
         "too many files are open on this host: end other programs, or raise fs.file-max"},
        {std::errc::resource_unavailable_try_again,
         "raise the limit on processes (ulimit -u, TasksMax= of a systemd unit)"},
        {std::errc::not_enough_memory,
         "free some memory, or raise the limit (ulimit -v, MemoryMax= of a systemd unit)"},
        {std::errc::no_buffer_space,
         "free some memory, or raise the limit (ulimit -v, MemoryMax= of a systemd unit)"},
    };
    for (auto const& [why, hint] : shortages) {
        auto const e = unless_short(cause, std::make_error_code(why));
        BOOST_TEST((e.kind == error_kind::unreachable));
        BOOST_TEST(e.message == "no file");
        BOOST_TEST(e.hint == hint);
    }
    auto const other = unless_short(cause, std::make_error_code(std::errc::permission_denied));
    BOOST_TEST((other.kind == error_kind::configuration));
    BOOST_TEST(other.hint == "name another");
}

BOOST_AUTO_TEST_SUITE_END()
