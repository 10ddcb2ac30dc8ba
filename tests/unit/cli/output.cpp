#include "cli/output.hpp"

#include "support/memory_file.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <stdexcept>
#include <stdlib.h>
#include <unistd.h>

using namespace acme_dns01;
using cli::exit_status;
using cli::output;

namespace {

struct captured {
    test::memory_file results;
    test::memory_file messages;
    output out{results.get(), messages.get()};

    explicit captured(cli::manner s = {}) { out.use(s); }
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

// Both ends of a terminal. What is drawn comes out of the first one.
struct terminal {
    int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    test::file_ptr messages;

    terminal() {
        if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0)
            throw std::runtime_error("there are no terminals here");
        messages.reset(std::fopen(::ptsname(master), "w"));
        if (!messages) throw std::runtime_error("the terminal does not open");
    }
    terminal(terminal const&) = delete;
    terminal& operator=(terminal const&) = delete;
    ~terminal() { ::close(master); }

    // What came out up to the mark that is put behind it now. The terminal writes CR LF where the
    // program wrote LF.
    std::string drawn() const {
        std::fputs("<end>", messages.get());
        std::fflush(messages.get());
        constexpr int patience_ms = 10'000;
        std::string text;
        pollfd readable{master, POLLIN, 0};
        while (!text.ends_with("<end>") && ::poll(&readable, 1, patience_ms) == 1) {
            std::array<char, 512> buffer{};
            auto const size = ::read(master, buffer.data(), buffer.size());
            if (size <= 0) break;
            text.append(buffer.data(), static_cast<std::size_t>(size));
        }
        std::erase(text, '\r');
        return text.substr(0, text.rfind("<end>"));
    }
};

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
         {cli::manner{}, cli::manner{true, false, false}, cli::manner{false, true, false}}) {
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
        cli::manner style;
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
    output out(stdout, t.messages.get());
    BOOST_TEST(out.shows_progress());
    out.progress({"ns1 asking", "ns2 asking"});
    BOOST_TEST(t.drawn() == "\x1b[2Kns1 asking\n\x1b[2Kns2 asking\n");
    out.progress({"ns1 serving", "ns2 \x1b[31m"});
    BOOST_TEST(t.drawn() == "\x1b[2A\x1b[2Kns1 serving\n\x1b[2Kns2 ?[31m\n");
}

BOOST_AUTO_TEST_CASE(what_was_said_between_is_not_drawn_over) {
    terminal const t;
    output out(stdout, t.messages.get());
    out.progress({"ns1"});
    out.warning("w");
    out.progress({"ns1"});
    BOOST_TEST(t.drawn() == "\x1b[2Kns1\nacme-dns01: warning: w\n\x1b[2Kns1\n");
}

BOOST_AUTO_TEST_CASE(quiet_draws_no_progress_on_a_terminal_either) {
    terminal const t;
    output out(stdout, t.messages.get());
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
