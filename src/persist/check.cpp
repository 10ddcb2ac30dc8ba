#include "persist/check.hpp"

#include "base/concurrent.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "persist/record.hpp"

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <utility>

namespace acme_dns01::persist {

BOOST_DESCRIBE_ENUM(
    verdict, error, missing, other_account, not_wildcard, expired, malformed, forbidden, valid
)

namespace {

constexpr std::size_t value_shown_max = 300;
constexpr std::size_t failure_shown_max = 300;

bool is_of(record const& r, question const& q) {
    if (!q.ca) return !r.issuer.empty();
    return std::ranges::count(q.ca->issuers, r.issuer) > 0;
}

// In the order in which Let's Encrypt asks: the first that does not hold names the reason.
verdict state_of(record const& r, question const& q, std::int64_t now) {
    if (!is_of(r, q)) return verdict::missing;
    if (!r.malformed.empty()) return verdict::malformed;
    if (q.who && !has_form(r.account_uri, *q.who)) return verdict::malformed;
    if (q.who && std::ranges::count(uris_taken(*q.who, q.domain), r.account_uri) == 0)
        return verdict::other_account;
    if (q.wildcard && !r.wildcard) return verdict::not_wildcard;
    if (r.until && now > *r.until) return verdict::expired;
    return verdict::valid;
}

struct candidate {
    record read;
    std::string value;
    verdict state = verdict::missing;
};

// Greater is nearer to what the CA takes.
std::pair<verdict, std::int64_t> nearness(candidate const& c) {
    return {c.state, c.read.until.value_or(std::numeric_limits<std::int64_t>::max())};
}

std::string place_of(question const& q) {
    auto const name = record_name(q.domain);
    return name ? name->text() : q.domain.text();
}

std::string names_proven(question const& q, record const& r) {
    auto const name = q.domain.text();
    return r.wildcard ? name + " and *." + name : name;
}

std::string end_of(record const& r) {
    return rfc3339(std::chrono::sys_seconds(std::chrono::seconds(r.until.value_or(0))));
}

std::string why_valid(question const& q, record const& r) {
    auto const whom = q.who ? " for this account" : "";
    auto const end = r.until ? " until " + end_of(r) : "";
    return "which proves " + names_proven(q, r) + " to " + r.issuer + whom + end;
}

std::string why(candidate const& c, question const& q) {
    auto const& r = c.read;
    switch (c.state) {
    case verdict::valid:
        return why_valid(q, r);
    case verdict::expired:
        return "which was good until " + end_of(r);
    case verdict::not_wildcard:
        return "which does not cover the wildcard: it has no policy=wildcard";
    case verdict::other_account:
        return "which is for an account other than " + printable(q.who->uri, value_shown_max);
    default:
        break;
    }
    if (!r.malformed.empty()) return "which is malformed: " + r.malformed;
    return "which is malformed: its accounturi is not " +
           printable(q.who->hash_prefix, value_shown_max) + "sha-256/ and a hash";
}

std::string reason_without(std::size_t count, question const& q) {
    auto const place = place_of(q);
    if (count == 0) return place + " has no TXT record";
    auto const found = place + " has " + counted(count, "TXT record") + ", ";
    auto const issuer = q.ca ? printable(q.ca->issuers.front(), value_shown_max) : "a CA";
    return found + (count == 1 ? "which does not name " : "none of which names ") + issuer;
}

// As narrow as what was asked for; a record that has ended gets an end again.
std::string command_for(question const& q, verdict state) {
    auto text = "acme-dns01 persist set " + shell_word(domain_of(q)) + " --issuer " +
                shell_word(q.ca->issuers.front()) + " --account-uri " + shell_word(q.who->uri);
    if (q.who->by == form::hash)
        text += " --form hash --hash-prefix " + shell_word(q.who->hash_prefix) + " --thumbprint " +
                q.who->thumbprint;
    if (state == verdict::expired) text += " --until 90d";
    return text + " --yes";
}

std::vector<candidate>
candidates_of(question const& q, std::vector<std::string> values, std::int64_t now) {
    std::ranges::sort(values);
    std::vector<candidate> all;
    for (auto& value : values) {
        auto read = parse_record(value);
        auto const state = state_of(read, q, now);
        all.push_back({std::move(read), std::move(value), state});
    }
    return all;
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch()
    )
        .count();
}

judgement judge_answer(question const& q, dns::validated const& answer) {
    if (!answer.failure.empty()) return judge_failure(q, answer);
    std::vector<std::string> values;
    for (auto const& rdata : answer.data) {
        auto text = text_of_rdata(rdata);
        if (text) values.push_back(std::move(*text));
    }
    return judge(q, std::move(values), now());
}

async_result<judgement>
look_up(services::resolvers& by, question const& q, clock::duration patience) {
    auto const name = record_name(q.domain);
    if (!name) co_return name.error();
    auto const resolver = co_await by.validating();
    if (!resolver) co_return resolver.error();
    dns::question const asked{*name, dns::record_type::txt};
    auto const answer = co_await (*resolver)->look_up(asked, patience);
    co_return judge_answer(q, answer);
}

boost::asio::awaitable<std::vector<result<judgement>>>
look_up_all(services::resolvers& by, std::vector<question> const& all, clock::duration patience) {
    std::vector<boost::asio::awaitable<result<judgement>>> tasks;
    for (auto const& q : all)
        tasks.push_back(look_up(by, q, patience));
    auto found = co_await all_at_once(std::move(tasks));
    co_return found;
}

bool asks_caa(question const& q) { return q.ca && q.who; }

std::vector<caa::request> requests_of(std::vector<question> const& questions) {
    std::vector<caa::request> requests;
    for (auto const& q : questions) {
        if (asks_caa(q)) requests.push_back({q.domain, q.wildcard, q.ca->by, q.who->uri, method});
    }
    return requests;
}

} // namespace

