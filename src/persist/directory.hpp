#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::persist {

// Members of an ACME directory's `meta` that are about dns-persist-01.
struct directory_meta {
    std::vector<std::string> caa_identities; // caaIdentities (RFC 8555 7.1.1)
    std::vector<std::string> issuer_names; // issuerDomainNames (draft -02); empty if not announced
    std::string hash_prefix;               // accountHashPrefix (draft -02); empty likewise
    friend bool operator==(directory_meta const&, directory_meta const&) = default;
};

constexpr std::size_t issuer_names_max = 10;
constexpr std::size_t hash_prefix_max = 255; // bytes

// From the directory's JSON. error_kind::bad_answer for anything but a directory, and for members
// that break the draft's rules. The message does not say whose it was.
result<directory_meta> meta_in(std::string_view directory);

// True for a text that, with "sha-256/" and a hash behind it, is a URI.
bool is_hash_prefix(std::string_view text);

} // namespace acme_dns01::persist
