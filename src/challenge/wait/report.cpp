#include "base/text.hpp"
#include "challenge/wait/state.hpp"

#include <algorithm>

namespace acme_dns01::challenge {

namespace {

// A server's line shows its worst state over all names.
int badness(server_state s) { return s == server_state::serving ? 0 : 1 + static_cast<int>(s); }

// The last answer of a server that should have the record.
std::string text_of(last_answer const& answer, server_state state) {
    auto const code = to_string(answer.code);
    auto const is_positive = answer.code == dns::response_code::noerror;
    if (answer.refers) return "that " + answer.refers->text() + " is a zone of its own";
    if (is_positive && state == server_state::lame) return "without authority";
    if (answer.values > 0) return code + " with " + counted(answer.values, "other value");
    return is_positive ? code + " without a value" : code;
}

std::string server_label(std::string const& host, std::string const& address) {
    return host + " (" + address + ")";
}

std::string server_label(server_address const& server) {
    return server_label(server.host, server.address.address().to_string());
}

// The beginning of "ns3.digitalocean.com (192.0.2.3) answered NXDOMAIN for <name>".
std::string failure_of(wait_state const& state, std::size_t index) {
    auto const& p = state.probes[index];
    auto const label = server_label(state.servers[p.address]);
    if (p.serving_since) return label + " did not confirm ";
    if (p.state == server_state::unasked) return label + " has not answered for ";
    if (p.state == server_state::unsent)
        return label + " could not be asked, since this host is out of file descriptors, for ";
    if (p.state == server_state::unreachable) return label + " cannot be reached for ";
    return label + " answered " + text_of(state.last_answers[index], p.state) + " for ";
}

// The servers that lack a record or have not confirmed it, each answer once for all its names.
std::vector<std::string> failures(wait_state const& state) {
    struct answer_for_names {
        std::string begins;
        std::string fqdn;
        std::size_t others = 0; // names with the same answer
    };
    std::vector<answer_for_names> all;
    for (std::size_t i = 0; i < state.probes.size(); ++i) {
        auto const& p = state.probes[i];
        if (p.serving_since && !p.in_flight) continue;
        auto const begins = failure_of(state, i);
        auto const same = std::ranges::find(all, begins, &answer_for_names::begins);
        if (same == all.end()) {
            all.push_back({begins, state.names[p.name].fqdn.text()});
        } else {
            ++same->others;
        }
    }
    std::vector<std::string> texts;
    for (auto const& a : all) {
        auto const more = a.others == 0 ? "" : " and " + counted(a.others, "other name");
        texts.push_back(a.begins + a.fqdn + more);
    }
    return texts;
}

bool is_in(wait_state const& state, server_state s) {
    return std::ranges::count(state.probes, s, &probe::state) > 0;
}

std::string labels_of(std::vector<server_address> const& servers) {
    std::vector<std::string> labels;
    for (auto const& server : servers)
        labels.push_back(server_label(server));
    return list_of(std::move(labels), ", ");
}

// Silence of all servers has nothing to do with the record.
std::optional<error> no_answer_at_all(wait_state const& state) {
    auto const all_silent = std::ranges::all_of(state.probes, is_silent, &probe::state);
    if (!all_silent || is_in(state, server_state::unsent)) return std::nullopt;
    auto const resolvers = state.asked == asked_servers::resolvers;
    return error{
        .kind = error_kind::not_propagated,
        .message = std::string("none of the ") +
                   (resolvers ? "resolvers" : "authoritative servers") +
                   " answered: " + labels_of(state.servers),
        .hint = resolvers
                    ? "name other resolvers with --resolver"
                    : "if outgoing port 53 is blocked, use --propagation resolver to ask recursive "
                      "resolvers instead",
    };
}

bool is_without_authority(probe const& p, last_answer const& answer) {
    auto const is_answer =
        answer.code == dns::response_code::noerror || answer.code == dns::response_code::nxdomain;
    return p.state == server_state::lame && is_answer && !answer.refers;
}

// A router or a provider that takes port 53 over answers as a resolver does, for every server.
std::optional<error> no_answer_with_authority(wait_state const& state) {
    for (std::size_t i = 0; i < state.probes.size(); ++i) {
        if (!is_without_authority(state.probes[i], state.last_answers[i])) return std::nullopt;
    }
    return error{
        .kind = error_kind::not_propagated,
        .message =
            "every authoritative server answered without authority: " + labels_of(state.servers) +
            "; a router, firewall or provider seems to answer in their place",
        .hint = "use --propagation resolver to ask recursive resolvers instead, or let this host "
                "reach port 53 of these servers directly",
    };
}

} // namespace

std::string list_of(std::vector<std::string> texts, std::string_view separator) {
    constexpr std::size_t shown_max = 6;
    if (texts.size() > shown_max) {
        auto const more = "and " + std::to_string(texts.size() - shown_max) + " more";
        texts.resize(shown_max);
        texts.push_back(more);
    }
    return joined(texts, separator);
}

propagation_report report_on(wait_state const& state) {
    propagation_report report;
    auto const now = clock::now();
    report.elapsed = seconds(now - state.start).count();
    report.by_resolvers = state.asked == asked_servers::resolvers;
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
    if (auto const failure = no_answer_with_authority(state)) return *failure;
    auto const asked =
        state.asked == asked_servers::resolvers ? "resolver" : "authoritative server";
    return {
        .kind = error_kind::not_propagated,
        .message = std::string("not on every ") + asked + " after " +
                   decimal(seconds(limits.timeout).count(), 1) +
                   " s: " + list_of(failures(state), "; "),
        .hint = is_in(state, server_state::unsent)
                    ? "allow this process more open files (ulimit -n, or LimitNOFILE= of systemd)"
                    : "try again, or allow more time with --propagation-timeout",
    };
}

propagation_report complete_report(wait_state const& state) {
    auto report = report_on(state);
    report.complete = true;
    report.names_served = report.names;
    for (auto& server : report.servers) {
        if (server.state == server_state::serving) continue;
        // A server that is not waited for any longer has failed, if only by its silence.
        if (!is_failing(server.state)) server.state = server_state::unreachable;
        report.warnings.push_back(
            server_label(server.server, server.address) +
            " was not waited for: " + std::string(to_string(server.state))
        );
    }
    return report;
}

} // namespace acme_dns01::challenge
