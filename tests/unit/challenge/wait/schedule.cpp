#include "support/pace_probes.hpp"

BOOST_AUTO_TEST_SUITE(challenge_wait_schedule)

using namespace acme_dns01;
using namespace acme_dns01::test;

BOOST_AUTO_TEST_CASE(every_state_has_a_name_and_may_be_failing) {
    struct {
        server_state state;
        std::string expected;
        bool failing;
    } const cases[] = {
        {server_state::unasked, "unasked", false},
        {server_state::serving, "serving", false},
        {server_state::missing, "missing", false},
        {server_state::unsent, "unsent", false},
        {server_state::unreachable, "unreachable", true},
        {server_state::refused, "refused", true},
        {server_state::servfail, "servfail", true},
        {server_state::lame, "lame", true},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) {
            BOOST_TEST(to_string(c.state) == c.expected);
            BOOST_TEST(is_failing(c.state) == c.failing);
            auto const silent =
                c.expected == "unasked" || c.expected == "unsent" || c.expected == "unreachable";
            BOOST_TEST(is_silent(c.state) == silent);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_step_is_a_share_of_the_time_waited_and_at_least_the_least) {
    struct {
        double waited;
        double jitter;
        double expected;
    } const cases[] = {
        {0, 0.5, 0.055},
        {0, 1, 0.055},
        {1, 0.5, 0.055},
        {10, 0.5, 0.4},
        {60, 0, 2.16},
        {60, 0.5, 2.4},
        {60, 1, 2.64},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.waited << " " << c.jitter) {
            auto const step = next_step(to_duration(seconds(c.waited)), c.jitter);
            BOOST_TEST(seconds(step).count() == c.expected, boost::test_tools::tolerance(1e-6));
        }
    }
}

BOOST_AUTO_TEST_CASE(rounds_are_a_step_apart_also_after_a_late_one) {
    rounds r(start);
    struct {
        double now;
        double current;
        double next;
    } const cases[] = {
        {0, 0, 0.055},
        {0.054, 0, 0.055},
        {0.055, 0.055, 0.11},
        {0.15, 0.15, 0.205},
        {100, 100, 104},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.now) {
            r.advance(at(c.now), 0.5);
            BOOST_TEST(since_start(r.current) == c.current, boost::test_tools::tolerance(1e-6));
            BOOST_TEST(since_start(r.next) == c.next, boost::test_tools::tolerance(1e-6));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_answer_ends_the_question_and_starts_or_keeps_its_series) {
    auto p = in_flight(asked(server_state::unasked, 1));
    observe(p, server_state::serving, at(1.2));
    BOOST_TEST(!p.in_flight);
    BOOST_TEST((p.serving_since == at(1.2)));
    observe(p, server_state::serving, at(3));
    BOOST_TEST((p.serving_since == at(1.2)));
    observe(p, server_state::missing, at(4));
    BOOST_TEST((p.state == server_state::missing));
    BOOST_TEST(!p.serving_since);
    BOOST_TEST(!p.failing_since);
}

// A silent server is known to be silent only after the time for an answer.
BOOST_AUTO_TEST_CASE(failing_counts_from_when_the_question_left) {
    auto p = in_flight(asked(server_state::unasked, 1));
    observe(p, server_state::unreachable, at(3));
    BOOST_TEST((p.failing_since == at(1)));
    p.asked_at = at(4);
    observe(p, server_state::servfail, at(4.1));
    BOOST_TEST((p.failing_since == at(1)));
    observe(p, server_state::missing, at(5));
    BOOST_TEST(!p.failing_since);
    p.asked_at = at(6);
    observe(p, server_state::refused, at(6.1));
    BOOST_TEST((p.failing_since == at(6)));
}

BOOST_AUTO_TEST_CASE(at_first_all_are_asked_at_once) {
    check_goes_on(at_moment(0, {probe(), probe(), probe()}), {0, 1, 2}, 1);
}

BOOST_AUTO_TEST_CASE(an_address_with_a_question_in_flight_is_not_asked) {
    check_goes_on(at_moment(0, {in_flight(probe()), probe()}), {1}, 1);
}

BOOST_AUTO_TEST_CASE(an_address_without_the_record_is_asked_in_the_next_round) {
    auto const m = server_state::missing;
    check_goes_on(at_moment(1.9, {asked(m, 1)}), {}, 2);
    check_goes_on(at_moment(2, {asked(m, 1)}), {0}, 3);
    check_goes_on(at_moment(22.1, {asked(m, 20), asked(m, 21.9), asked(m, 22)}), {0, 1}, 23);
}

BOOST_AUTO_TEST_CASE(an_address_that_serves_is_not_asked_while_others_do_not) {
    check_goes_on(at_moment(50, {serving(1, 1), asked(server_state::missing, 50)}), {}, 51);
}

BOOST_AUTO_TEST_CASE(the_wait_wakes_at_the_time_limit) {
    check_goes_on(at_moment(119.5, {in_flight(asked(server_state::missing, 119))}), {}, 120);
}

BOOST_AUTO_TEST_CASE(the_confirming_pass_begins_after_the_settling_time) {
    struct {
        std::string name;
        std::optional<clock::duration> settle;
        double first;
        double last;
        double settled;
    } const cases[] = {
        {"auto: as long as they lay apart", std::nullopt, 1, 3, 5},
        {"auto: at most ten seconds", std::nullopt, 1, 41, 51},
        {"auto: none where they lay together", std::nullopt, 3, 3, 3},
        {"none", clock::duration::zero(), 1, 41, 41},
        {"as said, also above ten seconds", std::chrono::seconds(30), 1, 3, 33},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            patience limits;
            limits.settle = c.settle;
            std::vector const probes{
                serving(c.last, c.last - 0.1), serving(c.first, c.first - 0.1)};
            auto const before = c.settled - 0.001;
            if (before >= c.last) check_goes_on(at_moment(before, probes, limits), {}, c.settled);
            check_goes_on(at_moment(c.settled, probes, limits), {0, 1}, 120);
        }
    }
}

