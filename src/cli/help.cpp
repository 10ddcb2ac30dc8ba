#include "cli/help.hpp"

#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/options.hpp"
#include "cli/options/sources.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>

namespace acme_dns01::cli {

namespace {

using texts = std::vector<std::string>;

constexpr std::size_t width_min = 40;
constexpr std::size_t width_max = 80;
constexpr std::size_t indent = 24; // of what a command or an option does

constexpr auto purpose =
    "acme-dns01 proves control of a domain by ACME's DNS-01 challenge, for domains whose DNS is at "
    "DigitalOcean.";

constexpr auto about_tokens =
    "The token comes from the first of these that is set: --token-file, the systemd credential "
    "digitalocean-token, DIGITALOCEAN_TOKEN, DIGITALOCEAN_ACCESS_TOKEN, DO_AUTH_TOKEN, "
    "DO_AUTH_TOKEN_FILE, DO_API_KEY, the configuration's token-file.";

constexpr auto about_statuses =
    "Exit status: 0 done, 1 a bug, 2 usage, 3 configuration or credentials, 4 the API refused the "
    "token, 5 no such zone or record, 6 CAA forbids this issuer, 7 not on every name server in "
    "time, 8 temporary, 9 the API refused the request, 10 problems found. Retrying helps with 7 "
    "and 8.";

// A group of the overview, with the first words of its commands.
struct group {
    std::string_view title;
    std::string_view first_words;
};

constexpr group groups[]{
    {"Challenge records", "present wait cleanup status sweep run"},
    {"Called by ACME clients", "hook"},
    {"Before and after an issuance", "check caa persist cert"},
    {"Zones and records of the account", "domain record"},
};

bool is_help(std::string const& argument) { return argument == "--help" || argument == "-h"; }

// The words of the text behind `lead`, in lines of at most `width` columns; those after the first
// begin with `margin` blanks.
std::string folded(std::string lead, std::string_view text, std::size_t margin, std::size_t width) {
    auto column = lead.size() - (lead.rfind('\n') + 1);
    auto gap = std::string();
    for (auto const& word : split(text, " ")) {
        if (column + gap.size() + word.size() > width && !gap.empty()) {
            gap = "\n" + std::string(margin, ' ');
            column = margin;
        } else {
            column += gap.size();
        }
        lead += gap + word;
        column += word.size();
        gap = " ";
    }
    return lead + "\n";
}

std::string paragraph(std::string_view text, std::size_t width) {
    return folded("", text, 0, width);
}

// What it does stands beside its name, or below a long name.
std::string line_of(std::string name, std::string_view text, std::size_t width) {
    name.insert(0, "  ");
    if (name.size() + 2 > indent) {
        name += "\n" + std::string(indent, ' ');
    } else {
        name.append(indent - name.size(), ' ');
    }
    return folded(std::move(name), text, indent, width);
}

// "creates ... . More." as a sentence.
std::string sentence(std::string_view text) {
    std::string whole(text);
    whole.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(whole.front())));
    return whole.ends_with('.') ? whole : whole + ".";
}

std::string_view first_sentence(std::string_view text) { return text.substr(0, text.find(". ")); }

std::string entry(command const& c, std::size_t width) {
    return line_of(std::string(c.name), first_sentence(c.text), width);
}

std::string described(option const& o, std::size_t width) {
    auto lead = "--" + std::string(o.name) + (o.name == "help" ? ", -h" : "");
    if (!o.is_flag()) lead += " " + std::string(o.placeholder);
    auto text = std::string(o.text);
    if (!o.variable.empty()) text += "; $" + std::string(o.variable);
    return line_of(std::move(lead), text, width);
}

std::string first_word(command const& c) { return std::string(c.name.substr(0, c.name.find(' '))); }

std::string overview(std::size_t width) {
    auto page = paragraph(purpose, width) + "\n";
    page += "usage: acme-dns01 <command> [<argument>...] [<option>...]\n";
    for (auto const& g : groups) {
        page += "\n" + std::string(g.title) + ":\n";
        auto const words = split(g.first_words, " ");
        for (auto const& c : commands()) {
            if (std::ranges::count(words, first_word(c)) > 0) page += entry(c, width);
        }
    }
    page += "\n" + line_of("help <command>", "shows how the command is used", width);
    page += line_of("help options", "shows the options of every command", width);
    return page;
}

std::string page_of(command const& c, std::size_t width) {
    auto const usage = std::string(c.name) + " " + std::string(c.synopsis);
    auto page = folded("usage: acme-dns01 ", usage, 8, width);
    page += "\n" + paragraph(sentence(c.text), width);
    page += "\nexample:\n  " + std::string(c.example) + "\n";
    auto const own = split(c.own_options, " ");
    if (!own.empty()) page += "\noptions:\n";
    for (auto const& name : own)
        page += described(*find_option(name), width);
    return page + "\n" +
           paragraph("`acme-dns01 help options` shows the options of every command.", width);
}

std::string page_of_group(std::string const& word, std::size_t width) {
    auto page = "usage: acme-dns01 " + word + " <command> [<argument>...] [<option>...]\n\n";
    for (auto const& c : commands()) {
        if (c.name.starts_with(word + " ")) page += entry(c, width);
    }
    return page + "\n" +
           paragraph("`acme-dns01 help " + word + " <command>` shows how it is used.", width);
}

std::string page_of_options(std::size_t width) {
    auto page = paragraph(
        "Options of every command. In the configuration file they are written `name = value`.",
        width
    );
    page += "\n";
    for (auto const& o : common_options())
        page += described(o, width);
    return page + "\n" + paragraph(about_tokens, width) + "\n" + paragraph(about_statuses, width);
}

// The words before "--" that are neither options nor their arguments.
texts words_of(texts const& line) {
    texts words;
    for (auto at = line.begin(); at != line.end() && *at != "--"; ++at) {
        if (!at->starts_with("-")) {
            words.push_back(*at);
            continue;
        }
        auto const* const known = find_option(at->substr(std::min<std::size_t>(2, at->size())));
        auto const has_argument = known != nullptr && !known->is_flag();
        if (has_argument && std::next(at) != line.end() && !is_help(*std::next(at))) ++at;
    }
    return words;
}

} // namespace

std::optional<help_request> help_asked_for(texts const& line) {
    auto before = line;
    auto const is_alone =
        line.size() > 2 && line[line.size() - 3] == "hook" && is_help(line.back());
    if (!is_alone) end_options_at_hook(before);
    before.erase(std::ranges::find(before, "--"), before.end());
    auto words = words_of(before);
    if (!words.empty() && words.front() == "help") {
        words.erase(words.begin());
        return help_request{std::move(words), true};
    }
    if (std::ranges::none_of(before, is_help)) return std::nullopt;
    return help_request{std::move(words), false};
}

std::optional<std::string> help_page(texts const& words, std::size_t width) {
    if (words.empty()) return overview(width);
    if (words.front() == "options") return page_of_options(width);
    auto const* const found = find_command(words);
    if (found != nullptr) return page_of(*found, width);
    if (is_group(words.front())) return page_of_group(words.front(), width);
    return std::nullopt;
}

std::size_t help_width(std::optional<std::string> const& columns) {
    auto const number = number_in<std::size_t>(columns.value_or(""));
    return std::clamp(number.value_or(width_max), width_min, width_max);
}

} // namespace acme_dns01::cli
