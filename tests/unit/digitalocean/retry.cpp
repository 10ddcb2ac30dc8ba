#include "digitalocean/retry.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(digitalocean_retry)

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;
using std::chrono::milliseconds;

namespace {

constexpr wall_clock::time_point now{std::chrono::seconds(1'800'000'000)};

attempt failed(std::string_view method, error_kind kind) {
    attempt a;
    a.method = method;
    a.failure = kind;
    a.left = std::chrono::seconds(300);
    a.now = now;
    return a;
}

attempt limited(rate_info rate) {
    auto a = failed("POST", error_kind::rate_limited);
    a.rate = rate;
    return a;
}

std::string text_of(what_next what) {
    switch (what) {
    case what_next::finish:
        return "finish";
    case what_next::repeat:
        return "repeat";
    case what_next::look_up:
        return "look up";
    case what_next::give_up:
        return "give up";
    }
    return "";
}

std::string after_kind(std::string_view method, error_kind kind) {
    return text_of(after(failed(method, kind)).what);
}

double pause_of(attempt const& a) { return seconds(after(a).pause).count(); }

} // namespace

BOOST_AUTO_TEST_CASE(a_success_stands) {
    attempt a;
    a.method = "POST";
    BOOST_TEST((after(a) == next_step{what_next::finish, {}}));
}

BOOST_AUTO_TEST_CASE(what_is_repeated_and_what_stands) {
    struct {
        error_kind kind;
        std::string idempotent; // GET, PUT, DELETE
        std::string post;
        std::string patch;
    } const cases[] = {
        {error_kind::unexpected, "finish", "finish", "finish"},
        {error_kind::usage, "finish", "finish", "finish"},
        {error_kind::configuration, "finish", "finish", "finish"},
        {error_kind::unauthorized, "finish", "finish", "finish"},
        {error_kind::zone_not_found, "finish", "finish", "finish"},
        {error_kind::not_found, "finish", "finish", "finish"},
        {error_kind::unreachable, "repeat", "repeat", "repeat"},
        {error_kind::untrusted, "finish", "finish", "finish"},
        {error_kind::no_answer, "repeat", "look up", "finish"},
        {error_kind::too_slow, "repeat", "look up", "finish"},
        {error_kind::rate_limited, "repeat", "repeat", "repeat"},
        {error_kind::server_error, "repeat", "look up", "finish"},
        {error_kind::rejected, "finish", "finish", "finish"},
        {error_kind::bad_answer, "repeat", "look up", "finish"},
        {error_kind::too_large, "finish", "look up", "finish"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(to_string(c.kind)) {
            for (auto const* method : {"GET", "PUT", "DELETE"})
                BOOST_TEST(after_kind(method, c.kind) == c.idempotent);
            BOOST_TEST(after_kind("POST", c.kind) == c.post);
            BOOST_TEST(after_kind("PATCH", c.kind) == c.patch);
        }
    }
}

BOOST_AUTO_TEST_CASE(only_what_may_have_been_acted_upon_is_ambiguous) {
    for (auto i = 0; i <= static_cast<int>(error_kind::problems_found); ++i) {
        auto const kind = static_cast<error_kind>(i);
        auto const expected = kind == error_kind::no_answer || kind == error_kind::too_slow ||
                              kind == error_kind::server_error || kind == error_kind::bad_answer ||
                              kind == error_kind::too_large;
        BOOST_TEST_CONTEXT(to_string(kind)) { BOOST_TEST(is_ambiguous(kind) == expected); }
    }
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_half_a_minute) {
    struct {
        unsigned number;
        double least;
        double most;
    } const cases[] = {
        {1, 0.25, 0.5},
        {2, 0.5, 1},
        {3, 1, 2},
        {6, 8, 16},
        {7, 15, 30},
        {20, 15, 30},
        {4'000'000'000, 15, 30},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.number) {
            BOOST_TEST(seconds(backoff(c.number, 0)).count() == c.least);
            BOOST_TEST(seconds(backoff(c.number, 1)).count() == c.most);
        }
    }
}

BOOST_AUTO_TEST_CASE(near_the_deadline_pauses_shrink_until_nothing_fits) {
    auto a = failed("GET", error_kind::no_answer);
    a.number = 7;
    a.left = std::chrono::seconds(4);
    BOOST_TEST(pause_of(a) == 2.0);
    a.left = milliseconds(120);
    BOOST_TEST(pause_of(a) == 0.06);
    a.left = milliseconds(99);
    BOOST_TEST(text_of(after(a).what) == "give up");
    a.left = {};
    BOOST_TEST(text_of(after(a).what) == "give up");
}

BOOST_AUTO_TEST_CASE(attempts_are_counted) {
    struct {
        error_kind kind;
        unsigned most;
    } const cases[] = {
        {error_kind::server_error, attempts_max},
        {error_kind::no_answer, attempts_max},
        {error_kind::rate_limited, attempts_max},
        {error_kind::unreachable, unreachable_max},
        {error_kind::bad_answer, unreadable_max},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(to_string(c.kind)) {
            auto a = failed("GET", c.kind);
            a.number = c.most - 1;
            BOOST_TEST(text_of(after(a).what) == "repeat");
            a.number = c.most;
            BOOST_TEST(text_of(after(a).what) == "give up");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_for_the_rate_is_waited_out_as_the_answer_says) {
    using std::chrono::seconds;
    struct {
        std::string what;
        rate_info rate;
        double pause;
    } const cases[] = {
        {"no limits in the answer", {}, 0.25},
        {"a minute's limit", {0, {}, now + seconds(3000), seconds(42)}, 42},
        {"an hour's limit", {0, {}, now + seconds(200), {}}, 200},
        {"an hour's limit, remaining untold", {{}, {}, now + seconds(200), {}}, 200},
        {"something remains", {17, {}, now + seconds(200), {}}, 0.25},
        {"retry at once", {0, {}, {}, seconds(0)}, 0},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            auto const a = limited(c.rate);
            BOOST_TEST(text_of(after(a).what) == "repeat");
            BOOST_TEST(pause_of(a) == c.pause);
        }
    }
}

BOOST_AUTO_TEST_CASE(those_who_were_refused_together_do_not_come_back_together) {
    auto a = limited({0, {}, {}, std::chrono::seconds(10)});
    a.chance = 0.5;
    BOOST_TEST(pause_of(a) == 10.5);
}

BOOST_AUTO_TEST_CASE(a_wait_that_does_not_fit_is_given_up_and_its_length_told) {
    auto a = limited({0, {}, now + std::chrono::seconds(301), {}});
    BOOST_TEST(text_of(after(a).what) == "give up");
    BOOST_TEST(pause_of(a) == 301.0);
}

BOOST_AUTO_TEST_SUITE_END()
