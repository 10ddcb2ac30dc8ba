#include "cli/help.hpp"
#include "cli/options/options.hpp"
#include "cli/options/settings.hpp"
#include "cli/options/sources.hpp"
#include "fuzz/file_in_folder.hpp"
#include "fuzz/fuzz.hpp"

namespace acme_dns01::fuzz {

namespace {

void require_known(cli::option_texts const& options) {
    for (auto const& [name, texts] : options)
        require(cli::find_option(name) != nullptr && !texts.empty(), "an option is one of ours");
}

// Once: that none is read for another reason must not go unnoticed.
bool is_read(file_in_folder const& file) {
    file.write("ttl = 60\n");
    return cli::read_configuration(file.path()).has_value();
}

} // namespace

void command_line(std::string_view input) {
    auto arguments = lines_of(input);
    environment const env({{"ACME_DNS01_RESOLVER", arguments.front()}});
    arguments.erase(arguments.begin());
    auto const help = cli::help_asked_for(arguments);
    if (help) static_cast<void>(cli::help_page(help->words, 80));
    auto const line = cli::read_command_line(arguments);
    if (!line) return require_failure(line.error(), error_kind::usage);
    require_known(line->options);
    require(line->words_behind <= line->words.size(), "the words behind -- are words");
    if (line->options.contains("config")) return; // any file, or a pipe
    auto const read = cli::read_settings(arguments, env);
    if (!read) return require_failure(read.error(), error_kind::usage);
    require(read->words == line->words, "the words stay");
    if (read->version) return;
    require(read->ttl >= 30, "a TTL has a bound");
}

void configuration(std::string_view input) {
    static file_in_folder const file("acme-dns01.conf");
    static auto const is_sound_one_read = is_read(file);
    require(is_sound_one_read, "a sound file is read");
    file.write(input);
    auto const read = cli::read_configuration(file.path());
    if (!read) return require_failure(read.error(), error_kind::configuration);
    require_known(read->options);
    for (auto const& account : read->accounts)
        require(!account.name.empty() && !account.token_file.empty(), "an account has a token");
    auto const typed = cli::read_settings({"--config", file.path()}, environment());
    if (!typed) return require_failure(typed.error(), error_kind::configuration);
    require(typed->ttl >= 30, "a TTL has a bound");
}

} // namespace acme_dns01::fuzz
