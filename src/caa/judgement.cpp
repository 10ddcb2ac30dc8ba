#include "caa/judgement.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace acme_dns01::caa {

namespace {

bool mentions(property const& p, issuer const& by) {
    auto const value = lower(p.value);
    return std::ranges::any_of(by.identities, [&](auto const& identity) {
        return value.find(identity) != std::string::npos;
    });
}

// Greater is nearer. Of those that permit, one for any account before one for an account, which may
// be another; of those that do not name the CA, one that was probably meant to.
std::pair<int, bool> nearness(property const& p, request const& r, reading const& as) {
    auto const is = standing_of(p, r, as);
    auto const preferred =
        is == standing::authorized ? !has_parameter(p, account_parameter) : mentions(p, r.by);
    if (is < standing::names_another && preferred)
        return {static_cast<int>(standing::names_another), true};
    return {static_cast<int>(is), preferred};
}

} // namespace

judgement judge(std::vector<property> const& records, request const& r, reading const& as) {
    using rule = judgement::rule;
    auto const f = filter(records, as);
    if (!f.critical_unknown.empty()) return {rule::critical, {}, f.critical_unknown.front()};
    auto speaking = select(f, r.wildcard);
    if (speaking.records.empty()) return {rule::unrestricted, speaking, &records.front()};
    auto const nearest = *std::ranges::max_element(speaking.records, {}, [&](property const* p) {
        return nearness(*p, r, as);
    });
    auto const is = standing_of(*nearest, r, as);
    auto const by = is == standing::authorized ? rule::authorized : rule::unauthorized;
    return {by, std::move(speaking), nearest, is};
}

} // namespace acme_dns01::caa
