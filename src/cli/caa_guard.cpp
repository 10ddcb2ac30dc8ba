#include "cli/caa_guard.hpp"

#include "cli/caa_verdicts.hpp"

namespace acme_dns01::cli {

namespace {

// A verdict that does not come is a warning only: it is not to hold up the record for long.
constexpr std::chrono::seconds hook_patience{5};

// Where a client names only the record at an alias' end, nobody knows whose it is.
std::vector<std::string> domains_of(std::vector<challenge::dns01> const& challenges) {
    std::vector<std::string> domains;
    for (auto const& c : challenges) {
        if (c.domain != c.fqdn.text()) domains.push_back(c.domain);
    }
    return domains;
}

// Each domain twice, as it is and as a wildcard.
result<std::vector<caa::request>>
both_readings(caa::issuer const& by, std::vector<std::string> const& domains) {
    std::vector<caa::request> all;
    for (auto const& domain : domains) {
        auto request = caa::make_request(domain, by);
        if (!request) return request.error();
        request->wildcard = false;
        all.push_back(*request);
        request->wildcard = true;
        all.push_back(std::move(*request));
    }
    return all;
}

result<void> judged(session& s, checked const& plain, checked const& wildcard) {
    using caa::verdict;
    if (plain.decided.is == verdict::forbidden && wildcard.decided.is == verdict::forbidden) {
        return objection_of(plain);
    }
    if (plain.decided.is == verdict::error) {
        s.out().warning(objection_of(plain).message);
    }
    return {};
}

} // namespace

async_result<void> check_caa(session& s, std::vector<challenge::dns01> challenges) {
    auto const domains = domains_of(challenges);
    if (s.set().caa_issuer.empty() || domains.empty()) co_return result<void>();
    auto const by = caa::find_issuer(s.set().caa_issuer);
    if (!by) co_return by.error();
    auto requests = both_readings(*by, domains);
    if (!requests) co_return requests.error();
    auto const all = co_await verdicts(s, std::move(*requests), hook_patience);
    if (!all && all.error().kind == error_kind::dns_failure) {
        s.out().warning(
            "cannot determine whether CAA permits " + by->name + " to issue: " + all.error().text()
        );
        co_return result<void>();
    }
    if (!all) co_return all.error();
    if (!s.validator_note().empty()) s.out().note(s.validator_note());
    for (std::size_t i = 0; i + 1 < all->size(); i += 2) {
        auto const judgement = judged(s, (*all)[i], (*all)[i + 1]);
        if (!judgement) co_return judgement.error();
    }
    co_return result<void>();
}

} // namespace acme_dns01::cli