// Names whose records were made one after the other say nothing about the servers.
BOOST_AUTO_TEST_CASE(servers_lie_apart_by_the_same_name) {
    std::vector probes{serving(1, 0.9), serving(1.5, 1.4), serving(9, 8.9), serving(9.1, 9)};
    for (std::size_t i = 0; i < probes.size(); ++i)
        probes[i].name = i / 2;
    check_goes_on(at_moment(9.5, probes), {}, 9.6);
}

BOOST_AUTO_TEST_CASE(the_confirming_pass_asks_every_address_again_and_completes) {
    check_goes_on(at_moment(2.5, {serving(1, 2.1), serving(2, 1.9)}), {}, 3);
    check_goes_on(at_moment(3, {serving(1, 2.1), serving(2, 1.9)}), {1, 0}, 120);
    check_goes_on(at_moment(3.1, {serving(1, 3), in_flight(serving(2, 3))}), {}, 120);
    auto const d = at_moment(3.2, {serving(1, 3), serving(2, 3)});
    BOOST_TEST((d.then == verdict::complete));
    BOOST_TEST(d.ask.empty());
}

BOOST_AUTO_TEST_CASE(a_server_that_loses_the_record_restarts_the_confirming_pass) {
    std::vector probes{serving(1, 3), in_flight(serving(2, 3))};
    observe(probes[1], server_state::missing, at(3.1));
    check_goes_on(at_moment(3.1, probes), {}, 4);
    check_goes_on(at_moment(4, probes), {1}, 5);
    probes[1].asked_at = at(4);
    observe(probes[1], server_state::serving, at(4.2));
    check_goes_on(at_moment(4.2, probes), {}, 4.2 + 3.2);
    check_goes_on(at_moment(7.4, probes), {1, 0}, 120);
}

BOOST_AUTO_TEST_CASE(a_failing_address_is_left_out_after_its_grace_and_not_before) {
    std::vector const probes{serving(1, 0.9), failing(0, 4)};
    check_goes_on(at_moment(4.1, probes), {}, 5);
    check_goes_on(at_moment(4.9, {probes[0], in_flight(probes[1])}), {}, 5);
    check_goes_on(at_moment(5, {probes[0], in_flight(probes[1])}), {0}, 120);
    BOOST_TEST((at_moment(5, {serving(1, 4), in_flight(probes[1])}).then == verdict::complete));
}

BOOST_AUTO_TEST_CASE(a_question_without_an_answer_fails_before_its_grace_is_over) {
    patience limits;
    limits.grace = std::chrono::milliseconds(1500);
    auto silent = in_flight(probe());
    silent.asked_at = at(0);
    check_goes_on(at_moment(0.5, {serving(0.4, 0.3), silent}, limits), {}, 1.5);
    BOOST_TEST((at_moment(1.4, {serving(0.4, 1), silent}, limits).then == verdict::go_on));
    BOOST_TEST((at_moment(1.5, {serving(0.4, 1), silent}, limits).then == verdict::complete));
    limits.grace = std::chrono::milliseconds(500);
    check_goes_on(at_moment(0.45, {serving(0.1, 0.2), silent}, limits), {}, 0.5);
    BOOST_TEST((at_moment(0.5, {serving(0.1, 0.2), silent}, limits).then == verdict::complete));
    // Whatever the grace, a server may take some time.
    limits.grace = clock::duration::zero();
    check_goes_on(at_moment(0.25, {serving(0.1, 0.2), silent}, limits), {}, 0.3);
    BOOST_TEST((at_moment(0.3, {serving(0.1, 0.2), silent}, limits).then == verdict::complete));
}

BOOST_AUTO_TEST_CASE(without_grace_a_failing_address_delays_nothing) {
    patience limits;
    limits.grace = clock::duration::zero();
    auto const d = at_moment(2, {serving(1, 1.5), failing(0, 0)}, limits);
    BOOST_TEST((d.then == verdict::complete));
}