std::string_view to_string(verdict v) { return boost::describe::enum_to_string(v, ""); }

// Letter case matters in CAA records alone.
authority authority_of(caa::issuer by) {
    std::vector<std::string> issuers;
    std::ranges::transform(by.identities, std::back_inserter(issuers), lower);
    return {std::move(by), std::move(issuers)};
}

std::string domain_of(question const& q) { return (q.wildcard ? "*." : "") + q.domain.text(); }

judgement judge(question const& q, std::vector<std::string> values, std::int64_t now) {
    auto const all = candidates_of(q, std::move(values), now);
    judgement j{.is = verdict::missing, .reason = reason_without(all.size(), q)};
    for (auto const& c : all)
        j.records.push_back({c.value, c.state});
    auto const best = std::ranges::max_element(all, {}, nearness);
    if (best != all.end()) j.is = best->state;
    if (j.is != verdict::missing) {
        auto const value = in_quotes(best->value, value_shown_max);
        j.reason = place_of(q) + " has " + value + ", " + why(*best, q);
    }
    if (j.is == verdict::valid || j.is == verdict::expired) j.valid_until = best->read.until;
    if (j.is != verdict::valid && asks_caa(q)) j.advice = "run: " + command_for(q, j.is);
    return j;
}

judgement judge_with_caa(judgement found, caa::checked const& permission) {
    auto const& decided = permission.decided;
    auto const is_forbidden = decided.is == caa::verdict::forbidden;
    found.warnings = decided.warnings;
    if (found.is == verdict::error || decided.is == caa::verdict::permitted) return found;
    if (found.is != verdict::valid) {
        if (is_forbidden) found.reason += "; moreover, CAA forbids its use: " + decided.reason;
        return found;
    }
    found.is = is_forbidden ? verdict::forbidden : verdict::error;
    auto const what = is_forbidden ? ", but CAA forbids its use: " : ", but CAA has no answer: ";
    found.reason += what + decided.reason;
    found.advice = decided.advice;
    return found;
}

judgement judge_failure(question const& q, dns::validated const& answer) {
    auto const place = place_of(q);
    auto const failure = printable(answer.failure, failure_shown_max);
    judgement j{.is = verdict::error};
    if (answer.status == dns::dnssec::bogus) {
        j.reason = "the TXT answer for " + place + " fails DNSSEC validation: " + failure;
        j.advice = "fix DNSSEC at " + place + ": its signatures and its DS record";
    } else {
        j.reason = "the TXT look-up for " + place + " got no usable answer: " + failure;
        j.advice = "check the name servers of " + q.domain.text();
    }
    return j;
}

async_result<std::vector<checked>> check_all(
    services::resolvers& by, std::vector<question> questions, log notes, clock::duration patience
) {
    // Made once, before two want it.
    auto const resolver = co_await by.validating();
    if (!resolver) co_return resolver.error();
    auto records = look_up_all(by, questions, patience);
    auto permissions = caa::decide_all(by, requests_of(questions), notes, patience);
    auto const both = co_await both_at_once(std::move(records), std::move(permissions));
    auto const& [found, decided] = both;
    if (!decided) co_return decided.error();
    std::vector<checked> all;
    std::size_t next = 0;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (!found[i]) co_return found[i].error();
        auto j = *found[i];
        if (asks_caa(questions[i])) j = judge_with_caa(std::move(j), (*decided)[next++]);
        all.push_back({questions[i], std::move(j)});
    }
    co_return all;
}

} // namespace acme_dns01::persist
