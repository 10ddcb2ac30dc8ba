#pragma once

#include "support/signed_zone.hpp"

#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::test {

// What a scripted server does to questions for a name, and for all below it where the name begins
// with "**.".
struct caa_misbehaviour {
    std::string to;
    std::string type; // empty: any
    std::string what; // a response code, "silence", "truncated", ...
};

// One verdict that is known beforehand. Names are whole.
struct caa_case {
    std::string id;
    std::string why;
    std::string zone; // its own names lie in it; a zone by itself where `has_own_zone`
    bool has_own_zone = false;
    std::string domain; // what is asked about
    std::string issuer;
    std::string account;
    std::string method;
    std::vector<std::string> records; // lines of a zone file whose origin is the zone
    std::optional<signing> signed_how;
    bool is_scripted = false;
    std::vector<caa_misbehaviour> misbehaviours;
    std::string verdict;
    std::string found_at; // empty: nowhere
    std::string dnssec;   // empty: whatever
    std::string warning;  // part of one; empty: whatever
};

// From a file of tests/integration/data. Names there are short: "@" is the case's own zone.
std::vector<caa_case> read_caa_cases(std::string const& file);

} // namespace acme_dns01::test
