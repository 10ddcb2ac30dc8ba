#include "cli/output/output.hpp"

#include "support/memory_file.hpp"
#include "support/terminal.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using cli::exit_status;
using cli::exit_status_of;
using cli::json_text;
using cli::output;
using test::terminal;

namespace json = boost::json;

namespace {

struct captured {
    test::memory_file results;
    test::memory_file messages;
    output out{results.get(), messages.get()};

    explicit captured(cli::output_options s = {}) { out.use(s); }
    std::string stdout_text() { return results.content(); }
    std::string stderr_text() { return messages.content(); }
};

error refused() {
    return {
        .kind = error_kind::rejected,
        .message = "creating a record: DigitalOcean refused the request (422)",
        .hint = "look at it again",
        .server_said = "Data is\nbad",
        .request_id = "4d9d8375",
    };
}

constexpr auto refused_line = "acme-dns01: error: creating a record: DigitalOcean refused the "
                              "request (422): Data is?bad (request 4d9d8375)\n"
                              "acme-dns01: hint: look at it again\n";

} // namespace

BOOST_AUTO_TEST_SUITE(cli_output)

BOOST_AUTO_TEST_CASE(results_are_lines_for_people) {
    captured c;
    c.out.result({"one", "two"}, {{"records", 2}});
    BOOST_TEST(c.out.flush());
    BOOST_TEST(c.stdout_text() == "one\ntwo\n");
    BOOST_TEST(c.stderr_text().empty());
}

