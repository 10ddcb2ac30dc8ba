#include "base/text.hpp"
#include "challenge/undo.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/caa_report.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace acme_dns01::cli {

namespace json = boost::json;

namespace {

error no_issuer() {
    return {
        .kind = error_kind::usage,
        .message = "no CA was named",
        .hint = "name it with --issuer, such as letsencrypt.org, or give its ACME --directory",
    };
}

// The token is not sent to a CA.
async_result<net::response> get(invocation& call, net::base_url url) {
    auto proxy = net::proxy_for(url, call.env);
    if (!proxy) co_return proxy.error();
    net::https_client client(call.executor, url, call.set.trust, std::move(*proxy));
    net::request asked;
    asked.method = "GET";
    asked.target = url.prefix.empty() ? "/" : "";
    secret const nothing;
    auto const until = deadline::in(call.set.deadline);
    auto answer = co_await client.exchange(asked, nothing, until);
    co_return answer;
}

// The hints of these three failures fit any server; all others are about the API.
error about_directory(std::string_view what, error cause) {
    auto failure = in_context(what, std::move(cause));
    auto const is_passing = failure.kind == error_kind::no_answer ||
                            failure.kind == error_kind::too_slow ||
                            failure.kind == error_kind::untrusted;
    if (!is_passing) failure.hint = directory_hint;
    return failure;
}

error bad_status(std::string const& what, unsigned status) {
    auto const is_passing = status == 429 || status >= 500;
    auto const passing = status == 429 ? error_kind::rate_limited : error_kind::server_error;
    return {
        .kind = is_passing ? passing : error_kind::bad_answer,
        .message = what + " answered with status " + std::to_string(status),
        .hint = is_passing ? "try again later" : "find the directory in the CA's documentation",
    };
}

async_result<caa::issuer> issuer_at(invocation& call, net::base_url url) {
    auto const what = "the ACME directory " + url.origin() + url.prefix;
    auto const answer = co_await get(call, url);
    if (!answer) co_return about_directory(what, answer.error());
    if (answer->status != 200) co_return bad_status(what, answer->status);
    auto const identities = caa::identities_in(answer->body);
    if (!identities) co_return about_directory(what, identities.error());
    auto found = caa::issuer_of_directory(url.host, *identities);
    co_return found;
}

template <class T>
void print(invocation& call, std::vector<T> const& all) {
    std::vector<std::string> lines;
    json::array results;
    for (auto const& one : all) {
        std::ranges::move(lines_for(one), std::back_inserter(lines));
        results.push_back(to_json(one));
    }
    json::object const machine{{"results", std::move(results)}};
    call.out.result(lines, machine);
}

// Once each, with the first domain that it is about. Among results for people they stand already.
void warn(invocation& call, std::vector<caa::checked> const& all) {
    std::map<std::string, std::vector<std::string>> domains; // by sentence
    for (auto const& c : all) {
        for (auto const& sentence : c.decided.warnings)
            domains[sentence].push_back(caa::domain_of(c.asked));
    }
    for (auto const& [sentence, of] : domains) {
        auto const more = of.size() == 1 ? "" : " and " + counted(of.size() - 1, "other");
        call.out.warning(of.front() + more + ": " + sentence);
    }
}

result<std::vector<dns::name>> domains_in(arguments const& given) {
    std::vector<dns::name> domains;
    for (auto const& text : given) {
        auto request = caa::make_request(text, {});
        if (!request) return request.error();
        if (std::ranges::count(domains, request->domain) == 0) domains.push_back(request->domain);
    }
    return domains;
}

json::object change_json(invocation const& call, dns::name const& zone, caa::change const& c) {
    auto machine = to_json(c);
    machine["zone"] = zone.text();
    machine["applied"] = call.set.yes && !c.added.empty();
    return machine;
}

using digitalocean::record_fields;
using made_records = std::vector<std::int64_t>;

result<record_fields>
fields_of(caa::property const& p, caa::change const& c, dns::name const& zone) {
    record_fields fields;
    fields.type = "CAA";
    fields.name = c.at.relative_to(zone);
    fields.data = p.value;
    fields.flags = p.flags;
    fields.tag = p.tag;
    return digitalocean::checked_new(fields, zone);
}

// Nothing else looks for it: the journal only holds challenge records.
void warn_of_twins(invocation& call, dns::name const& zone, caa::property const& p) {
    call.out.warning(
        "zone " + zone.text() + " may hold one more record CAA " + caa::to_string(p) +
        " than shown here, because the API did not report the result of a request: `acme-dns01 "
        "record list " +
        zone.text() + " --type CAA` shows it"
    );
}

// All are checked before the first is sent.
result<std::vector<record_fields>> fields_for(caa::change const& c, dns::name const& zone) {
    std::vector<record_fields> all;
    for (auto const& p : c.added) {
        auto fields = fields_of(p, c, zone);
        if (!fields) return in_context("CAA " + caa::to_string(p), fields.error());
        all.push_back(std::move(*fields));
    }
    return all;
}

async_result<made_records>
create_all(invocation& call, digitalocean::client& api, dns::name zone, caa::change wanted) {
    auto const all = fields_for(wanted, zone);
    if (!all) co_return all.error();
    made_records made;
    for (std::size_t i = 0; i < all->size(); ++i) {
        auto const is_ours = [&made](std::int64_t id) { return std::ranges::count(made, id) > 0; };
        auto const created = co_await api.create_record(zone, (*all)[i], is_ours);
        if (created.may_have_copies) warn_of_twins(call, zone, wanted.added[i]);
        if (!created.outcome) {
            // Half a set may forbid what the whole one permits.
            co_await challenge::undo_ids(api, zone, made, call.notes);
            co_return created.outcome.error();
        }
        made.push_back(created.outcome->id);
    }
    co_return made;
}

// A name and the DNS wildcards that may answer for it, the closest first.
std::vector<dns::name> owners_of(dns::name const& at, dns::name const& zone) {
    std::vector<dns::name> owners{at};
    for (auto level = at; level != zone; level = level.parent()) {
        auto wildcard = level.parent().child("*");
        if (wildcard) owners.push_back(std::move(*wildcard));
    }
    return owners;
}

challenge::targets targets_of(caa::change const& c, dns::name const& zone) {
    challenge::targets targets;
    for (auto const& p : c.added)
        targets.push_back({zone, c.at, caa::to_string(p), dns::record_type::caa});
    return targets;
}

// With --wildcard-only, the wildcard of the domain.
result<caa::request>
request_to_allow(invocation const& call, caa_subject const& subject, std::string const& domain) {
    auto const requests = requests_for(subject, {domain});
    if (!requests) return requests.error();
    auto request = requests->front();
    if (call.set.caa.wildcard_only) request.wildcard = true;
    return request;
}

// The account and the method are pinned where they were given.
caa::restrictions restrictions_of(invocation const& call) {
    auto const& given = call.set.caa;
    caa::restrictions wanted;
    wanted.account = given.account_uri.has_value();
    wanted.method = given.method.has_value();
    wanted.wildcard_only = given.wildcard_only;
    return wanted;
}

// The same change at the name where its records really are: where a DNS wildcard has answered for
// the domain (RFC 4592), at the wildcard, since a record at the domain would hide all that the
// wildcard gives it.
async_result<caa::change> where_it_stands(invocation& call, dns::name zone, caa::change wanted) {
    if (wanted.kept.empty() || wanted.added.empty()) co_return wanted;
    auto const account = call.accounts.for_name(wanted.at);
    if (!account) co_return account.error();
    for (auto const& owner : owners_of(wanted.at, zone)) {
        digitalocean::record_filter const caa_there{owner, "CAA"};
        auto const records = co_await (*account)->api().list_all_records(zone, caa_there);
        if (!records) co_return records.error();
        if (records->empty()) continue;
        wanted.at = owner;
        break;
    }
    co_return wanted;
}

// Creates the records and waits until every authoritative server serves them.
async_result<void> apply(invocation& call, dns::name zone, caa::change wanted) {
    auto const account = call.accounts.for_name(wanted.at);
    if (!account) co_return account.error();
    auto const made = co_await create_all(call, (*account)->api(), zone, wanted);
    if (!made) co_return made.error();
    auto const served = co_await wait_for(call, targets_of(wanted, zone));
    if (!served) co_return served.error();
    co_return result<void>();
}

// By a resolver that remembers nothing.
async_result<caa::checked> verdict_after(invocation& call, caa::request asked) {
    call.resolvers.forget_validated();
    std::vector const one{std::move(asked)};
    auto all = co_await caa::decide_all(call.resolvers, one, call.notes);
    if (!all) co_return all.error();
    co_return std::move(all->front());
}

// Nothing is changed without --yes.
void propose(invocation& call, dns::name const& zone, caa::change const& wanted) {
    auto lines = lines_for(wanted);
    lines.emplace_back("nothing was changed: --yes applies this");
    call.out.result(lines, change_json(call, zone, wanted));
}

void tell_needless(invocation& call, dns::name const& zone, caa::checked const& now) {
    auto machine = change_json(call, zone, caa::change{now.asked.domain, {}, {}});
    machine["verdict"] = to_json(now);
    auto lines = lines_for(now);
    lines.emplace_back("nothing to change");
    call.out.result(lines, machine);
}

outcome apply_and_tell(invocation& call, dns::name zone, caa::change wanted, caa::request asked) {
    auto const applied = co_await apply(call, zone, wanted);
    if (!applied) co_return applied.error();
    auto const now = co_await verdict_after(call, asked);
    if (!now) co_return now.error();
    auto machine = change_json(call, zone, wanted);
    machine["verdict"] = to_json(*now);
    auto lines = lines_for(wanted);
    std::ranges::move(lines_for(*now), std::back_inserter(lines));
    call.out.result(lines, machine);
    co_return outcome_of(std::vector{*now});
}

void warn_of_resolver(invocation& call) {
    auto const note = call.resolvers.validation_note();
    if (!note.empty()) call.out.warning(note);
}

} // namespace

