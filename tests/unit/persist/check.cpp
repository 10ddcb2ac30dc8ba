#include "persist/check.hpp"

#include "base/text.hpp"
#include "support/caa_levels.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(persist_check)

using namespace acme_dns01;
using namespace acme_dns01::persist;

namespace {

using texts = std::vector<std::string>;

constexpr std::int64_t now = 1'795'000'000; // 2026-11-18T11:06:40Z
std::string const account_uri(test::production_account);
std::string const good = "letsencrypt.org; accounturi=" + account_uri;
std::string const other = "letsencrypt.org; accounturi=https://ca/other";
std::string const foreign = "ca.example; accounturi=https://ca/1";
std::string const set_it =
    "run: acme-dns01 persist set example.com --issuer letsencrypt.org --account-uri " +
    account_uri + " --yes";

question asked(bool wildcard = false) {
    question q{dns::name::parse("example.com").value(), wildcard};
    q.ca = authority_of(test::letsencrypt());
    q.who = account{account_uri};
    return q;
}

// "valid missing" for the records' states.
std::string states_of(judgement const& j) {
    texts states;
    for (auto const& r : j.records)
        states.emplace_back(to_string(r.state));
    return joined(states, " ");
}

std::string until(std::int64_t end) { return "; persistUntil=" + std::to_string(end); }

struct row {
    std::string what;
    bool wildcard;
    texts values;
    std::string verdict;
    std::string states; // in the order of the values sorted
};

caa::checked permission(caa::verdict is, std::string reason, std::string advice) {
    caa::decision decided{is, std::move(reason), std::move(advice), {}, {}, {}};
    return {test::asked("example.com"), {}, std::move(decided)};
}

judgement found(texts values) { return judge(asked(), std::move(values), now); }

} // namespace

