#include "base/text.hpp"
#include "challenge/wait/state.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

// A server's line shows its worst state over all names.
int badness(server_state s) { return s == server_state::serving ? 0 : 1 + static_cast<int>(s); }

// The last answer of a server that should have the record.
std::string words_for(wait_state const& state, std::size_t index) {
    auto const& said = state.said[index];
    auto const code = to_string(said.code);
    auto const is_positive = said.code == dns::response_code::noerror;
    if (said.refers) return "that " + said.refers->text() + " is a zone of its own";
    if (is_positive && state.probes[index].state == server_state::lame) return "without authority";
    if (said.values > 0) return code + " with " + counted(said.values, "other value");
    return is_positive ? code + " without a value" : code;
}

std::string server_label(std::string const& host, std::string const& address) {
    return host + " (" + address + ")";
}

std::string server_label(witness const& server) {
    return server_label(server.host, server.address.address().to_string());
}

// At most shown_max of them, and how many more there are.
std::string list_of(std::vector<std::string> texts, std::string_view separator) {
    constexpr std::size_t shown_max = 6;
    if (texts.size() > shown_max) {
        auto const more = "and " + std::to_string(texts.size() - shown_max) + " more";
        texts.resize(shown_max);
        texts.push_back(more);
    }
    return joined(texts, separator);
}

// "ns3.digitalocean.com (192.0.2.3) answered NXDOMAIN for ", and for what.
struct complaint {
    std::string begins;
    std::string fqdn;
    std::size_t others = 0; // names with the same answer

    std::string text() const {
        auto const more = others == 0 ? "" : " and " + counted(others, "other name");
        return begins + fqdn + more;
    }
};

std::string complaint_about(wait_state const& state, std::size_t index) {
    auto const& p = state.probes[index];
    auto const label = server_label(state.servers[p.address]);
    if (p.serving_since) return label + " did not confirm ";
    if (p.state == server_state::unasked) return label + " has not answered for ";
    if (p.state == server_state::unreachable) return label + " cannot be reached for ";
    return label + " answered " + words_for(state, index) + " for ";
}

// Servers that lack a record or have not confirmed it, each answer once for all its names.
std::vector<complaint> complaints(wait_state const& state) {
    std::vector<complaint> all;
    for (std::size_t i = 0; i < state.probes.size(); ++i) {
        auto const& p = state.probes[i];
        if (p.serving_since && !p.in_flight) continue;
        auto const begins = complaint_about(state, i);
        auto const same = std::ranges::find(all, begins, &complaint::begins);
        if (same == all.end()) {
            all.push_back({begins, state.names[p.name].fqdn.text()});
        } else {
            ++same->others;
        }
    }
    return all;
}

// No answer at all has nothing to do with the record.
std::optional<error> no_answer_at_all(wait_state const& state) {
    if (!std::ranges::all_of(state.probes, is_mute, &probe::state)) return std::nullopt;
    auto const resolvers = state.asked == witnesses::resolvers;
    std::vector<std::string> labels;
    for (auto const& server : state.servers)
        labels.push_back(server_label(server));
    return error{
        .kind = error_kind::not_propagated,
        .message = std::string("none of the ") +
                   (resolvers ? "resolvers" : "authoritative servers") +
                   " answered: " + list_of(std::move(labels), ", "),
        .hint = resolvers
                    ? "name other resolvers with --resolver"
                    : "if outgoing port 53 is blocked, use --propagation resolver to ask recursive "
                      "resolvers instead",
    };
}

} // namespace

propagation_report report_on(wait_state const& state) {
    propagation_report report;
    auto const now = clock::now();
    report.elapsed = seconds(now - state.start).count();
    report.by_resolvers = state.asked == witnesses::resolvers;
    for (auto const& server : state.servers) {
        auto const address = server.address.address().to_string();
        report.servers.push_back({server.host, address, server_state::serving, 0, 0});
    }
    std::vector<bool> served(state.names.size());
    std::vector<bool> lacking(state.names.size());
    for (auto const& p : state.probes) {
        if (p.serving_since) served[p.name] = true;
        if (!p.serving_since && !is_failing(p.state)) lacking[p.name] = true;
        auto& line = report.servers[p.address];
        auto const until = p.serving_since.value_or(now);
        line.seconds = std::max(line.seconds, seconds(until - state.start).count());
        line.queries += p.queries;
        if (badness(p.state) > badness(line.state)) line.state = p.state;
    }
    report.names = state.names.size();
    for (std::size_t i = 0; i < report.names; ++i)
        report.names_served += served[i] && !lacking[i] ? 1U : 0U;
    return report;
}

error timed_out(wait_state const& state, patience const& limits) {
    if (auto const failure = no_answer_at_all(state)) return *failure;
    std::vector<std::string> texts;
    for (auto const& c : complaints(state))
        texts.push_back(c.text());
    auto const whom = state.asked == witnesses::resolvers ? "resolver" : "authoritative server";
    return {
        .kind = error_kind::not_propagated,
        .message = std::string("not on every ") + whom + " after " +
                   decimal(seconds(limits.timeout).count(), 1) +
                   " s: " + list_of(std::move(texts), "; "),
        .hint = "try again, or allow more time with --propagation-timeout",
    };
}

std::vector<std::string> warnings_about(propagation_report const& report) {
    std::vector<std::string> warnings;
    for (auto const& server : report.servers) {
        if (server.state == server_state::serving) continue;
        warnings.push_back(
            server_label(server.server, server.address) +
            " was not waited for: " + std::string(to_string(server.state))
        );
    }
    return warnings;
}

} // namespace acme_dns01::challenge
