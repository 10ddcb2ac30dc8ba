#include "base/text.hpp"
#include "challenge/owner.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/sudden_end.hpp"
#include "preflight/finding.hpp"
#include "preflight/preflight.hpp"
#include "preflight/subject.hpp"
#include "process/child_process.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

namespace acme_dns01::cli {

namespace {

using rows = std::vector<journal::entry>;
using texts = std::vector<std::string>;

using preflight::severity;

// Which certificates a domain is for: by the domain, the names of certbot's lineages.
using certificates = std::map<std::string, texts>;

struct domains_to_prove {
    texts domains;
    certificates of;
};

result<domains_to_prove> domains_to_check(invocation& call) {
    auto const& run = call.set.run;
    domains_to_prove all{run.domains, {}};
    if (!run.certbot) return all;
    auto const renewed = preflight::certbot_names(run.certbot_dir, call.notes);
    if (!renewed) return renewed.error();
    for (auto const& [domain, certificate] : *renewed) {
        all.domains.push_back(domain);
        all.of[domain].push_back(certificate);
    }
    return all;
}

// "www.example.com (certificate example.com): ".
std::string prefix_of(std::string const& domain, certificates const& of) {
    if (domain.empty()) return {};
    auto const found = of.find(domain);
    if (found == of.end()) return preflight::shown_domain(domain) + ": ";
    auto const noun = found->second.size() == 1 ? "certificate " : "certificates ";
    return domain + " (" + noun + joined(found->second, ", ") + "): ";
}

std::vector<error> errors_in(preflight::findings const& all, certificates const& of) {
    std::vector<error> errors;
    for (auto const& f : all) {
        if (f.is != severity::error) continue;
        errors.push_back(
            {.kind = f.kind, .message = prefix_of(f.domain, of) + f.message, .hint = f.fix}
        );
    }
    return errors;
}

// Once each, with the first domain that it is about. `run` itself tells what is wrong with the
// state folder.
void warn_of(invocation& call, preflight::findings const& all, certificates const& of) {
    std::vector<std::pair<std::string, texts>> by_message;
    for (auto const& f : all) {
        auto const is_told_otherwise = f.is_skipped || f.check == preflight::check_id::state;
        if (f.is != severity::warning || is_told_otherwise) continue;
        auto known =
            std::ranges::find(by_message, f.message, [](auto const& m) { return m.first; });
        if (known == by_message.end()) known = by_message.insert(known, {f.message, {}});
        known->second.push_back(prefix_of(f.domain, of));
    }
    for (auto const& [message, prefixes] : by_message) {
        auto const others = prefixes.size() - 1;
        auto const more = others == 0 ? "" : " (and for " + counted(others, "other domain") + ")";
        call.out.warning(prefixes.front() + message + more);
    }
}

result<void> report(invocation& call, std::vector<error> found, std::string const& client) {
    if (found.empty()) return {};
    return in_context(client + " was not started", call.out.all_but_deciding(std::move(found)));
}

bool needs_issuer(settings const& set) {
    auto const is_named = set.caa.issuer || set.caa.directory;
    return !is_named && (set.caa.account_uri || set.caa.method);
}

outcome check_domains(invocation& call, std::string client) {
    auto all = domains_to_check(call);
    if (!all) co_return all.error();
    if (all->domains.empty()) {
        call.out.warning(
            "nothing is checked before " + client +
            " starts: name its domains with --domain or --certbot"
        );
        co_return result<void>();
    }
    if (needs_issuer(call.set)) {
        auto const requests = co_await caa_requests(call, all->domains);
        if (!requests) co_return requests.error();
    }
    auto const found = co_await findings_about(call, all->domains);
    if (!found) co_return in_context(client + " was not started", found.error());
    warn_of(call, *found, all->of);
    co_return report(call, errors_in(*found, all->of), client);
}

// In an event loop of its own. What that leaves behind ends with it: connections, which the client
// must not inherit, and the thread that looks up names, which confine() would not bind.
result<void> check_before(invocation& call, std::string const& client) {
    boost::asio::io_context context(1);
    invocation own(context.get_executor(), call.set, call.env, call.out);
    return completed(context, check_domains(own, client));
}

void warn_without_journal(invocation& call, std::string const& client) {
    auto const durable = call.state.durable_journal();
    if (durable) return;
    call.out.warning(
        "what " + client + " leaves behind will not be removed: " + durable.error().text()
    );
}

rows left_behind(invocation& call, rows const& before) {
    return challenge::rows_left_by(this_process(), before, call.outstanding());
}

void warn_of_what_is_left(invocation& call, rows const& before, std::string const& client) {
    auto const still = left_behind(call, before);
    if (still.empty()) return;
    call.out.warning(
        client + " left " + counted(still.size(), "record") +
        " behind that could not be removed: run `acme-dns01" + call.set.same_place + " sweep` later"
    );
}

boost::asio::awaitable<void> sweep_after(invocation& call, rows before, std::string client) {
    auto by = call.cleaner();
    auto const removal = co_await by.remove_all(left_behind(call, before));
    auto const removed = removal.removed.size();
    if (removed > 0) call.out.note("removed " + counted(removed, "record") + " left by " + client);
    for (auto const& failure : removal.failures)
        call.out.warning(failure.text());
    warn_of_what_is_left(call, before, client);
}

async_result<int> run_to_its_end(termination_signals& signals, invocation& from, arguments given) {
    program_call call{
        .arguments = std::move(given), .environment = from.env.all(), .umask = from.env.umask()};
    call.environment[std::string(run_variable)] = to_text(this_process());
    call.started = from.confine;
    auto status = co_await run_in_foreground(signals, std::move(call));
    co_return status;
}

} // namespace

outcome run_client(invocation& call, arguments given) {
    auto const is_behind = given.size() == call.set.words_behind;
    if (given.empty() || !is_behind) co_return usage_of("run");
    auto const client = std::filesystem::path(given.front()).filename().string();
    auto const checked = check_before(call, client);
    if (!checked) co_return checked.error();
    warn_without_journal(call, client);
    auto const before = call.outstanding();
    auto signals = std::make_unique<termination_signals>(call.executor);
    call.out.leave_stdout_to_the_client();
    call.out.flush();
    auto const status = co_await run_to_its_end(*signals, call, given);
    if (!status) co_return status.error();
    // The status stands, whatever becomes of the rest: a certificate may well be there. Signals
    // that have come were for the client. One that comes now waits neither for a lock of the
    // journal nor for the API: the journal knows what is left.
    end_suddenly_with(*status);
    signals->react_with([](int, bool) {});
    signals.reset();
    for (auto const& row : left_behind(call, before))
        call.journal().take_up(row);
    co_await sweep_after(call, before, client);
    call.out.end_with(*status);
    co_return result<void>();
}

} // namespace acme_dns01::cli