BOOST_AUTO_TEST_CASE(results_are_one_object_for_programs_also_when_quiet) {
    for (auto const quiet : {false, true}) {
        BOOST_TEST_CONTEXT(quiet) {
            captured c({.json = true, .quiet = quiet});
            c.out.result({"one", "two"}, {{"records", 2}});
            BOOST_TEST(c.stdout_text() == "{\"records\":2}\n");
            BOOST_TEST(c.stderr_text().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(quiet_leaves_results_for_people_out) {
    captured c({.quiet = true});
    c.out.result({"one"}, {});
    BOOST_TEST(c.stdout_text().empty());
}

BOOST_AUTO_TEST_CASE(a_protocol_line_is_printed_whatever_the_options_say) {
    for (auto const& style :
         {cli::output_options{},
          cli::output_options{true, false, false},
          cli::output_options{false, true, false}}) {
        captured c(style);
        c.out.protocol_line("{\"zone\":\"example.com\"}");
        BOOST_TEST(c.stdout_text() == "{\"zone\":\"example.com\"}\n");
    }
}

BOOST_AUTO_TEST_CASE(a_text_is_printed_as_it_is) {
    captured c({.quiet = true});
    c.out.text("usage: 100 %s\n");
    BOOST_TEST(c.stdout_text() == "usage: 100 %s\n");
}

BOOST_AUTO_TEST_CASE(an_error_is_a_line_with_its_request_and_a_line_with_its_hint) {
    for (auto const quiet : {false, true}) {
        BOOST_TEST_CONTEXT(quiet) {
            captured c({.quiet = quiet});
            BOOST_TEST((c.out.failure(refused()) == exit_status::rejected));
            BOOST_TEST(c.stderr_text() == refused_line);
            BOOST_TEST(c.stdout_text().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_without_hint_and_request_is_one_line) {
    captured c;
    auto const status =
        c.out.failure({.kind = error_kind::usage, .message = "no command was given"});
    BOOST_TEST((status == exit_status::usage));
    BOOST_TEST(c.stderr_text() == "acme-dns01: error: no command was given\n");
}

BOOST_AUTO_TEST_CASE(an_error_for_programs_is_one_object_on_stdout_too) {
    captured c({.json = true});
    c.out.failure(refused());
    BOOST_TEST(
        c.stdout_text() ==
        R"({"error":{"kind":"rejected","exit":9,"message":"creating a record: DigitalOcean )"
        R"x(refused the request (422): Data is?bad","hint":"look at it again",)x"
        R"("request_id":"4d9d8375"}})"
        "\n"
    );
    BOOST_TEST(c.stderr_text() == refused_line);
}

BOOST_AUTO_TEST_CASE(an_error_that_is_no_utf_8_is_valid_json_all_the_same) {
    captured c({.json = true});
    c.out.failure({.kind = error_kind::usage, .message = "bad '\xff'", .hint = "not \xff"});
    BOOST_TEST(
        c.stdout_text() ==
        R"({"error":{"kind":"usage","exit":2,"message":"bad '?'","hint":"not ?",)"
        R"("request_id":null}})"
        "\n"
    );
}

BOOST_AUTO_TEST_CASE(one_of_several_failures_is_for_people_alone) {
    captured c({.json = true});
    c.out.another_failure(refused());
    BOOST_TEST(c.stderr_text() == refused_line);
    BOOST_TEST(c.stdout_text().empty());
}

BOOST_AUTO_TEST_CASE(what_an_error_does_not_have_is_null) {
    captured c({.json = true});
    c.out.failure({.kind = error_kind::zone_not_found, .message = "no zone holds it"});
    BOOST_TEST(
        c.stdout_text() ==
        R"({"error":{"kind":"zone_not_found","exit":5,"message":"no zone holds it","hint":null,)"
        R"("request_id":null}})"
        "\n"
    );
}

BOOST_AUTO_TEST_CASE(hostile_texts_reach_the_terminal_as_one_printable_line) {
    captured c({.verbose = true});
    std::string const hostile = "\x1b]0;owned\x07\r\nacme-dns01: done\xff";
    std::string const shown = "?]0;owned???acme-dns01: done?\n";
    c.out.failure({.message = hostile, .hint = hostile});
    c.out.warning(hostile);
    c.out.note(hostile);
    BOOST_TEST(
        c.stderr_text() == "acme-dns01: error: " + shown + "acme-dns01: hint: " + shown +
                               "acme-dns01: warning: " + shown + "acme-dns01: note: " + shown
    );
}

BOOST_AUTO_TEST_CASE(a_hostile_result_is_one_printable_line) {
    auto const forged = "record\n\x1b[2Jacme-dns01: error: forged\r\x7f\xc2\x9b";
    auto const shown = "record??[2Jacme-dns01: error: forged????\n";
    captured c;
    c.out.result({forged}, {});
    BOOST_TEST(c.stdout_text() == shown);
    captured hook;
    hook.out.protocol_line(forged);
    BOOST_TEST(hook.stdout_text() == shown);
}

BOOST_AUTO_TEST_CASE(an_endless_text_is_cut) {
    captured c;
    c.out.warning(std::string(10'000, 'x'));
    BOOST_TEST(c.stderr_text() == "acme-dns01: warning: " + std::string(4000, 'x') + "...\n");
}

BOOST_AUTO_TEST_CASE(a_percent_sign_is_a_percent_sign) {
    captured c;
    c.out.warning("100%s %n");
    c.out.result({"100%s %n"}, {});
    BOOST_TEST(c.stderr_text() == "acme-dns01: warning: 100%s %n\n");
    BOOST_TEST(c.stdout_text() == "100%s %n\n");
}

BOOST_AUTO_TEST_CASE(notes_are_for_verbose_and_warnings_are_not_for_quiet) {
    struct {
        cli::output_options style;
        std::string expected;
    } const cases[] = {
        {{}, "acme-dns01: warning: w\n"},
        {{.verbose = true}, "acme-dns01: note: n\nacme-dns01: warning: w\n"},
        {{.quiet = true}, ""},
        {{.quiet = true, .verbose = true}, "acme-dns01: note: n\n"},
        {{.json = true}, "acme-dns01: warning: w\n"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.expected) {
            captured now(c.style);
            now.out.note("n");
            now.out.warning("w");
            BOOST_TEST(now.stderr_text() == c.expected);
            BOOST_TEST(now.stdout_text().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(without_a_terminal_no_progress_is_drawn) {
    captured c({.verbose = true});
    BOOST_TEST(!c.out.shows_progress());
    c.out.progress({"ns1", "ns2"});
    BOOST_TEST(c.stderr_text().empty());
}

BOOST_AUTO_TEST_CASE(on_a_terminal_progress_is_drawn_over_itself) {
    terminal const t;
    output out(stdout, t.stream());
    BOOST_TEST(out.shows_progress());
    out.progress({"ns1 asking", "ns2 asking"});
    BOOST_TEST(t.drawn() == "ns1 asking\nns2 asking\n");
    out.progress({"ns1 serving", "ns2 \x1b[31m", "ns3"});
    BOOST_TEST(t.drawn() == "\x1b[2A\x1b[Jns1 serving\nns2 ?[31m\nns3\n");
    out.progress({"ns1"});
    BOOST_TEST(t.drawn() == "\x1b[3A\x1b[Jns1\n");
}

BOOST_AUTO_TEST_CASE(progress_is_gone_before_anything_else_is_said) {
    struct {
        void (*say)(output& out);
        std::string said;
    } const cases[] = {
        {[](output& out) { out.result({"r"}, {}); }, ""},
        {[](output& out) { out.protocol_line("p"); }, ""},
        {[](output& out) { out.text("t"); }, ""},
        {[](output& out) { out.failure({.message = "e"}); }, "acme-dns01: error: e\n"},
        {[](output& out) { out.warning("w"); }, "acme-dns01: warning: w\n"},
        {[](output& out) { out.note("n"); }, "acme-dns01: note: n\n"},
        {[](output& out) { out.ask("q? "); }, "q? \n"},
        {[](output& out) { out.flush(); }, ""},
    };
    for (auto const& c : cases) {
        terminal const t;
        test::memory_file const results;
        test::memory_file const nothing;
        output out(results.get(), t.stream(), nothing.get());
        out.use({.verbose = true});
        out.progress({"ns1", "ns2"});
        c.say(out);
        c.say(out);
        BOOST_TEST(t.drawn() == "ns1\nns2\n\x1b[2A\x1b[J" + c.said + c.said);
        out.progress({"ns1"});
        BOOST_TEST(t.drawn() == "ns1\n");
    }
}

BOOST_AUTO_TEST_CASE(a_line_of_progress_is_narrower_than_the_terminal) {
    terminal const t(10);
    output out(stdout, t.stream());
    out.progress({"123456789", "1234567890"});
    BOOST_TEST(t.drawn() == "123456789\n123456...\n");
}

BOOST_AUTO_TEST_CASE(progress_is_lower_than_the_terminal) {
    terminal const t(80, 3);
    output out(t.stream(), t.stream());
    BOOST_TEST(out.progress_extent().height == 2U);
    out.progress({"ns1", "ns2", "ns3"});
    BOOST_TEST(t.drawn() == "ns1\nns2\n");
    out.progress({"ns1"});
    BOOST_TEST(t.drawn() == "\x1b[2A\x1b[Jns1\n");
}

BOOST_AUTO_TEST_CASE(a_terminal_that_does_not_tell_its_width_is_wide) {
    terminal const t(0);
    output out(stdout, t.stream());
    out.progress({std::string(200, 'x')});
    BOOST_TEST(t.drawn() == std::string(200, 'x') + "\n");
    BOOST_TEST(output(t.stream(), stderr).width() == cli::unlimited);
}

BOOST_AUTO_TEST_CASE(results_have_a_width_on_a_terminal_alone) {
    terminal const t(72);
    BOOST_TEST(output(t.stream(), stderr).width() == 72U);
    captured const c;
    BOOST_TEST(c.out.width() == cli::unlimited);
}

BOOST_AUTO_TEST_CASE(a_question_is_answered_by_one_line) {
    test::memory_file const answers;
    test::memory_file const messages;
    std::string const longest(output::answer_max, 'x');
    std::fputs(("example.com\n\n" + longest + "yy\nlast").c_str(), answers.get());
    std::rewind(answers.get());
    output out(stdout, messages.get(), answers.get());
    out.use({.json = true, .quiet = true});
    BOOST_TEST(out.ask("which? ").value() == "example.com");
    BOOST_TEST(out.ask("which? ").value().empty());
    BOOST_TEST(out.ask("which? ").value() == longest);
    BOOST_TEST(out.ask("which? ").value() == "yy");
    BOOST_TEST(out.ask("which? ").value() == "last");
    BOOST_TEST(!out.ask("which? ").has_value());
    std::string expected;
    for (int i = 0; i < 6; ++i)
        expected += "which? \n";
    BOOST_TEST(messages.content() == expected);
}

BOOST_AUTO_TEST_CASE(a_question_is_one_printable_line) {
    test::memory_file const nothing;
    test::memory_file const messages;
    output out(stdout, messages.get(), nothing.get());
    out.ask("\x1b[2J? ");
    BOOST_TEST(messages.content() == "?[2J? \n");
}

BOOST_AUTO_TEST_CASE(quiet_draws_no_progress_on_a_terminal_either) {
    terminal const t;
    output out(stdout, t.stream());
    out.use({.quiet = true});
    BOOST_TEST(!out.shows_progress());
    out.progress({"ns1"});
    BOOST_TEST(t.drawn().empty());
}

BOOST_AUTO_TEST_CASE(a_result_that_cannot_be_written_is_noticed) {
    test::file_ptr const full(std::fopen("/dev/full", "w"));
    BOOST_REQUIRE(full);
    output out(full.get(), full.get());
    BOOST_TEST(out.flush());
    out.result({"one"}, {});
    BOOST_TEST(!out.flush());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cli_exit_status)

BOOST_AUTO_TEST_CASE(every_kind_ends_in_the_status_that_was_promised) {
    struct {
        error_kind kind;
        int expected;
    } const cases[] = {
        {error_kind::unexpected, 1},      {error_kind::usage, 2},
        {error_kind::configuration, 3},   {error_kind::unauthorized, 4},
        {error_kind::zone_not_found, 5},  {error_kind::not_found, 5},
        {error_kind::caa_forbidden, 6},   {error_kind::not_propagated, 7},
        {error_kind::unreachable, 8},     {error_kind::untrusted, 8},
        {error_kind::no_answer, 8},       {error_kind::too_slow, 8},
        {error_kind::dns_failure, 8},     {error_kind::rate_limited, 8},
        {error_kind::server_error, 8},    {error_kind::rejected, 9},
        {error_kind::bad_answer, 9},      {error_kind::too_large, 9},
        {error_kind::problems_found, 10},
    };
    BOOST_TEST(std::size(cases) == static_cast<std::size_t>(error_kind::problems_found) + 1);
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(to_string(c.kind)) {
            BOOST_TEST(static_cast<int>(exit_status_of(c.kind)) == c.expected);
        }
    }
    BOOST_TEST(static_cast<int>(cli::exit_status::done) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cli_json_text)

BOOST_AUTO_TEST_CASE(it_is_one_line_with_numbers_as_people_write_them) {
    json::object const inner{{"seconds", 1.62}, {"none", nullptr}};
    json::object const all{{"id", 28448446}, {"ok", true}, {"list", {inner, 0.000001, "a"}}};
    BOOST_TEST(
        json_text(all) ==
        R"({"id":28448446,"ok":true,"list":[{"seconds":1.62,"none":null},0.000001,"a"]})"
    );
}

BOOST_AUTO_TEST_CASE(what_is_utf_8_stays_as_it_is) {
    BOOST_TEST(json_text("b\u00fccher \"\\ \x1b\n") == "\"b\u00fccher \\\"\\\\ \\u001b\\n\"");
}

BOOST_AUTO_TEST_CASE(controls_above_ascii_are_escaped) {
    BOOST_TEST(
        json_text("\x7f \u0080 \u008f \u0090 \u009b \u009f \u00a0") ==
        "\"\\u007f \\u0080 \\u008f \\u0090 \\u009b \\u009f \u00a0\""
    );
    BOOST_TEST(json_text(json::object{{"\u009b2J", 1}}) == "{\"\\u009b2J\":1}");
}

BOOST_AUTO_TEST_CASE(what_is_no_utf_8_is_made_printable) {
    for (auto const* const text : {"a\xff", "a\xc3", "a\x80"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(json_text(text) == R"("a?")");
            BOOST_TEST(json_text(json::object{{text, text}}) == R"({"a?":"a?"})");
        }
    }
    BOOST_TEST(json_text("\xed\xa0\x80") == R"("???")"); // half a pair of UTF-16
}

BOOST_AUTO_TEST_SUITE_END()
