#pragma once

#include "base/error.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acme_dns01::certificate {

// A value of a ConfigObj file: a text, or a list of texts where it has a comma.
struct config_value {
    std::vector<std::string> texts;
    bool is_list = false;
};

// A file as Python's ConfigObj 5 reads it, the library of certbot: quotes, values of several lines
// in triple quotes, lists, sections within sections, comments. References to other values
// (%(name)s) are kept as they stand.
class config {
public:
    // error_kind::configuration with the first reason for which ConfigObj refuses the file, a text
    // that is not UTF-8 among them.
    static result<config> parse(std::string_view file);

    // nullptr if the setting is missing. Settings outside sections are in section "".
    config_value const* find(std::string_view section, std::string_view name) const;
    bool has_section(std::string_view section) const;
    // Empty for a missing setting and for a list.
    std::string text(std::string_view section, std::string_view name) const;

private:
    // By the path to the section, with a newline behind each name, and the setting. A section is a
    // setting of the one that it is in.
    std::map<std::pair<std::string, std::string>, config_value> values_;
    friend class config_parser;
};

} // namespace acme_dns01::certificate
