#include "preflight/servers.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <map>

namespace acme_dns01::preflight {

using enum check_id;
using dns::response_code;

namespace {

std::string at_operator(server_facts const& s) {
    return "ask the operator of " + s.server.host.text() +
           " to correct it, or take it out of the zone's NS records and the delegation";
}

std::string open_port(server_facts const& s, std::string const& what) {
    return "open port 53 " + what + " on " + s.server.host.text() +
           " and in the firewalls before it";
}

std::string told(result<dns::message> const& answer, dns::name const& zone) {
    if (!answer) return answer.error().message;
    auto const code = to_string(answer->code);
    if (answer->code != response_code::noerror) return code;
    if (!answer->authoritative) return code + " without authority";
    auto const count = data_of(answer->answer, dns::record_type::soa, zone).size();
    if (count > 1) return std::to_string(count) + " SOA records";
    return count == 1 ? code : code + " without the SOA record of " + zone.text();
}

finding
warning_about(server_facts const& s, std::string what, std::string evidence, std::string fix) {
    return doubtful(
        servers,
        label_of(s) + " " + std::move(what),
        printable(evidence, evidence_max),
        std::move(fix)
    );
}

// It gives no usable answer over UDP.
finding failing(server_facts const& s, dns::name const& zone) {
    auto const evidence = told(s.over_udp, zone);
    auto const by_tcp = s.over_tcp ? "; over TCP " + told(s.over_tcp, zone) : "";
    if (s.over_udp) {
        auto const is_lame = s.over_udp->code == response_code::noerror;
        auto const what =
            is_lame ? "does not serve zone " + zone.text() + " with authority"
                    : "answers " + to_string(s.over_udp->code) + " for zone " + zone.text();
        return warning_about(s, what, evidence + by_tcp, at_operator(s));
    }
    if (s.over_tcp)
        return warning_about(
            s, "answers over TCP, but not over UDP", evidence + by_tcp, open_port(s, "for UDP")
        );
    return warning_about(s, "does not answer", evidence, at_operator(s));
}

// It answers, but not all that it should.
void judge_good(server_facts const& s, dns::name const& zone, findings& found) {
    if (s.without_edns) {
        auto const how = s.over_udp
                             ? "answers " + to_string(s.over_udp->code) + " to queries with EDNS"
                             : std::string("does not answer queries with EDNS");
        found.push_back(warning_about(
            s, how, "without EDNS it answers " + told(*s.without_edns, zone), at_operator(s)
        ));
    }
    if (!s.over_tcp) {
        found.push_back(warning_about(
            s, "does not answer over TCP", s.over_tcp.error().message, open_port(s, "for TCP")
        ));
    } else if (!serial_in(*s.over_tcp, zone)) {
        found.push_back(
            warning_about(s, "answers otherwise over TCP", told(s.over_tcp, zone), at_operator(s))
        );
    }
}

// A server that serves less than another has served a moment before is not only a moment late.
void judge_serials(zone_facts const& f, findings& found) {
    std::optional<std::uint32_t> newest;
    server_facts const* by = nullptr;
    for (auto const& s : f.servers) {
        auto const* const answer = good_answer(s, f.zone);
        auto const serial = answer == nullptr ? std::nullopt : serial_in(*answer, f.zone);
        if (!serial || (newest && !is_behind(*newest, *serial))) continue;
        newest = serial;
        by = &s;
    }
    for (auto const& s : f.servers) {
        if (!s.later || !*s.later) continue;
        auto const serial = serial_in(**s.later, f.zone);
        if (!serial || !is_behind(*serial, *newest)) continue;
        found.push_back(warning_about(
            s,
            "lags behind: it serves an older version of zone " + f.zone.text(),
            "serial " + std::to_string(*serial) + ", while " + label_of(*by) + " has " +
                std::to_string(*newest),
            "have " + s.server.host.text() + " load the zone again: its transfers seem to fail"
        ));
    }
}

finding all_good(zone_facts const& f) {
    std::vector<std::string> labels;
    for (auto const& s : f.servers)
        labels.push_back(label_of(s));
    auto text = "all " + counted(f.servers.size(), "address", "addresses") +
                " of the name servers of " + f.zone.text() + " answer over UDP and TCP, alike";
    if (f.servers.size() == 1)
        text = "the name server of " + f.zone.text() + " answers over UDP and TCP";
    auto const more = f.unreachable.empty() ? std::string()
                                            : "; this host has no route to " +
                                                  std::to_string(f.unreachable.size()) + " more";
    return well(servers, text + more, joined(labels, ", "));
}

std::string shown_data(std::vector<std::string> const& data) {
    return data.empty() ? "no records" : printable(joined(data, ", "), evidence_max);
}

std::string value_of(result<dns::message> const& answer, dns::question const& asked) {
    if (!answer) return "no answer";
    auto const is_usable =
        answer->code == response_code::noerror || answer->code == response_code::nxdomain;
    if (!is_usable) return to_string(answer->code);
    if (!answer->authoritative && !answer->answer.empty()) return "an answer without authority";
    return shown_data(data_for(*answer, asked));
}

} // namespace

std::vector<std::string> data_for(dns::message const& m, dns::question const& asked) {
    std::vector<std::string> data;
    for (auto const& r : m.answer) {
        auto const is_wanted = r.type == asked.type || r.type == dns::record_type::cname;
        if (is_wanted) data.push_back(r.data);
    }
    std::ranges::sort(data);
    return data;
}

findings check_servers(zone_facts const& f) {
    findings found;
    std::size_t good = 0;
    for (auto const& s : f.servers) {
        auto const is_good = good_answer(s, f.zone) != nullptr;
        if (is_good) judge_good(s, f.zone, found);
        if (is_good) ++good;
        if (!is_good) found.push_back(failing(s, f.zone));
    }
    if (f.servers.empty())
        return {not_checked(
            servers, "no name server of " + f.zone.text() + " can be asked", delegation
        )};
    for (auto& one : found) {
        if (good > 0) break;
        one.is = severity::error;
        one.kind = error_kind::dns_failure;
    }
    judge_serials(f, found);
    if (found.empty()) found.push_back(all_good(f));
    return found;
}

findings check_answers(zone_facts const& f, dns::question const& asked) {
    // By what they answer: the one that most of them give is taken for right.
    std::map<std::string, std::vector<server_facts const*>> by_value;
    for (auto const& s : f.servers) {
        auto const answer = s.answers.find(asked);
        if (answer != s.answers.end()) by_value[value_of(answer->second, asked)].push_back(&s);
    }
    if (by_value.size() < 2) return {};
    auto const usual =
        std::ranges::max_element(by_value, {}, [](auto const& v) { return v.second.size(); });
    findings found;
    for (auto const& [value, by] : by_value) {
        if (value == usual->first) continue;
        for (auto const* s : by) {
            found.push_back(warning_about(
                *s,
                "answers otherwise than " + label_of(*usual->second.front()) + " for " +
                    to_string(asked.type) + " of " + asked.asked.text(),
                value + "; the other: " + usual->first,
                at_operator(*s)
            ));
        }
    }
    return found;
}

} // namespace acme_dns01::preflight