BOOST_AUTO_TEST_CASE(records_are_judged_as_lets_encrypt_judges_them) {
    auto const wild = good + "; policy=wildcard";
    row const rows[]{
        {"no record", false, {}, "missing", ""},
        {"an empty one", false, {""}, "missing", "missing"},
        {"another CA's", false, {foreign}, "missing", "missing"},
        {"another CA's malformed one", false, {"ca.example;"}, "missing", "missing"},
        {"no issuer", false, {"; accounturi=" + account_uri}, "missing", "missing"},
        {"unparsable issuer", false, {"a b; accounturi=" + account_uri}, "missing", "missing"},
        {"a good one", false, {good}, "valid", "valid"},
        {"of the issuer in capitals",
         false,
         {"LETSENCRYPT.org.; accounturi=" + account_uri},
         "valid",
         "valid"},
        {"of the account in another case",
         false,
         {"letsencrypt.org; accounturi=HTTPS" + account_uri.substr(5)},
         "other_account",
         "other_account"},
        {"of another account", false, {other}, "other_account", "other_account"},
        {"of a longer URI", false, {good + "0"}, "other_account", "other_account"},
        {"for the wildcard", true, {wild}, "valid", "valid"},
        {"a wildcard's for the domain", false, {wild}, "valid", "valid"},
        {"none for the wildcard", true, {good}, "not_wildcard", "not_wildcard"},
        {"another policy", true, {good + "; policy=all"}, "not_wildcard", "not_wildcard"},
        {"at its very end", false, {good + until(now)}, "valid", "valid"},
        {"a second later", false, {good + until(now - 1)}, "expired", "expired"},
        {"at 0", false, {good + until(0)}, "expired", "expired"},
        {"before 1970", false, {good + until(-5)}, "expired", "expired"},
        {"account before wildcard", true, {other + until(1)}, "other_account", "other_account"},
        {"wildcard before end", true, {good + until(1)}, "not_wildcard", "not_wildcard"},
        {"malformed", false, {good + ";"}, "malformed", "malformed"},
        {"one good among all",
         true,
         {foreign, other, good, good + ";", wild, wild + until(1)},
         "valid",
         "missing not_wildcard malformed valid expired other_account"},
        {"malformed among bad ones",
         false,
         {other, good + ";", good + until(1)},
         "malformed",
         "malformed expired other_account"},
        {"the best reason",
         true,
         {other, good, wild + until(1)},
         "expired",
         "not_wildcard expired other_account"},
        {"several CAs", false, {foreign, good}, "valid", "missing valid"},
    };
    for (auto const& r : rows) {
        BOOST_TEST_CONTEXT(r.what) {
            auto const j = judge(asked(r.wildcard), r.values, now);
            BOOST_TEST(to_string(j.is) == r.verdict);
            BOOST_TEST(states_of(j) == r.states);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_hashed_form_takes_no_plain_uri) {
    auto q = asked();
    q.who->by = form::hash;
    q.who->hash_prefix = "https://ca/hash/";
    q.who->thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    std::string const begin = "letsencrypt.org; accounturi=https://ca/hash/sha-256/";
    auto const own = begin + account_hash("example.com", *q.who);
    auto const reusable = begin + account_hash("*", *q.who);
    auto const elsewhere = begin + account_hash("www.example.com", *q.who);
    struct {
        std::string value;
        std::string verdict;
    } const rows[]{
        {own, "valid"},
        {reusable, "valid"},
        {elsewhere, "other_account"},
        {good, "malformed"},
        {begin, "malformed"},
        {begin + "short", "malformed"},
    };
    for (auto const& r : rows)
        BOOST_TEST(to_string(judge(q, {r.value}, now).is) == r.verdict, r.value);
    BOOST_TEST(
        judge(q, {good}, now).reason == "_validation-persist.example.com has '" + good +
                                            "', which is malformed: its accounturi is not "
                                            "https://ca/hash/sha-256/ and a hash"
    );
    BOOST_TEST(
        judge(q, {}, now).advice ==
        "run: acme-dns01 persist set example.com --issuer letsencrypt.org --account-uri " +
            account_uri +
            " --form hash --hash-prefix https://ca/hash/ --thumbprint "
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --yes"
    );
}

BOOST_AUTO_TEST_CASE(every_verdict_names_the_record_and_its_reason) {
    std::string const at = "_validation-persist.example.com has ";
    struct {
        texts values;
        std::string reason;
        std::string advice;
    } const rows[]{
        {{}, at + "no TXT record", set_it},
        {{foreign}, at + "1 TXT record, which does not name letsencrypt.org", set_it},
        {{foreign, "x"}, at + "2 TXT records, none of which names letsencrypt.org", set_it},
        {{good},
         at + "'" + good + "', which proves example.com to letsencrypt.org for this account",
         ""},
        {{good + "; policy=wildcard" + until(now + 5)},
         at + "'" + good +
             "; policy=wildcard; persistUntil=1795000005', which proves example.com "
             "and *.example.com to letsencrypt.org for this account until 2026-11-18T11:06:45Z",
         ""},
        {{other},
         at + "'" + other + "', which is for an account other than " + account_uri,
         set_it},
        {{good + until(now - 40)},
         at + "'" + good + "; persistUntil=1794999960', which was good until 2026-11-18T11:06:00Z",
         set_it.substr(0, set_it.size() - 5) + "--until 90d --yes"},
        {{good + ";"},
         at + "'" + good + ";', which is malformed: it has an empty parameter",
         set_it},
    };
    for (auto const& r : rows) {
        auto const j = judge(asked(), r.values, now);
        BOOST_TEST(j.reason == r.reason);
        BOOST_TEST(j.advice == r.advice);
    }
    auto const wildcard = judge(asked(true), {good}, now);
    BOOST_TEST(
        wildcard.reason ==
        at + "'" + good + "', which does not cover the wildcard: it has no policy=wildcard"
    );
    BOOST_TEST(wildcard.advice.starts_with("run: acme-dns01 persist set '*.example.com' "));
}

BOOST_AUTO_TEST_CASE(the_end_is_that_of_the_record_that_is_good_for_longest) {
    using end = std::optional<std::int64_t>;
    BOOST_TEST((found({}).valid_until == end()));
    BOOST_TEST((found({good}).valid_until == end()));
    BOOST_TEST((found({good + until(now + 9), good + until(now + 5)}).valid_until == end(now + 9)));
    BOOST_TEST((found({good + until(now + 9), good}).valid_until == end()));
    BOOST_TEST((found({good + until(now - 9), good + until(now - 5)}).valid_until == end(now - 5)));
    BOOST_TEST((found({good + ";", good + until(now - 5)}).valid_until == end()));
}

BOOST_AUTO_TEST_CASE(without_a_ca_and_an_account_any_record_may_be_good) {
    question const q{dns::name::parse("example.com").value()};
    auto const j = judge(q, {foreign, good + ";", good + until(1), "v=spf1 -all"}, now);
    BOOST_TEST(states_of(j) == "valid malformed expired missing");
    BOOST_TEST(to_string(j.is) == "valid");
    BOOST_TEST(
        j.reason == "_validation-persist.example.com has '" + foreign +
                        "', which proves example.com to ca.example"
    );
    auto const none = judge(q, {"v=spf1 -all"}, now);
    BOOST_TEST(
        none.reason == "_validation-persist.example.com has 1 TXT record, which does not name a CA"
    );
    BOOST_TEST(none.advice == "");
}

BOOST_AUTO_TEST_CASE(a_good_record_is_of_no_use_against_caa) {
    using enum caa::verdict;
    auto const forbids = permission(forbidden, "CAA says no", "change CAA");
    auto const fails = permission(caa::verdict::error, "SERVFAIL", "look at it");
    auto const ok = judge_with_caa(found({good}), permission(permitted, "yes", ""));
    BOOST_TEST((ok.is == verdict::valid));
    auto const useless = judge_with_caa(found({good + until(now)}), forbids);
    BOOST_TEST((useless.is == verdict::forbidden));
    BOOST_TEST(
        useless.reason ==
        found({good + until(now)}).reason + ", but CAA forbids its use: CAA says no"
    );
    BOOST_TEST(useless.advice == "change CAA");
    BOOST_TEST(useless.valid_until.value() == now);
    BOOST_TEST(states_of(useless) == "valid");
    auto const unknown = judge_with_caa(found({good}), fails);
    BOOST_TEST((unknown.is == verdict::error));
    BOOST_TEST(unknown.reason == found({good}).reason + ", but CAA has no answer: SERVFAIL");
    BOOST_TEST(unknown.advice == "look at it");
}

BOOST_AUTO_TEST_CASE(beside_another_verdict_caa_is_mentioned) {
    auto const forbids = permission(caa::verdict::forbidden, "CAA says no", "change CAA");
    auto const none = judge_with_caa(found({}), forbids);
    BOOST_TEST((none.is == verdict::missing));
    BOOST_TEST(
        none.reason == "_validation-persist.example.com has no TXT record; moreover, CAA forbids "
                       "its use: CAA says no"
    );
    BOOST_TEST(none.advice == set_it);
    auto const fails = permission(caa::verdict::error, "SERVFAIL", "");
    BOOST_TEST(judge_with_caa(found({}), fails).reason == found({}).reason);
}

BOOST_AUTO_TEST_CASE(a_failed_look_up_is_an_error_and_no_missing_record) {
    dns::validated answer;
    answer.failure = "SERVFAIL: no name server gave a usable answer";
    auto const silent = judge_failure(asked(), answer);
    BOOST_TEST((silent.is == verdict::error));
    BOOST_TEST(
        silent.reason ==
        "the TXT look-up for _validation-persist.example.com got no usable answer: "
        "SERVFAIL: no name server gave a usable answer"
    );
    BOOST_TEST(silent.advice == "check the name servers of example.com");
    answer.failure = "signature expired";
    answer.status = dns::dnssec::bogus;
    auto const bogus = judge_failure(asked(), answer);
    BOOST_TEST(
        bogus.reason == "the TXT answer for _validation-persist.example.com fails DNSSEC "
                        "validation: signature expired"
    );
    BOOST_TEST(
        bogus.advice ==
        "fix DNSSEC at _validation-persist.example.com: its signatures and its DS record"
    );
    BOOST_TEST(silent.records.empty());
}

BOOST_AUTO_TEST_SUITE_END()
