#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace acme_dns01::test {

// A zone file as a whole: with $ORIGIN, $TTL and an SOA record before these lines. `zone` has no
// final dot but for the root, ".".
std::string whole_zone_file(std::string const& zone, std::string const& lines, unsigned serial = 1);

// What DNSSEC has to say to a zone: whether its signatures are there and good, and whether the zone
// above vouches for it.
enum class signing {
    good,
    nsec3,
    expired,
    not_yet_valid,
    missing,        // no signatures, though the zone above says that there are
    missing_on_caa, // on the others alone
    altered,        // a CAA record that is not the one that was signed
    no_denial,      // nothing proves what is not there
    wrong_ds,
    unknown_algorithm, // in the DS record
    unknown_digest,    // in the DS record
    island,            // good, and the zone above says nothing: not to be validated
    none,              // and the zone above says so
};

// By the words of test data: "good", "missing-on-caa". Throws std::invalid_argument.
signing signing_called(std::string_view text);

struct signed_zone {
    std::string file; // whole
    // For the zone above, with the zone's name in front; empty where it has none.
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
