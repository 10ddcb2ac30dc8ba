#include "preflight/subject.hpp"

#include "caa/decision.hpp"

#include <algorithm>

namespace acme_dns01::preflight {

result<std::vector<subject>> subjects_of(std::vector<std::string> const& domains) {
    std::vector<subject> all;
    for (auto const& given : domains) {
        auto const read = caa::make_request(given, {});
        if (!read) return read.error();
        subject s;
        s.given = given;
        s.base = read->domain;
        s.is_wildcard = read->wildcard;
        auto const challenge = s.base.child("_acme-challenge");
        if (!challenge) return challenge.error();
        s.challenge = *challenge;
        auto const is_same = [&](subject const& other) {
            return other.base == s.base && other.is_wildcard == s.is_wildcard;
        };
        if (std::ranges::none_of(all, is_same)) all.push_back(std::move(s));
    }
    return all;
}

std::string shown_domain(std::string const& given) {
    auto const is_ascii =
        std::ranges::all_of(given, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    auto const read = is_ascii ? error() : caa::make_request(given, {});
    return read ? caa::domain_of(*read) : given;
}

dns::name const& end_of(subject const& s) { return s.chain ? s.chain->names.back() : s.challenge; }

bool is_alias(subject const& s) { return s.chain && s.chain->names.size() > 1; }

std::optional<dns::name> home_of(subject const& s) {
    return s.home_zone ? s.home_zone : s.public_home;
}

} // namespace acme_dns01::preflight
