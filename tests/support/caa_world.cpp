#include "support/caa_world.hpp"

#include "base/text.hpp"
#include "support/scripted_zones.hpp"

#include <algorithm>

namespace acme_dns01::test {

namespace {

using dns::record_type;
using dns::response_code;

constexpr auto apex_servers = "@ NS ns.test.\n";

std::string lines_of(caa_case const& c) { return joined(c.records, "\n") + "\n"; }

// A line's owner and CNAME target as scripted_zone has them: whole, and without a final dot.
std::string with_whole_names(std::string const& line, std::string const& zone) {
    auto const end = line.find(' ');
    auto const owner = line.substr(0, end);
    return (owner == "@" ? zone : owner + "." + zone) + line.substr(end);
}

scripted_zone scripted_zone_of(caa_case const& c) {
    scripted_zone z{c.zone, {}, {c.zone + " NS ns.test"}};
    for (auto const& line : c.records)
        z.records.push_back(with_whole_names(line, c.zone));
    return z;
}

bool is_about(caa_misbehaviour const& m, dns::question const& asked) {
    constexpr std::string_view subtree = "**.";
    auto const is_subtree = m.to.starts_with(subtree);
    auto const name = dns::name::parse(is_subtree ? m.to.substr(subtree.size()) : m.to).value();
    auto const is_name = is_subtree ? asked.asked.is_within(name) : asked.asked == name;
    return is_name && (m.type.empty() || m.type == to_string(asked.type));
}

bytes referral_to_root(received_query const& q) {
    auto m = answer_to(q);
    m.authoritative = false;
    m.authority.push_back({dns::name(), record_type::ns, 60, "ns.test"});
    return encoded(m);
}

bytes nothing_without_soa(received_query const& q) { return encoded(answer_to(q)); }

std::vector<reply> misbehaving(caa_misbehaviour const& m, received_query const& q) {
    using enum response_code;
    for (auto const code : {servfail, refused, notimp, formerr, nxdomain}) {
        if (dns::to_string(code) == m.what) return {{answer_with_code(q, code)}};
    }
    if (m.what == "query") return {{as_a_query(nothing_without_soa(q))}};
    if (m.what == "truncated" && !q.over_tcp) return {{truncated_answer(q)}};
    if (m.what == "other-id") return {{with_other_id(nothing_without_soa(q))}};
    if (m.what == "referral") return {{referral_to_root(q)}};
    if (m.what == "no-soa") return {{nothing_without_soa(q)}};
    if (m.what == "cut-short") return {{with_rdata(q, {0, 9, 'i', 's'})}};
    if (m.what == "no-tag") return {{with_rdata(q, {0, 0, ';'})}};
    if (m.what == "no-data") return {{with_rdata(q, {})}};
    if (m.what == "garbage") return {{bytes(40, 0xa5)}};
    return {}; // silence
}

script serving_cases(std::vector<caa_case> const& cases) {
    std::vector<scripted_zone> zones;
    std::vector<caa_misbehaviour> misbehaviours;
    for (auto const& c : cases) {
        zones.push_back(scripted_zone_of(c));
        std::ranges::copy(c.misbehaviours, std::back_inserter(misbehaviours));
    }
    return [honest = serving(zones), misbehaviours](received_query const& q) {
        auto const found = std::ranges::find_if(misbehaviours, [&](auto const& m) {
            return is_about(m, q.query.asked);
        });
        return found == misbehaviours.end() ? honest(q) : misbehaving(*found, q);
    };
}

} // namespace

caa_world::caa_world(std::vector<caa_case> const& cases) {
    zone_files files;
    for (auto const& c : cases)
        add(c, files);
    start(files);
}

void caa_world::add(caa_case const& c, zone_files& files) {
    auto& above = c.zone.ends_with("dnssec.test") ? in_dnssec_
                  : c.zone.ends_with("caa.test")  ? in_caa_
                  : c.zone.ends_with(".test")     ? in_test_
                                                  : in_root_;
    auto const own_name = c.zone + ".";
    if (!c.has_own_zone) {
        above += "$ORIGIN " + own_name + "\n" + lines_of(c);
        return;
    }
    above += own_name + " NS ns.test.\n";
    auto const how = c.signed_how.value_or(signing::none);
    auto const zone = sign_zone(folder_.path(), c.zone, apex_servers + lines_of(c), how);
    above += zone.delegation_signer;
    if (c.is_scripted) scripted_.push_back(c);
    if (!c.is_scripted) files[c.zone] = zone.file;
}

void caa_world::start(zone_files const& below) {
    auto const& folder = folder_.path();
    auto files = below;
    files["caa.test"] = whole_zone_file("caa.test", apex_servers + in_caa_);
    auto const dnssec = sign_zone(folder, "dnssec.test", apex_servers + in_dnssec_, signing::good);
    files["dnssec.test"] = dnssec.file;
    auto const test = sign_zone(
        folder,
        "test",
        apex_servers + std::string("ns A 127.0.0.1\ncaa NS ns\ndnssec NS ns\n") +
            dnssec.delegation_signer + in_test_,
        signing::good
    );
    files["test"] = test.file;
    files["."] =
        whole_zone_file(".", "@ NS ns.test.\ntest. NS ns.test.\nns.test. A 127.0.0.1\n" + in_root_);
    sandbox::write_private_file(trust_anchor(), test.delegation_signer);
    knot_ = std::make_unique<real_name_server>(
        name_server_program::knot, "127.0.0.1", free_port(), files
    );
    std::vector<served_by> servers;
    for (auto const& [zone, file] : files)
        servers.push_back({zone, knot_->endpoint()});
    scripts_ = std::make_unique<scripted_name_server>(serving_cases(scripted_));
    for (auto const& c : scripted_)
        servers.push_back({c.zone, scripts_->endpoint()});
    resolver_ = std::make_unique<recursive_resolver>(servers);
}

std::string caa_world::resolver() const {
    return "127.0.0.1:" + std::to_string(resolver_->endpoint().port());
}

std::string caa_world::trust_anchor() const { return folder_.path() / "trust-anchor"; }

} // namespace acme_dns01::test
