#include "cli/program.hpp"

#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/options.hpp"
#include "net/https_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <sstream>

namespace acme_dns01::cli {

namespace {

// True if there are commands of two words that begin with this one.
bool is_group(std::string const& word) {
    return std::ranges::any_of(commands(), [&](command const& c) {
        return c.name.starts_with(word + " ");
    });
}

error unknown_command(std::vector<std::string> const& words) {
    auto const shown =
        words.size() > 1 && is_group(words[0]) ? words[0] + " " + words[1] : words[0];
    return usage_error("there is no command " + in_quotes(shown, 80));
}

bool is_called(command const& c, std::vector<std::string> const& words) {
    auto const names = split(c.name, " ");
    return words.size() >= names.size() && std::equal(names.begin(), names.end(), words.begin());
}

result<void> perform(
    command const& c, arguments given, settings const& set, environment const& env, output& out
) {
    boost::asio::io_context context(1);
    invocation call(context.get_executor(), set, env, out);
    call.command = c.name;
    result<void> done;
    auto const end = [&](std::exception_ptr const& bug, result<void> value) {
        if (bug) std::rethrow_exception(bug);
        done = std::move(value);
        context.stop();
    };
    boost::asio::co_spawn(context, c.run(call, std::move(given)), end);
    context.run();
    return done;
}

result<void> dispatch(settings const& set, environment const& env, output& out) {
    if (set.words.empty()) return usage_error("no command was given");
    auto const called = [&](command const& c) { return is_called(c, set.words); };
    auto const found = std::ranges::find_if(commands(), called);
    if (found == commands().end()) return unknown_command(set.words);
    auto const names = static_cast<std::ptrdiff_t>(split(found->name, " ").size());
    arguments given(set.words.begin() + names, set.words.end());
    auto const checked = check_call(*found, set.command_options, given);
    if (!checked) return checked.error();
    net::limit_name_resolution(set.accounts.deadline);
    return perform(*found, std::move(given), set, env, out);
}

} // namespace

std::string help_text() {
    std::ostringstream text;
    text << "acme-dns01 proves control of a domain by ACME's DNS-01 challenge, at DigitalOcean.\n\n"
         << "usage: acme-dns01 <command> [arguments] [options]\n\nCommands:\n";
    for (auto const& c : commands()) {
        text << "  " << c.name << (c.synopsis.empty() ? "" : " ") << c.synopsis << "\n      "
             << c.text << "\n";
    }
    text << "\n" << describe("Options of single commands", command_options());
    text << "\n"
         << describe(
                "Options of every command, also `name = value` in the configuration file",
                common_options()
            );
    text << "\nThe token comes from the first of these that is set: --token-file, the systemd "
            "credential\n"
            "digitalocean-token, DIGITALOCEAN_TOKEN, DIGITALOCEAN_ACCESS_TOKEN, DO_AUTH_TOKEN,\n"
            "DO_AUTH_TOKEN_FILE, DO_API_KEY, the configuration's token-file.\n\n"
            "Exit status: 0 done, 1 a bug, 2 usage, 3 configuration or credentials, 4 the API\n"
            "refused the token, 5 no such zone or record, 6 CAA forbids this issuer, 7 not on\n"
            "every name server in time, 8 temporary, 9 the API refused the request, 10 check\n"
            "found problems. Retrying helps with 7 and 8.\n";
    return text.str();
}

exit_status run(std::vector<std::string> const& line, environment const& env, output& out) {
    out.use(output_options_in(line));
    auto const set = read_settings(line, env);
    if (!set) return out.failure(set.error());
    out.use(set->output);
    if (!set->warning.empty()) out.warning(set->warning);
    if (set->help) {
        out.text(help_text());
    } else if (set->version) {
        out.text("acme-dns01 " ACME_DNS01_VERSION "\n");
    } else {
        auto const done = dispatch(*set, env, out);
        if (!done) return out.failure(done.error());
    }
    if (out.flush()) return static_cast<exit_status>(out.status());
    return out.failure({.kind = error_kind::unexpected, .message = "the result cannot be written"});
}

} // namespace acme_dns01::cli