async_result<caa_subject> caa_subject_of(invocation& call) {
    auto const& given = call.set.caa;
    caa_subject subject{{}, given.account_uri.value_or(""), given.method.value_or("dns-01")};
    if (given.directory) {
        auto at = co_await issuer_at(call, *given.directory);
        if (!at) co_return at.error();
        subject.by = std::move(*at);
        co_return subject;
    }
    if (!given.issuer) co_return no_issuer();
    subject.by = *given.issuer;
    co_return subject;
}

result<std::vector<caa::request>>
requests_for(caa_subject const& subject, std::vector<std::string> const& domains) {
    std::vector<caa::request> requests;
    for (auto const& text : domains) {
        auto request = caa::make_request(text, subject.by);
        if (!request) return request.error();
        request->account_uri = subject.account_uri;
        request->method = subject.method;
        auto const is_known = std::ranges::any_of(requests, [&](auto const& other) {
            return other.domain == request->domain && other.wildcard == request->wildcard;
        });
        if (!is_known) requests.push_back(std::move(*request));
    }
    return requests;
}

outcome caa_check(invocation& call, arguments given) {
    if (given.empty()) co_return usage_of("caa check");
    auto const subject = co_await caa_subject_of(call);
    if (!subject) co_return subject.error();
    auto requests = requests_for(*subject, given);
    if (!requests) co_return requests.error();
    auto const all = co_await caa::decide_all(call.resolvers, std::move(*requests), call.notes);
    if (!all) co_return all.error();
    warn_of_resolver(call);
    print(call, *all);
    if (call.set.output.json) warn(call, *all);
    co_return outcome_of(*all);
}