BOOST_AUTO_TEST_CASE(an_address_that_lacks_the_record_is_never_left_out) {
    auto const d = at_moment(100, {serving(1, 100), asked(server_state::missing, 99)});
    BOOST_TEST((d.then == verdict::go_on));
}

BOOST_AUTO_TEST_CASE(an_address_that_could_not_be_asked_is_never_left_out) {
    std::vector const probes{serving(1, 100), asked(server_state::unsent, 99)};
    check_goes_on(at_moment(100, probes), {1}, 101);
    BOOST_TEST((at_moment(120, probes).then == verdict::timed_out));
}

BOOST_AUTO_TEST_CASE(of_every_name_at_least_one_address_has_to_serve) {
    std::vector probes{serving(1, 100), failing(0, 99), failing(0, 99)};
    auto const together = at_moment(100, probes);
    BOOST_TEST((together.then == verdict::complete));
    probes[1].name = 1;
    probes[2].name = 1;
    auto const apart = at_moment(100, probes);
    BOOST_TEST((apart.then == verdict::go_on));
    auto const over = at_moment(120, probes);
    BOOST_TEST((over.then == verdict::timed_out));
}

BOOST_AUTO_TEST_CASE(if_all_are_required_no_address_is_left_out) {
    patience limits;
    limits.require_all = true;
    auto const d = at_moment(100, {serving(1, 99), failing(0, 99)}, limits);
    BOOST_TEST((d.then == verdict::go_on));
    BOOST_TEST((at_moment(120, {serving(1, 99), failing(0, 99)}, limits).then == verdict::timed_out)
    );
}

BOOST_AUTO_TEST_CASE(no_address_is_asked_before_the_first_question) {
    patience limits;
    limits.first_question = std::chrono::seconds(10);
    check_goes_on(at_moment(9, {probe()}, limits), {}, 10);
    check_goes_on(at_moment(10, {probe()}, limits), {0}, 11);
}

BOOST_AUTO_TEST_CASE(no_address_is_asked_after_the_time_limit) {
    auto const d = at_moment(120, {asked(server_state::missing, 100), serving(1, 1)});
    BOOST_TEST((d.then == verdict::timed_out));
    BOOST_TEST(d.ask.empty());
}

BOOST_AUTO_TEST_CASE(the_time_limit_ends_the_pause_and_not_the_confirming_pass) {
    patience limits;
    limits.settle = std::chrono::seconds(30);
    check_goes_on(at_moment(119, {serving(118, 118)}, limits), {}, 120);
    check_goes_on(at_moment(120, {serving(118, 118)}, limits), {0}, 121);
    BOOST_TEST((at_moment(120.2, {serving(118, 120)}, limits).then == verdict::complete));
    auto const lost = at_moment(120.2, {asked(server_state::missing, 120)}, limits);
    BOOST_TEST((lost.then == verdict::timed_out));
    auto const last = in_flight(serving(118, 120));
    check_goes_on(at_moment(120.9, {last}, limits), {}, 121);
    BOOST_TEST((at_moment(121, {last}, limits).then == verdict::timed_out));
}

BOOST_AUTO_TEST_CASE(after_the_time_limit_only_first_answers_are_waited_for) {
    patience limits;
    limits.timeout = std::chrono::seconds(2);
    auto late = in_flight(probe());
    late.asked_at = at(1.5);
    auto silent = late;
    silent.asked_at = at(0.5);
    check_goes_on(at_moment(2, {silent, late}, limits), {}, 2.5);
    BOOST_TEST((at_moment(2.5, {late}, limits).then == verdict::timed_out));
}

BOOST_AUTO_TEST_CASE(without_any_time_every_address_is_asked_once) {
    patience limits;
    limits.timeout = clock::duration::zero();
    check_goes_on(at_moment(0, {probe(), probe()}, limits), {0, 1}, 1);
    auto first = in_flight(probe());
    first.asked_at = at(0);
    check_goes_on(at_moment(0.5, {first, asked(server_state::missing, 0)}, limits), {}, 1);
    auto const missing = asked(server_state::missing, 0);
    BOOST_TEST((at_moment(0.5, {missing, missing}, limits).then == verdict::timed_out));
    auto const silent = at_moment(1, {first, serving(0.1, 0)}, limits);
    BOOST_TEST((silent.then == verdict::timed_out));
    check_goes_on(at_moment(0.2, {serving(0.1, 0)}, limits), {0}, 1);
    BOOST_TEST((at_moment(0.3, {serving(0.1, 0.2)}, limits).then == verdict::complete));
}

BOOST_AUTO_TEST_CASE(a_confirmation_at_the_last_moment_completes_the_wait) {
    auto const d = at_moment(120, {serving(119, 119.5)});
    BOOST_TEST((d.then == verdict::complete));
}

BOOST_AUTO_TEST_CASE(without_names_the_wait_is_complete_at_once) {
    auto const d = at_moment(0, {});
    BOOST_TEST((d.then == verdict::complete));
    BOOST_TEST(d.ask.empty());
}

BOOST_AUTO_TEST_SUITE_END()
