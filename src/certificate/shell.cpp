#include "certificate/shell.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::certificate {

namespace {

constexpr std::size_t value_max = 4096;

bool is_of_name(char c) { return is_alphanumeric(c) || c == '_'; }

std::size_t length_of_name(std::string_view text) {
    if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return 0;
    auto const* const end = std::ranges::find_if_not(text, is_of_name);
    return static_cast<std::size_t>(end - text.begin());
}

// The word at the beginning of `rest_`, which is taken from it.
class word_reader {
public:
    word_reader(std::string_view& rest, variables const& known) : rest_(rest), known_(known) {}

    // False where a shell is needed for it, or where it is too long.
    bool read() {
        while (!rest_.empty() && is_understood_ && word.size() <= value_max) {
            auto const c = rest_.front();
            if (quote_ == '\0' && std::string_view(" \t\r\n;&|<>()").find(c) != rest_.npos) break;
            rest_.remove_prefix(1);
            take(c);
        }
        return is_understood_ && quote_ == '\0' && word.size() <= value_max;
    }

    std::string word;

private:
    void take(char c) {
        if (quote_ != '\0' && c == quote_) {
            quote_ = '\0';
        } else if (quote_ == '\0' && (c == '"' || c == '\'')) {
            quote_ = c;
        } else if (quote_ != '\'' && c == '$') {
            expand();
        } else if (quote_ != '\'' && c == '\\') {
            escaped();
        } else {
            is_understood_ = is_understood_ && (quote_ == '\'' || c != '`');
            word += c;
        }
    }

    void escaped() {
        if (rest_.empty()) return;
        auto const c = rest_.front();
        rest_.remove_prefix(1);
        if (c == '\n') return;
        auto const stays = quote_ == '"' && std::string_view("\"\\$`").find(c) == rest_.npos;
        word += (stays ? "\\" : "") + std::string(1, c);
    }

    void expand() {
        auto const in_braces = rest_.starts_with('{');
        auto const name = rest_.substr(in_braces ? 1 : 0);
        auto const length = length_of_name(name);
        auto const behind = name.substr(length);
        auto const found = known_.find(name.substr(0, length));
        is_understood_ =
            length > 0 && found != known_.end() && (!in_braces || behind.starts_with('}'));
        if (!is_understood_) return;
        word += found->second;
        rest_ = behind.substr(in_braces ? 1 : 0);
    }

    std::string_view& rest_;
    variables const& known_;
    char quote_ = '\0';
    bool is_understood_ = true;
};

void skip_blanks(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
}

void skip_line(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
}

} // namespace

void read_assignments(std::string_view script, variables& known) {
    constexpr std::string_view exported = "export ";
    for (skip_blanks(script); !script.empty(); skip_blanks(script)) {
        if (script.starts_with(exported)) script.remove_prefix(exported.size());
        auto const length = length_of_name(script);
        if (length > 0 && script.substr(length).starts_with('=')) {
            std::string const name(script.substr(0, length));
            script.remove_prefix(length + 1);
            word_reader value(script, known);
            auto const is_understood = value.read();
            if (is_understood) known[name] = std::move(value.word);
            if (!is_understood) known.erase(name);
        }
        skip_line(script);
    }
}

std::string value_of(variables const& known, std::string_view name) {
    auto const found = known.find(name);
    return found == known.end() ? std::string() : found->second;
}

} // namespace acme_dns01::certificate
