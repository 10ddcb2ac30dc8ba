#include "cli/program.hpp"

#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/confinement.hpp"
#include "cli/help.hpp"
#include "cli/options/options.hpp"
#include "net/connect.hpp"

#include <algorithm>
#include <iterator>

namespace acme_dns01::cli {

namespace {

error unknown_command(std::vector<std::string> const& words) {
    auto const is_one_of_a_group = is_group(words.front());
    if (is_one_of_a_group && words.size() == 1) {
        return usage_error(
            in_quotes(words.front(), 80) + " needs the name of a command behind it",
            "run `acme-dns01 help " + words.front() + "` to see them"
        );
    }
    auto const shown = is_one_of_a_group ? words[0] + " " + words[1] : words[0];
    std::vector<std::string_view> names{"help"};
    std::ranges::transform(commands(), std::back_inserter(names), &command::name);
    auto const near = nearest(shown, names);
    return usage_error(
        "there is no command " + in_quotes(shown, 80),
        near.empty() ? see_help : "did you mean `acme-dns01 " + std::string(near) + "`?"
    );
}

std::function<void()>
confinement_of(command const& c, arguments const& given, invocation const& call, confiner confine) {
    auto needs = needs_of(call.set, call.env);
    if (c.add_needs != nullptr) c.add_needs(needs, call.set, given, call.env);
    return [needs = std::move(needs), &out = call.out, confine] {
        auto const failure = confine(needs);
        if (failure) out.note("this process could not be confined: " + failure.message());
    };
}

result<void> perform(
    command const& c,
    arguments given,
    settings const& set,
    environment const& env,
    output& out,
    confiner confine
) {
    boost::asio::io_context context(1);
    invocation call(context.get_executor(), set, env, out);
    call.command = c.name;
    if (confine != nullptr) call.confine = confinement_of(c, given, call, confine);
    // Before the first thread starts.
    if (call.confine && !c.confines_itself) call.confine();
    return completed(context, c.run(call, std::move(given)));
}

result<void> dispatch(settings const& set, environment const& env, output& out, confiner confine) {
    if (set.words.empty()) return usage_error("no command was given");
    auto const* const found = find_command(set.words);
    if (found == nullptr) return unknown_command(set.words);
    auto const names = static_cast<std::ptrdiff_t>(split(found->name, " ").size());
    arguments given(set.words.begin() + names, set.words.end());
    auto const checked = check_call(*found, set.command_options, given);
    if (!checked) return checked.error();
    net::limit_name_resolution(set.accounts.deadline);
    return perform(*found, std::move(given), set, env, out, confine);
}

exit_status perform(
    std::vector<std::string> const& line, environment const& env, output& out, confiner confine
) {
    auto const set = read_settings(line, env);
    if (!set) return out.failure(set.error());
    out.use(set->output);
    if (!set->warning.empty()) out.warning(set->warning);
    if (set->version) {
        out.text("acme-dns01 " ACME_DNS01_VERSION "\n");
        return exit_status::done;
    }
    auto const done = dispatch(*set, env, out, confine);
    return done ? exit_status::done : out.failure(done.error());
}

exit_status show_help(help_request const& asked, environment const& env, output& out) {
    auto const width = help_width(env.get("COLUMNS"));
    auto const page = help_page(asked.words, width);
    if (!page && asked.is_command) return out.failure(unknown_command(asked.words));
    out.text(page ? *page : *help_page({}, width));
    return exit_status::done;
}

} // namespace

exit_status
run(std::vector<std::string> const& line, environment const& env, output& out, confiner confine) {
    out.use(output_options_in(line));
    auto const help = help_asked_for(line);
    auto const done = help ? show_help(*help, env, out) : perform(line, env, out, confine);
    if (done != exit_status::done) return done;
    if (out.flush()) return static_cast<exit_status>(out.status());
    return out.failure({.kind = error_kind::unexpected, .message = "the result cannot be written"});
}

} // namespace acme_dns01::cli
