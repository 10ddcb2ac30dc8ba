#include "digitalocean/answers.hpp"
#include "fuzz/fuzz.hpp"
#include "sandbox/answers.hpp"
#include "sandbox/api.hpp"
#include "sandbox/record_rules.hpp"

namespace acme_dns01::fuzz {

namespace {

constexpr clock::time_point now{std::chrono::hours(1000)};
constexpr auto any = static_cast<dns::record_type>(255);

void require_answer(sandbox::api_response const& answer) {
    auto const& status = answer.status;
    require(status >= 200 && status < 500, "the sandbox does not fail");
    require(answer.body.empty() == (status == 204), "an answer has a body");
    require(status == 204 || digitalocean::parse_json(answer.body).has_value(), "a body is JSON");
}

// A record that the API has accepted can be served.
void require_published(sandbox::account const& account, dns::name const& owner) {
    dns::question const asked{owner, any};
    auto const query = dns::make_query(asked, 7, false);
    auto const answer = sandbox::authoritative_answer({account, now}, query);
    auto const sent = dns::from_wire(sandbox::encoded(answer, query, true));
    require(sent.has_value() && sent->asked == asked && sent->response, "an answer is one");
    require(sent->code != dns::response_code::servfail, "a record can be published");
}

void require_records(sandbox::account const& account, sandbox::zone const& zone) {
    for (auto const& r : account.records(zone)) {
        require_same(sandbox::checked_record(r, zone), r, "a record is by the rules");
        if (r.type != "TXT" && r.type != "CAA") require_one_line(r.data);
        auto const owner = dns::absolute_name(r.name, zone.name);
        require(owner.has_value(), "a record has a name");
        require_published(account, *owner);
    }
}

} // namespace

void sandbox_request(std::string_view input) {
    auto lines = lines_of(input);
    sandbox::account account({"ns1.digitalocean.com", "ns2.digitalocean.com"}, 1);
    sandbox::api api(account, {"token", {}, {}, [] { return "an id"; }});
    account.create(dns::name::parse("example.com").value(), std::nullopt, now);
    lines.resize(lines.size() / 2 * 2);
    for (std::size_t i = 0; i < lines.size(); i += 2) {
        auto const end = std::min(lines[i].find(' '), lines[i].size());
        auto const target = lines[i].substr(std::min(end + 1, lines[i].size()));
        sandbox::moment const at{now, std::chrono::seconds(1)};
        require_answer(
            api.handle({lines[i].substr(0, end), target, "Bearer token", lines[i + 1], at})
        );
    }
    for (auto const* zone : account.zones())
        require_records(account, *zone);
}

} // namespace acme_dns01::fuzz
