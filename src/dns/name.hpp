#pragma once

#include "base/error.hpp"

#include <chrono>
#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

// A domain name as the DNS compares it: lower case, A-labels, without the final dot. Labels are
// whole: "badexample.com" is not within "example.com". Default-constructed it is the root.
class name {
public:
    name() = default;

    // From presentation format, with or without the final dot; U-labels become A-labels
    // (IDNA 2008 with UTS 46 mapping). Labels hold letters, digits, '-', '_' and, as the whole of
    // the first one, '*'; at most 63 bytes each and 253 in all (RFC 1035 2.3.4). error_kind::usage.
    static result<name> parse(std::string_view text);

    // Without the final dot; the root is ".".
    std::string text() const { return text_.empty() ? "." : text_; }
    // With the final dot, as the API and zone files want absolute names.
    std::string absolute() const { return text_ + "."; }

    bool is_root() const { return text_.empty(); }
    // Its last label is a number, as an IPv4 address' is and no top-level domain's (RFC 3696 2).
    bool ends_in_number() const;
    std::size_t label_count() const;
    // The name without its first label; the root's parent is the root.
    name parent() const;
    // This name itself, its parent, and so on up to, and without, the root.
    std::vector<name> climb() const;
    // True for the zone itself and for everything below it.
    bool is_within(name const& zone) const;
    // As a record of the zone is called: "www" or, for the zone's own name, "@".
    // Only for a name within the zone.
    std::string relative_to(name const& zone) const;
    // "<label>.<this>"; fails where that gets too long. The label is taken as it is.
    result<name> child(std::string_view label) const;

    friend bool operator==(name const&, name const&) = default;
    friend std::strong_ordering operator<=>(name const&, name const&) = default;

private:
    explicit name(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// The full name of the record that its zone calls `relative`: "@" is the zone itself, a
// name with a final dot is absolute already.
result<name> absolute_name(std::string_view relative, name const& zone);

// For messages: "example.com", "the root zone".
std::string shown(name const& of_zone);

std::vector<std::string> texts_of(std::vector<name> const& names);

// The zones of an account, as they were at some moment.
struct zone_list {
    std::vector<name> zones;
    bool is_complete = true; // false: the account has too many to list, and `zones` is empty
    std::chrono::system_clock::time_point since{};
};

} // namespace acme_dns01::dns
