#pragma once

#include "support/signed_zone.hpp"

#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::test {

// The reaction of a scripted server to questions for a name, or for all names below it if it begins
// with "**.".
struct caa_misbehaviour {
    std::string to;
    std::string type; // empty: any
    std::string what; // a response code, "silence", "truncated", ...
};

// One case with the expected verdict. Names are absolute.
struct caa_case {
    std::string id;
    std::string why;
    std::string zone; // its own names lie in it; a zone of its own if `has_own_zone`
    bool has_own_zone = false;
    std::string domain; // the domain in question
    std::string issuer;
    std::string account;
    std::string method;
    std::vector<std::string> records; // lines of a zone file whose origin is the zone
    std::optional<signing> signed_how;
    bool is_scripted = false;
    std::vector<caa_misbehaviour> misbehaviours;
    std::string verdict;
    std::string found_at; // empty: nowhere
    std::string dnssec;   // empty: any
    std::string warning;  // part of one; empty: any
};

// From a file of tests/integration/data. Names there are short: "@" is the case's own zone.
std::vector<caa_case> read_caa_cases(std::string const& file);

} // namespace acme_dns01::test
