#pragma once

#include "base/error.hpp"
#include "cli/output/table.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

// Scripts rely on these numbers: they never change their meaning.
enum class exit_status {
    done = 0,
    unexpected = 1,
    usage = 2,
    configuration = 3,
    unauthorized = 4,
    not_found = 5,
    caa_forbidden = 6,
    not_propagated = 7,
    temporary = 8, // retrying helps with this one and with not_propagated only
    rejected = 9,
    problems_found = 10,
};

exit_status exit_status_of(error_kind kind);

// JSON on one line, with plain decimal numbers: Boost.JSON prints 1.62 as 1.62E0. A string that is
// not UTF-8, such as a word of the command line, is made printable, since JSON cannot hold it.
std::string json_text(boost::json::value const& value);

// null for an empty text.
boost::json::value or_null(std::string const& text);

struct output_options {
    bool json = false;    // one JSON object on stdout
    bool quiet = false;   // errors only
    bool verbose = false; // notes as well
    bool colours = true;  // false: NO_COLOR is set (https://no-color.org)
};

enum class tone { plain, strong, good, doubtful, bad };

// A line of a result, and how it is coloured on a terminal.
struct toned_line {
    std::string text;
    tone is = tone::plain;
};

// The only place that prints. Its rules:
//
//   - results go to stdout, everything else to stderr;
//   - an error is one line, "acme-dns01: error: <what failed>: <why>", then "acme-dns01: hint: ..."
//     if there is something to do; a warning is "acme-dns01: warning: ...";
//   - with --json, stdout is exactly one JSON object, also for errors; an error after a printed
//     result goes to stderr only;
//   - text from others reaches the terminal only as printable text on one line;
//   - progress is drawn only on a terminal, in lines that fit it, and is erased before anything
//     else is printed; --verbose reports the same in lines that stay.
class output {
public:
    // The streams must outlive the output. Answers to questions are read from the third.
    output(std::FILE* results, std::FILE* messages, std::FILE* answers = stdin);

    void use(output_options o);
    bool prints_json() const { return options_.json; }

    // Prints the lines or, with --json, the object. --quiet leaves out the lines.
    void result(std::vector<std::string> const& lines, boost::json::object const& machine);
    // The same in colours, which only a terminal gets.
    void toned_result(std::vector<toned_line> const& lines, boost::json::object const& machine);
    // A line that a client's protocol requires: printed whatever the options say. From then on
    // stdout belongs to the client, and errors go to stderr only.
    void protocol_line(std::string const& line);
    // The same, without printing anything.
    void leave_stdout_to_the_client();
    // Help and version, and JSON that is text already.
    void text(std::string const& whole);

    // The exit status if nothing failed: set by a client's protocol or by a command that was run.
    void end_with(int status) { status_ = status; }
    int status() const { return status_; }

    exit_status failure(error const& e);
    // One of several failures, on stderr only. The last goes to failure().
    void another_failure(error const& e);
    // Prints all but one of several failures, at least one; returns the one that decides on the
    // exit status: the first that is permanent, else the first. Equal failures count once.
    error all_but_deciding(std::vector<error> found);
    void warning(std::string const& sentence);
    void note(std::string const& sentence);

    // Asks on stderr, whatever the options say, and returns one line of at most answer_max bytes;
    // nothing at the end of input.
    std::optional<std::string> ask(std::string const& question);
    static constexpr std::size_t answer_max = 1000;

    // Draws these lines over those of the call before, as many as fit. Does nothing without a
    // terminal.
    void progress(std::vector<std::string> const& lines);
    bool shows_progress() const;
    // How many lines fit, and how long they may be.
    struct extent {
        std::size_t height = unlimited;
        std::size_t width = unlimited;
    };
    extent progress_extent() const;

    // How many columns results may have: unlimited if they do not go to a terminal.
    std::size_t width() const;

    // To be called at the end. False if a result could not be written: disk full, pipe closed.
    bool flush();

private:
    bool is_json_due() const;
    void message(std::string_view what, std::string const& sentence);
    std::string erasure();
    void erase_progress();

    std::FILE* results_;
    std::FILE* messages_;
    std::FILE* answers_;
    output_options options_;
    bool stdout_is_the_clients_ = false;
    int status_ = 0;
    bool result_is_printed_ = false;
    std::size_t lines_drawn_ = 0;
};

} // namespace acme_dns01::cli
