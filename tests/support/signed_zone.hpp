#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace acme_dns01::test {

// A complete zone file: with $ORIGIN, $TTL and an SOA record before these lines. `zone` has no
// final dot, except for the root, ".".
std::string whole_zone_file(std::string const& zone, std::string const& lines, unsigned serial = 1);

// The state of a zone in DNSSEC: whether it has valid signatures, and whether the zone above has DS
// records for it.
enum class signing {
    good,
    nsec3,
    many_iterations, // of NSEC3
    ends_soon,       // its signatures, in two days
    expired,
    not_yet_valid,
    missing,        // no signatures, although the zone above has DS records
    missing_on_caa, // on the other records only
    altered,        // a CAA record differs from the signed one
    no_denial,      // nothing proves the absence of a name
    wrong_ds,
    unknown_algorithm, // in the DS record
    unknown_digest,    // in the DS record
    island,            // valid, without DS records above: cannot be validated
    none,              // unsigned, without DS records above
};

// By the words of test data: "good", "missing-on-caa". Throws std::invalid_argument.
signing signing_called(std::string_view text);

struct signed_zone {
    std::string file; // complete
    // DS records for the zone above, each after the zone's name; empty if it has none.
    std::string delegation_signer;
};

// With a key of its own, made by ldns' programs in the folder.
signed_zone sign_zone(
    std::filesystem::path const& folder,
    std::string const& zone,
    std::string const& lines,
    signing how
);

} // namespace acme_dns01::test
