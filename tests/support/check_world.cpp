#include "support/check_world.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace acme_dns01::test {

namespace json = boost::json;
using texts = std::vector<std::string>;
using zones = std::vector<scripted_zone>;

namespace {

// The zone example.test at two of DigitalOcean's servers, as the account and the zone above have
// it, held.test beside it, and away.test at somebody else's.
zones healthy_zones() {
    texts const delegation{
        "example.test NS ns1.digitalocean.com", "example.test NS ns2.digitalocean.com"};
    return {
        {"test",
         {check_world::upper},
         {"test NS ns.test",
          "ns.test A 127.53.30.1",
          delegation[0],
          delegation[1],
          "held.test NS ns1.digitalocean.com",
          "held.test NS ns2.digitalocean.com",
          "away.test NS ns.away.test"}},
        {"digitalocean.com",
         {check_world::upper},
         {"digitalocean.com NS ns.test",
          "ns1.digitalocean.com A 127.53.30.2",
          "ns2.digitalocean.com A 127.53.30.3"}},
        {"example.test",
         {check_world::first, check_world::second},
         {delegation[0], delegation[1], "www.example.test A 192.0.2.1"}},
        {"held.test",
         {check_world::first, check_world::second},
         {"held.test NS ns1.digitalocean.com", "held.test NS ns2.digitalocean.com"}},
        {"away.test",
         {check_world::foreign},
         {"away.test NS ns.away.test", "ns.away.test A 127.53.30.4"}},
    };
}

} // namespace

check_world::check_world()
    : public_dns(healthy_zones())
    , override([](auto const&) { return replies(); })
    , at_last([](auto&, auto&) {})
    , afterwards([](auto&) {}) {}

scripted_zone& check_world::zone(std::string const& name) {
    return *std::ranges::find(public_dns, name, &scripted_zone::name);
}

void check_world::add(std::string const& name, std::string const& line) {
    zone(name).records.push_back(line);
}

void check_world::remove(std::string const& name, std::string const& line) {
    std::erase(zone(name).records, line);
}

json::array findings_in(outcome const& done) {
    boost::system::error_code ec;
    auto const told = json::parse(done.out, ec);
    BOOST_REQUIRE_MESSAGE(!ec && told.as_object().contains("findings"), done.out + done.err);
    return told.at("findings").as_array();
}

namespace {

// Each record of the account, as one text.
texts records_of(sandbox::local_digitalocean const& s, texts const& zones) {
    texts all;
    for (auto const& zone : zones) {
        for (auto const& r : s.records(zone))
            all.push_back(zone + "/" + std::to_string(r.id) + " " + r.name + " " + r.data);
    }
    return all;
}

} // namespace

checked check(check_world const& w) {
    auto api = w.api;
    api.domains = {"example.test", "held.test"};
    sandbox::local_digitalocean s(api);
    auto const honest = serving(w.public_dns);
    scripted_name_server const dns(
        [&](received_query const& q) {
            auto const own = w.override(q);
            return own ? *own : honest(q);
        },
        addresses_for(w.public_dns)
    );
    user admin(s);
    admin.resolving_at(dns.endpoint());
    w.at_last(s, admin);
    s.clear_calls();
    auto const before = records_of(s, api.domains);
    texts line{"check", "--json"};
    line.insert(line.end(), w.domains.begin(), w.domains.end());
    line.insert(line.end(), w.options.begin(), w.options.end());
    auto const done = admin.run(line);
    // Whatever it has found, nothing was created, changed or removed, not even for a moment.
    BOOST_TEST(records_of(s, api.domains) == before, boost::test_tools::per_element());
    for (auto const& call : s.calls())
        BOOST_TEST((call.method == "GET" || call.status >= 400), call.method + " " + call.target);
    checked all{done.status, findings_in(done), done.err, s.calls(), dns.received().size()};
    w.afterwards(admin);
    return all;
}

std::string text(json::value const& finding, char const* key) {
    return std::string(finding.at(key).as_string());
}

std::string whole(json::value const& finding) { return json::serialize(finding); }

// Everything that is not well, as one text for each.
texts faults_in(json::array const& all) {
    texts faults;
    for (auto const& f : all)
        if (text(f, "severity") != "ok") faults.push_back(whole(f));
    return faults;
}

void check_found(std::string const& id, std::string const& names, json::array const& all) {
    auto is_found = false;
    for (auto const& f : all) {
        auto const severity = text(f, "severity");
        BOOST_TEST(text(f, "fix").empty() == (severity == "ok"), whole(f));
        if (severity == "error") BOOST_TEST(text(f, "check") == id, whole(f));
        auto const is_it = severity != "ok" && text(f, "check") == id;
        is_found = is_found || (is_it && whole(f).find(names) != std::string::npos);
    }
    BOOST_TEST(is_found, json::serialize(all));
}

} // namespace acme_dns01::test
