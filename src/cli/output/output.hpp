#pragma once

#include "base/error.hpp"
#include "cli/output/exit_status.hpp"

#include <boost/json/object.hpp>

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::cli {

struct output_options {
    bool json = false;    // one JSON object on stdout
    bool quiet = false;   // errors only
    bool verbose = false; // notes as well
};

// The only place that prints. Its rules:
//
//   - results go to stdout, everything else to stderr;
//   - an error is one line, "acme-dns01: error: <what failed>: <why>", then "acme-dns01: hint: ..."
//     where there is something to do; a warning is "acme-dns01: warning: ...";
//   - with --json, stdout is exactly one JSON object, also for errors, unless a result that is no
//     good was told before: then stderr alone has the error;
//   - what others said never reaches the terminal but as printable text on one line;
//   - progress is drawn on a terminal alone, in lines that fit it, and is gone before anything else
//     is said; --verbose tells the same story in lines that stay.
class output {
public:
    // The streams must outlive the output. People's answers come from the third one.
    output(std::FILE* results, std::FILE* messages, std::FILE* answers = stdin);

    void use(output_options o) { options_ = o; }
    bool prints_json() const { return options_.json; }

    // One of the two, as --json says; the human one is left out with --quiet.
    void result(std::vector<std::string> const& lines, boost::json::object const& machine);
    // A line that a client's protocol asks for: printed whatever the options say. From then on
    // stdout is the client's, and errors go to stderr alone.
    void protocol_line(std::string const& line);
    // The same where there is nothing to print.
    void leave_stdout_to_the_client() { stdout_is_the_clients_ = true; }
    // Help and version, and JSON that is text already.
    void text(std::string const& whole);

    // The status to end with though nothing failed, as a client's protocol, or a command that was
    // started, has it.
    void end_with(int status) { status_ = status; }
    int status() const { return status_; }

    exit_status failure(error const& e);
    // One of several, the last of which goes to failure(): on stderr alone.
    void another_failure(error const& e);
    void warning(std::string const& sentence);
    void note(std::string const& sentence);

    // What is answered to a question, in one line of at most answer_max bytes; nothing at the end
    // of input. It is asked whatever the options say: on stderr.
    std::optional<std::string> ask(std::string const& question);
    static constexpr std::size_t answer_max = 1000;

    // Draws these lines over the ones of the call before, as many as there is room for. Nothing
    // without a terminal.
    void progress(std::vector<std::string> const& lines);
    bool shows_progress() const;
    // How many lines there is room for, and how long ones; nothing where the terminal does not
    // tell.
    std::optional<std::size_t> progress_height() const;
    std::optional<std::size_t> progress_width() const;

    // How many columns results may have: nothing where they do not go to a terminal.
    std::optional<std::size_t> width() const;

    // To be called at the end. False where a result could not be written: a full disk, a closed
    // pipe.
    bool flush();

private:
    void message(std::string_view what, std::string const& sentence);
    std::string erasure();
    void erase_progress();

    std::FILE* results_;
    std::FILE* messages_;
    std::FILE* answers_;
    output_options options_;
    bool stdout_is_the_clients_ = false;
    int status_ = 0;
    bool result_is_told_ = false;
    std::size_t lines_drawn_ = 0;
};

} // namespace acme_dns01::cli