outcome caa_show(invocation& call, arguments given) {
    if (given.empty()) co_return usage_of("caa show");
    auto domains = domains_in(given);
    if (!domains) co_return domains.error();
    auto const climbs = co_await caa::look_up_all(call.resolvers, *domains, call.notes);
    if (!climbs) co_return climbs.error();
    warn_of_resolver(call);
    std::vector<shown> all;
    for (std::size_t i = 0; i < domains->size(); ++i)
        all.push_back({(*domains)[i], (*climbs)[i]});
    print(call, all);
    co_return outcome_of(all);
}

outcome caa_allow(invocation& call, arguments given) {
    if (given.size() != 1) co_return usage_of("caa allow");
    auto const subject = co_await caa_subject_of(call);
    if (!subject) co_return subject.error();
    auto const asked = request_to_allow(call, *subject, given.front());
    if (!asked) co_return asked.error();
    auto const token = call.accounts.check_token();
    if (!token) co_return token.error();
    auto const account = call.accounts.for_name(asked->domain);
    if (!account) co_return account.error();
    auto const zone = co_await (*account)->zone_of(asked->domain);
    if (!zone) co_return in_context(asked->domain.text(), zone.error());
    std::vector const one{*asked};
    auto const now = co_await caa::decide_all(call.resolvers, one, call.notes);
    if (!now) co_return now.error();
    warn_of_resolver(call);
    auto const change = caa::change_for(*asked, restrictions_of(call), now->front().climb, *zone);
    if (!change) co_return change.error();
    auto const wanted = co_await where_it_stands(call, *zone, *change);
    if (!wanted) co_return wanted.error();
    auto const allowed = call.set.allow.check(wanted->at);
    if (!allowed) co_return allowed.error();
    if (wanted->added.empty()) {
        tell_needless(call, *zone, now->front());
        co_return result<void>();
    }
    if (!call.set.yes) {
        propose(call, *zone, *wanted);
        co_return result<void>();
    }
    auto done = co_await apply_and_tell(call, *zone, *wanted, *asked);
    co_return done;
}

} // namespace acme_dns01::cli
