#include "certificate/config_obj.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace acme_dns01::certificate {

namespace {

constexpr std::size_t line_shown_max = 80;
constexpr std::size_t sections_max = 20; // within each other

bool is_quote(char c) { return c == '"' || c == '\''; }

std::string unquoted(std::string_view text) {
    auto const has_quotes =
        text.size() >= 2 && is_quote(text.front()) && text.front() == text.back();
    return std::string(has_quotes ? text.substr(1, text.size() - 2) : text);
}

bool is_end_of_value(std::string_view rest) {
    auto const text = trimmed(rest);
    return text.empty() || text.starts_with('#');
}

// The end of the item that begins the text. Quotes within quotes count as text.
std::optional<std::size_t> end_of_item(std::string_view text) {
    if (!is_quote(text.front())) return std::min(text.find_first_of(",#"), text.size());
    auto end = text.find(text.front(), 1);
    for (; end != std::string_view::npos; end = text.find(text.front(), end + 1)) {
        auto const rest = text.substr(end + 1);
        if (is_end_of_value(rest) || trimmed(rest).starts_with(',')) return end + 1;
    }
    return std::nullopt;
}

std::optional<config_value> value_in(std::string_view text) {
    config_value value;
    auto rest = trimmed(text);
    if (is_end_of_value(rest)) return config_value{{""}};
    if (rest.starts_with(',') && is_end_of_value(rest.substr(1))) return config_value{{}, true};
    while (!is_end_of_value(rest)) {
        auto const end = end_of_item(rest);
        if (!end || *end == 0) return std::nullopt;
        value.texts.push_back(unquoted(trimmed(rest.substr(0, *end))));
        rest = trimmed(rest.substr(*end));
        if (!rest.starts_with(',')) break;
        value.is_list = true;
        rest = trimmed(rest.substr(1));
    }
    return value;
}

bool is_utf8(std::string_view text) {
    std::size_t more = 0; // bytes of a character that are still to come
    for (auto const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        auto const continues = (byte & 0xc0U) == 0x80U;
        if (continues != (more > 0) || byte > 0xf4) return false;
        if (more > 0) --more;
        if (byte >= 0xc0) more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    }
    return more == 0;
}

} // namespace

// Line by line; a value of several lines takes more than one.
class config_parser {
public:
    explicit config_parser(std::string_view file) : rest_(file) {}

    result<config> parse() {
        while (!rest_.empty()) {
            auto const line = trimmed(next_line());
            if (line.empty() || line.starts_with('#')) continue;
            auto const why = line.starts_with('[') ? section(line) : setting(line);
            if (why.empty()) continue;
            auto const told = in_quotes(line, line_shown_max) + " " + why;
            return error{.kind = error_kind::configuration, .message = told};
        }
        return std::move(read_);
    }

private:
    static constexpr auto not_understood = "is neither a section nor a setting";
    static constexpr auto twice = "stands there twice";

    std::string_view next_line() {
        auto const end = std::min(rest_.find('\n'), rest_.size());
        auto const line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        return line;
    }

    std::string path() const {
        std::string all;
        for (auto const& name : sections_)
            all += name + "\n";
        return all;
    }

    // Each of these returns why the line is refused, or nothing.
    std::string section(std::string_view line) {
        auto const begin = line.find_first_not_of("[ \t");
        auto const end = line.find(']', std::min(begin, line.size()));
        if (begin == std::string_view::npos || end == std::string_view::npos || end == begin)
            return not_understood;
        auto const behind = std::min(line.find_first_not_of("] \t", end), line.size());
        auto const closing = line.substr(end, behind - end);
        if (!is_end_of_value(line.substr(behind))) return not_understood;
        auto const depth = static_cast<std::size_t>(std::ranges::count(line.substr(0, begin), '['));
        auto const closed = static_cast<std::size_t>(std::ranges::count(closing, ']'));
        if (depth != closed || depth > sections_.size() + 1 || depth > sections_max)
            return not_understood;
        sections_.resize(depth - 1);
        auto name = unquoted(trimmed(line.substr(begin, end - begin)));
        if (!read_.values_.try_emplace({path(), name}, config_value{{""}}).second) return twice;
        sections_.push_back(std::move(name));
        return {};
    }

    std::string setting(std::string_view line) {
        auto const quoted = is_quote(line.front());
        auto const behind = quoted ? line.find(line.front(), 1) : 0;
        auto const equals = line.find('=', std::min(behind, line.size()));
        if (equals == std::string_view::npos || equals == 0) return not_understood;
        auto const text = trimmed(line.substr(equals + 1));
        auto const is_long = text.starts_with("'''") || text.starts_with("\"\"\"");
        auto value = is_long ? long_value(text) : value_in(text);
        if (!value) {
            auto const has_quote = text.find_first_of("'\"") != std::string_view::npos;
            return has_quote ? "has a quote that is not closed" : "has a comma too many";
        }
        auto name = unquoted(trimmed(line.substr(0, equals)));
        auto const added = read_.values_.try_emplace({path(), std::move(name)}, std::move(*value));
        return added.second ? "" : twice;
    }

    // Nothing where it is not closed, or where more than a comment follows.
    std::optional<config_value> long_value(std::string_view text) {
        auto const quotes = text.substr(0, 3);
        std::string value;
        auto line = text.substr(3);
        auto end = line.find(quotes);
        while (end == std::string_view::npos) {
            if (rest_.empty()) return std::nullopt;
            value += std::string(line) + "\n";
            line = next_line();
            end = line.find(quotes);
        }
        if (!is_end_of_value(line.substr(end + 3))) return std::nullopt;
        return config_value{{value + std::string(line.substr(0, end))}};
    }

    std::string_view rest_;
    std::vector<std::string> sections_; // within each other
    config read_;
};

result<config> config::parse(std::string_view file) {
    if (is_utf8(file)) return config_parser(file).parse();
    return error{.kind = error_kind::configuration, .message = "it is not UTF-8"};
}

config_value const* config::find(std::string_view section, std::string_view name) const {
    auto const path = section.empty() ? std::string() : std::string(section) + "\n";
    auto const found = values_.find({path, std::string(name)});
    return found == values_.end() ? nullptr : &found->second;
}

bool config::has_section(std::string_view section) const { return find("", section) != nullptr; }

std::string config::text(std::string_view section, std::string_view name) const {
    auto const* const value = find(section, name);
    return value == nullptr || value->is_list ? std::string() : value->texts.front();
}

} // namespace acme_dns01::certificate
