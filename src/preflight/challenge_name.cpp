#include "preflight/challenge_name.hpp"

#include "base/text.hpp"
#include "digitalocean/client.hpp"
#include "preflight/servers.hpp"

#include <algorithm>

namespace acme_dns01::preflight {

using boost::asio::awaitable;
using dns::question;
using dns::record_type;
using enum check_id;
using texts = std::vector<std::string>;
using rows = std::vector<journal::entry>;

namespace {

constexpr std::size_t shown_max = 200;
constexpr std::size_t ids_shown_max = 5;

bool is_usable(dns::message const& m) {
    auto const is_final =
        m.code == dns::response_code::noerror || m.code == dns::response_code::nxdomain;
    return is_final && m.authoritative;
}

// The answer of a server with authority, if the question was asked at all.
std::optional<dns::message>
usable_answer(zone_facts const* zone, std::optional<question> const& asked) {
    auto const* const m = zone != nullptr && asked ? answer_to(*zone, *asked) : nullptr;
    return m != nullptr && is_usable(*m) ? std::optional(*m) : std::nullopt;
}

texts values_in(std::optional<dns::message> const& m) {
    texts values;
    if (!m) return values;
    for (auto const& r : m->answer)
        if (r.type == record_type::txt) values.push_back(r.data);
    return values;
}

texts all_in(std::optional<dns::message> const& m) {
    question const asked{{}, record_type::txt};
    return m ? data_for(*m, asked) : texts();
}

// A wildcard answers for every name, so for this one.
bool is_by_wildcard(std::optional<dns::message> const& m, challenge_facts const& f) {
    return !all_in(m).empty() && all_in(m) == all_in(f.sibling);
}

bool is_needed(std::string const& value, rows const& needed) {
    return std::ranges::count(needed, value, &journal::entry::value) > 0;
}

// Those that no run needs any more.
texts left_values(
    std::optional<dns::message> const& m, challenge_facts const& f, rows const& needed
) {
    auto values = is_by_wildcard(m, f) ? texts() : values_in(m);
    std::erase_if(values, [&](auto const& v) { return is_needed(v, needed); });
    return values;
}

awaitable<std::vector<digitalocean::record>>
records_at(services::accounts& all, dns::name zone, dns::name name) {
    std::vector<digitalocean::record> none;
    auto const account = all.for_name(zone);
    if (!account) co_return none;
    digitalocean::record_filter filter;
    filter.name = name;
    filter.type = "TXT";
    auto const found = co_await (*account)->api().list_all_records(zone, filter);
    co_return found ? *found : none;
}

// The command that removes the account's records with these values.
std::string removal_of(
    texts const& values,
    challenge_facts const& f,
    std::optional<dns::name> const& zone,
    dns::name const& at
) {
    std::string ids;
    std::size_t count = 0;
    for (auto const& r : f.leftovers) {
        auto const is_it = std::ranges::count(values, r.data) > 0 && count < ids_shown_max;
        if (!zone || !is_it) continue;
        ids += " --id " + zone->text() + "/" + std::to_string(r.id);
        ++count;
    }
    if (!ids.empty()) return "acme-dns01 cleanup" + ids;
    return "remove the TXT records of " + at.text() + " where that zone is hosted";
}

std::string shown_values(texts const& values) { return printable(joined(values, ", "), shown_max); }

void judge_wildcard(subject const& s, challenge_facts const& f, findings& found) {
    auto const& name = is_alias(s) ? end_of(s) : s.challenge;
    auto const is_alias_by_it = s.chain && s.chain->ends_at_wildcard;
    if (!is_by_wildcard(f.answer, f) && !is_alias_by_it) return;
    auto const above = "*." + name.parent().text();
    found.push_back(doubtful(
        challenge,
        "a wildcard above " + name.text() +
            " answers for it until its record is there: resolvers may remember that",
        above + " has " + shown_values(all_in(f.answer)),
        "remove the wildcard record " + above + ", or give it other types than TXT and CNAME"
    ));
}

void judge_values(subject const& s, challenge_facts const& f, rows const& needed, findings& found) {
    auto const values = left_values(f.answer, f, needed);
    if (values.empty()) return;
    found.push_back(doubtful(
        challenge,
        counted(values.size(), "value is", "values are") + " left behind at " + end_of(s).text(),
        shown_values(values),
        removal_of(values, f, s.zone, end_of(s))
    ));
}

void judge_doubled(
    subject const& s, challenge_facts const& f, rows const& needed, findings& found
) {
    auto const values = left_values(f.doubled, f, needed);
    if (values.empty()) return;
    auto const name = f.doubled->asked.asked;
    found.push_back(doubtful(
        challenge,
        "there is a TXT record at " + name.text() +
            ", where no CA looks: somebody gave the whole name of the record instead of " +
            s.challenge.relative_to(*home_of(s)),
        shown_values(values),
        removal_of(values, f, s.home_zone, name)
    ));
}

std::optional<finding> without_answer(subject const& s, challenge_facts const& f) {
    if (f.answer || !f.was_asked) return std::nullopt;
    return wrong(
        challenge,
        error_kind::dns_failure,
        "no name server answers for TXT of " + end_of(s).text() + " as it should",
        "they fail, or answer without authority, for this name alone",
        "ask the operator of the zone's name servers to correct it"
    );
}

// No record can be created where the aliases end.
std::optional<finding> unreachable_end(subject const& s) {
    if (!is_alias(s)) return std::nullopt;
    auto const chain = joined(dns::texts_of(s.chain->names), " -> ");
    if (s.barred) {
        auto barred = wrong(challenge, *s.barred, "change the alias");
        barred.evidence = chain;
        return barred;
    }
    if (!s.outside) return std::nullopt;
    auto const what = s.challenge.text() + " is an alias of " + end_of(s).text();
    auto outside = wrong(challenge, in_context(what, *s.outside), "change the alias");
    outside.evidence = chain;
    return outside;
}

finding all_well(subject const& s) {
    auto const name = s.challenge.text();
    if (!is_alias(s)) return well(challenge, name + " is no alias, and nothing is there");
    return well(
        challenge,
        name + " is an alias of " + end_of(s).text() + ", where nothing is yet",
        joined(dns::texts_of(s.chain->names), " -> ")
    );
}

} // namespace

std::optional<dns::name> doubled_name(dns::name const& challenge, dns::name const& zone) {
    auto const doubled = zone.child(challenge.text());
    return doubled ? std::optional(*doubled) : std::nullopt;
}

challenge_questions questions_about(subject const& s) {
    challenge_questions q{.at_end = {end_of(s), record_type::txt}};
    auto const sibling = dns::random_sibling(end_of(s));
    if (sibling != end_of(s)) q.beside = {sibling, record_type::txt};
    auto const home = home_of(s);
    auto const doubled = home ? doubled_name(s.challenge, *home) : std::nullopt;
    if (doubled) q.doubled = {*doubled, record_type::txt};
    return q;
}

challenge_facts
facts_in(challenge_questions const& asked, zone_facts const* home, zone_facts const* end) {
    challenge_facts f;
    if (end != nullptr) {
        if (auto const* const m = answer_to(*end, asked.at_end)) f.answer = *m;
        f.was_asked = std::ranges::any_of(end->servers, [&](server_facts const& server) {
            return server.answers.contains(asked.at_end);
        });
    }
    f.sibling = usable_answer(end, asked.beside);
    f.doubled = usable_answer(home, asked.doubled);
    return f;
}

awaitable<challenge_facts>
with_leftovers(services::accounts& all, subject const& s, challenge_facts f, rows const& needed) {
    if (s.zone && !left_values(f.answer, f, needed).empty())
        f.leftovers = co_await records_at(all, *s.zone, end_of(s));
    if (!s.home_zone || left_values(f.doubled, f, needed).empty()) co_return f;
    auto const more = co_await records_at(all, *s.home_zone, f.doubled->asked.asked);
    f.leftovers.insert(f.leftovers.end(), more.begin(), more.end());
    co_return f;
}

findings check_challenge(subject const& s, challenge_facts const& f, rows const& needed) {
    if (!s.chain && s.chain.error().kind == error_kind::zone_not_found)
        return {wrong(challenge, s.chain.error(), "change the aliases")};
    if (auto const unreachable = unreachable_end(s)) return {*unreachable};
    if (auto const silent = without_answer(s, f)) return {*silent};
    if (!f.answer) {
        constexpr auto why = "no name server of the zone answers";
        return {not_checked(challenge, why, s.chain ? servers : delegation)};
    }
    findings found;
    judge_wildcard(s, f, found);
    judge_values(s, f, needed, found);
    judge_doubled(s, f, needed, found);
    if (found.empty()) found.push_back(all_well(s));
    return found;
}

} // namespace acme_dns01::preflight
