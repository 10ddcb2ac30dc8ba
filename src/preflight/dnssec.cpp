#include "preflight/dnssec.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <ctime>
#include <set>

namespace acme_dns01::preflight {

using enum check_id;
using dns::record_type;
using moment = std::chrono::system_clock::time_point;
using signers = std::vector<delegation_signer>;

namespace {

signers signers_of(zone_facts const& f) {
    signers all;
    for (auto const& rdata : f.ds.data) {
        if (auto const ds = delegation_signer_in(rdata)) all.push_back(*ds);
    }
    return all;
}

std::string to_string(delegation_signer const& ds) {
    return "DS " + std::to_string(ds.key_tag) + " with algorithm " + std::to_string(ds.algorithm) +
           " and digest " + std::to_string(ds.digest_type);
}

std::string text_of(signers const& all) {
    std::vector<std::string> texts;
    for (auto const& ds : all)
        texts.push_back(to_string(ds));
    return joined(texts, ", ");
}

std::size_t keys_in(zone_facts const& f) {
    return f.keys ? data_of(f.keys->answer, record_type::dnskey, f.zone).size() : 0;
}

bool has_keys_of(zone_facts const& f, signers const& all) {
    auto const keys =
        f.keys ? data_of(f.keys->answer, record_type::dnskey, f.zone) : std::vector<std::string>();
    return std::ranges::any_of(keys, [&](std::string const& key) {
        auto const fields = split(key, " ");
        return std::ranges::any_of(all, [&](delegation_signer const& ds) {
            return fields.size() > 2 && fields[2] == std::to_string(ds.algorithm);
        });
    });
}

std::string remove_signers(zone_facts const& f) {
    return "remove the DS records of " + f.zone.text() +
           " at its registrar, or have its name servers sign the zone: DigitalOcean's do not sign";
}

finding bogus(zone_facts const& f, signers const& all) {
    auto const zone = f.zone.text();
    auto const why = printable(f.soa.failure, evidence_max);
    auto const is_bogus = "validators refuse all answers of " + zone + ": ";
    if (!all.empty() && f.keys && keys_in(f) == 0) {
        return wrong(
            dnssec,
            error_kind::dns_failure,
            is_bogus + "there are DS records for it, and it is not signed",
            text_of(all) + "; " + why,
            remove_signers(f)
        );
    }
    auto const end = f.signed_soa ? earliest_end(*f.signed_soa) : std::nullopt;
    if (end && *end < std::chrono::system_clock::now()) {
        return wrong(
            dnssec,
            error_kind::dns_failure,
            is_bogus + "its signatures ended on " + utc_time(*end),
            why,
            "sign the zone again, and have its signer do so before the signatures end"
        );
    }
    return wrong(
        dnssec,
        error_kind::dns_failure,
        is_bogus + "its signatures are not valid",
        why.empty() ? text_of(all) : why,
        "make the DS records at the registrar fit the zone's keys, and sign the zone again"
    );
}

void judge_signers(zone_facts const& f, signers const& all, findings& found) {
    if (std::ranges::any_of(all, is_supported)) return;
    found.push_back(doubtful(
        dnssec,
        "the DS records of " + f.zone.text() +
            " have algorithms or digests that validators do not take: it counts as unsigned",
        text_of(all),
        "sign it with algorithm 13 or 8, and give the registrar a DS record with digest 2"
    ));
}

void judge_ends(zone_facts const& f, moment now, findings& found) {
    std::optional<moment> first;
    for (auto const* m : {&f.keys, &f.signed_soa, &f.nsec3}) {
        auto const end = *m ? earliest_end(**m) : std::nullopt;
        if (end && (!first || *end < *first)) first = end;
    }
    if (!first || *first > now + short_life) return;
    found.push_back(doubtful(
        dnssec,
        "signatures of " + f.zone.text() + " end within three days",
        "the first ends on " + utc_time(*first),
        "find out why the zone's signer has not renewed them yet"
    ));
}

void judge_iterations(zone_facts const& f, findings& found) {
    if (!f.nsec3) return;
    for (auto const& data : data_of(f.nsec3->answer, record_type::nsec3param, f.zone)) {
        auto const fields = split(data, " ");
        auto const count = fields.size() > 2 ? number_in<unsigned>(fields[2]) : std::nullopt;
        if (!count || *count <= iterations_max) continue;
        found.push_back(doubtful(
            dnssec,
            f.zone.text() + " has too many NSEC3 iterations: many validators count it as unsigned",
            "NSEC3PARAM " + data,
            "set the iterations to 0 (RFC 9276 3.1)"
        ));
    }
}

void judge_keys(zone_facts const& f, signers const& all, bool validates, findings& found) {
    if (validates || !f.keys) return;
    auto const zone = f.zone.text();
    if (has_keys_of(f, all)) {
        found.push_back(doubtful(
            dnssec,
            "the signatures of " + zone + " were not checked, because the resolver passes none on",
            text_of(all),
            "name a resolver that does with --resolver, or leave it out to ask from the root"
        ));
        return;
    }
    found.push_back(bogus(f, all));
}

// It works today: the challenge record will exist. Until then, and below it, a resolver needs
// proofs.
void judge_denial(zone_facts const& f, findings& found) {
    if (!f.denial || f.denial->status != dns::dnssec::bogus) return;
    found.push_back(doubtful(
        dnssec,
        "validators refuse the answer that a name of " + f.zone.text() + " does not exist",
        printable(f.denial->failure, evidence_max),
        "sign the zone again: its NSEC or NSEC3 records, or their signatures, are not right"
    ));
}

finding no_answer(zone_facts const& f) {
    return not_checked(dnssec, "the resolver has no answer for " + f.zone.text(), delegation);
}

} // namespace

std::optional<delegation_signer> delegation_signer_in(std::vector<std::uint8_t> const& rdata) {
    constexpr std::size_t head = 4;
    if (rdata.size() <= head) return std::nullopt;
    auto const tag = static_cast<std::uint16_t>(rdata[0] << 8U | rdata[1]);
    return delegation_signer{tag, rdata[2], rdata[3]};
}

bool is_supported(delegation_signer const& ds) {
    constexpr std::uint8_t algorithms[]{5, 7, 8, 10, 13, 14, 15, 16};
    constexpr std::uint8_t digests[]{1, 2, 4};
    return std::ranges::count(algorithms, ds.algorithm) > 0 &&
           std::ranges::count(digests, ds.digest_type) > 0;
}

std::optional<moment> earliest_end(dns::message const& m) {
    constexpr std::size_t end_field = 4;
    std::optional<moment> first;
    for (auto const& r : m.answer) {
        auto const fields = split(r.data, " ");
        if (r.type != record_type::rrsig || fields.size() <= end_field) continue;
        std::tm parts{};
        auto const* const rest = ::strptime(fields[end_field].c_str(), "%Y%m%d%H%M%S", &parts);
        if (rest == nullptr || *rest != '\0') continue;
        auto const end = std::chrono::system_clock::from_time_t(::timegm(&parts));
        if (!first || end < *first) first = end;
    }
    return first;
}

findings check_dnssec(zone_facts const& f, bool validates, moment now) {
    auto const all = signers_of(f);
    if (f.soa.status == dns::dnssec::bogus || f.ds.status == dns::dnssec::bogus)
        return {bogus(f, all)};
    if (!f.soa.failure.empty() && f.ds.data.empty()) return {no_answer(f)};
    if (all.empty())
        return {well(dnssec, f.zone.text() + " is not signed", "there are no DS records for it")};
    findings found;
    judge_signers(f, all, found);
    judge_ends(f, now, found);
    judge_iterations(f, found);
    judge_denial(f, found);
    judge_keys(f, all, validates, found);
    if (!found.empty()) return found;
    return {well(
        dnssec,
        "the signatures of " + f.zone.text() + " are valid, for three days at least",
        text_of(all)
    )};
}

findings check_climb(std::vector<caa::level> const& climb) {
    auto const* const l = caa::deciding_level(climb);
    if (l == nullptr || l->dnssec != dns::dnssec::bogus) return {};
    auto const name = l->node.text();
    return {wrong(
        dnssec,
        error_kind::dns_failure,
        "validators refuse the answer for CAA of " + name,
        printable(l->failure, evidence_max),
        "sign the zone of " + name +
            " again: it lacks valid signatures, or proofs that there are no such records"
    )};
}

} // namespace acme_dns01::preflight
