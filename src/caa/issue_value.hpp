#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::caa {

struct parameter {
    std::string tag;
    std::string value;
    friend bool operator==(parameter const&, parameter const&) = default;
};

// The value of an issue or issuewild property (RFC 8659 4.2). One that does not match the grammar
// counts as one with an empty issuer, and `malformed` says in a few words where it went wrong.
struct issue_value {
    std::string issuer;
    std::vector<parameter> parameters;
    std::string malformed;
    friend bool operator==(issue_value const&, issue_value const&) = default;
};

// Where Let's Encrypt's grammar is not the RFC's.
struct issue_grammar {
    bool has_hyphens = false; // in a parameter's tag: the RFC lets them stand
    bool has_nameless = true; // parameters with an empty tag: the RFC does not let them stand
};

issue_value parse_issue_value(std::string_view text, issue_grammar grammar = {});

// `issuer; tag=value; tag=value`.
std::string to_string(issue_value const& v);

// labels of ASCII letters, digits and inner hyphens between dots.
bool is_issuer_domain_name(std::string_view text);

} // namespace acme_dns01::caa
