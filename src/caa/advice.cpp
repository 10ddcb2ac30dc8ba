#include "caa/advice.hpp"

#include "base/text.hpp"

#include <array>

namespace acme_dns01::caa {

namespace {

constexpr std::size_t account_length_max = 300;

struct pins {
    bool account = false;
    bool method = false;
};

// As narrow as the record that came nearest.
pins pins_of(request const& r, judgement const& j) {
    if (j.is < standing::account_impossible) return {};
    return {
        .account = !r.account_uri.empty() && has_parameter(*j.record, account_parameter),
        .method = has_parameter(*j.record, method_parameter),
    };
}

std::string command_for(request const& r, pins narrow) {
    auto text = "acme-dns01 caa allow " + shell_word(domain_of(r)) + " --issuer " +
                (r.by.identities.empty() ? r.by.name : r.by.identities.front());
    if (narrow.account)
        text += " --account-uri " + shell_word(printable(r.account_uri, account_length_max));
    if (narrow.method) text += " --method " + shell_word(printable(r.method, account_length_max));
    return text;
}

// Words of resolvers and servers, in lower case, and what the user can do about them.
struct remedy {
    std::string_view word;
    std::string_view advice;
};

constexpr std::array remedies{
    remedy{
        "servfail",
        "most often DNSSEC is broken, else its name servers are out of order or "
        "answer nonsense to questions for CAA: ask each for CAA"},
    remedy{
        "timeout",
        "something in front of its name servers drops questions for CAA: compare "
        "with questions for A and SOA"},
    remedy{
        "timed out",
        "something in front of its name servers drops questions for CAA: compare "
        "with questions for A and SOA"},
    remedy{
        "refused",
        "its name servers have to answer NOERROR without records to questions for "
        "types they do not know"},
    remedy{
        "notimp",
        "its name servers have to answer NOERROR without records to questions for "
        "types they do not know"},
    remedy{
        "formerr",
        "its name servers have to answer NOERROR without records to questions for "
        "types they do not know"},
    remedy{"truncated", "open TCP port 53 of its name servers, or publish fewer records"},
};

} // namespace

std::string advice_on_judgement(request const& r, level const& l, judgement const& j) {
    auto const record = shown(*j.record);
    auto const place = owner_of(l).text();
    if (j.by == judgement::rule::critical) {
        return "remove " + record + " at " + place + ", or publish it with flags 0";
    }
    auto const narrow = pins_of(r, j);
    property const wanted{
        0, std::string(j.speaking.tag), permitting_value(r, narrow.account, narrow.method)};
    return "add " + shown(wanted) + " at " + place + ", as this does: " + command_for(r, narrow);
}

std::string advice_on_failure(level const& l) {
    auto const place = owner_of(l).text();
    if (l.dnssec == dns::dnssec::bogus) {
        return "fix DNSSEC at " + place +
               ": its signatures, its DS record, and the proof that there is no CAA record";
    }
    auto const failure = lower(l.failure);
    for (auto const& r : remedies) {
        if (failure.find(r.word) != std::string::npos)
            return "look after " + place + ": " + std::string(r.advice);
    }
    return "look after " + place +
           ": its name servers may be wrongly delegated, out of reach or out of order";
}

std::string advice_on_missing_top(level const& l) {
    return "check the spelling of the domain: there is no top-level domain " + l.node.text();
}

} // namespace acme_dns01::caa
