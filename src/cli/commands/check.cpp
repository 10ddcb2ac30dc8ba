#include "preflight/check.hpp"

#include "challenge/owner.hpp"
#include "challenge/present.hpp"
#include "cli/commands/commands.hpp"
#include "cli/output/check_report.hpp"
#include "preflight/write_test.hpp"

#include <filesystem>

namespace acme_dns01::cli {

namespace {

// With what `present`, `wait` and `cleanup` do.
boost::asio::awaitable<preflight::findings> write_in(invocation& call, dns::name zone) {
    auto cleaner = call.cleaner();
    challenge::presenter presenter(
        call.accounts, call.journal(), call.resolvers, cleaner, call.notes
    );
    preflight::writing const by{
        .presenter = presenter,
        .cleaner = cleaner,
        .allow = call.set.allow,
        .owner = challenge::run_of_present(call.runner()),
        .ttl = call.set.ttl,
        .wait = [&call](challenge::targets wanted) { return wait_for(call, std::move(wanted)); },
    };
    auto found = co_await preflight::write_test(by, zone);
    co_return found;
}

} // namespace

async_result<preflight::findings> findings_about(invocation& call, arguments domains) {
    auto const subjects = preflight::subjects_of(domains);
    if (!subjects) co_return subjects.error();
    auto const by = co_await named_issuer(call);
    if (!by) co_return by.error();
    auto const& set = call.set.caa;
    preflight::issuance how;
    how.by = *by;
    how.account_uri = set.account_uri.value_or("");
    how.method = set.method.value_or("dns-01");
    preflight::services_to_ask services{
        call.accounts, call.resolvers, call.state, call.set.allow, call.notes};
    if (call.set.write_test)
        services.write_test = [&call](dns::name zone) { return write_in(call, std::move(zone)); };
    auto found = co_await preflight::check(services, *subjects, how);
    co_return found;
}

void add_metrics_folder(confinement& needs, settings const& set) {
    std::error_code ec;
    auto const& file = set.cert.metrics;
    if (file.empty()) return;
    auto const real = std::filesystem::canonical(file, ec);
    auto const whole = ec ? std::filesystem::absolute(file, ec) : real;
    needs.writable.push_back(whole.parent_path());
}

void check_needs(
    confinement& needs, settings const& set, arguments const& /*given*/, environment const& /*env*/
) {
    add_metrics_folder(needs, set);
}

void add_outstanding(invocation& call, std::vector<metric_family>& into) {
    std::error_code ec;
    auto const file = std::filesystem::path(call.set.state_dir) / "journal.sqlite";
    if (call.set.state_dir.empty() || !std::filesystem::exists(file, ec)) return;
    auto const count = static_cast<double>(call.outstanding().size());
    into.push_back(
        {"acme_dns01_records_outstanding",
         "How many records were created on this host and are not yet removed.",
         {{{}, count}}}
    );
}

outcome check(invocation& call, arguments given) {
    if (given.empty()) co_return usage_of("check");
    auto const found = co_await findings_about(call, given);
    if (!found) co_return found.error();
    call.warn_of_resolver();
    call.out.toned_result(lines_for(*found, call.set.output.verbose), to_json(*found));
    auto const& file = call.set.cert.metrics;
    if (!file.empty()) {
        auto metrics = metrics_of(*found);
        add_outstanding(call, metrics);
        metrics.push_back(run_metric(std::chrono::system_clock::now()));
        auto const written = write_metrics(file, metrics);
        if (!written) co_return written.error();
    }
    co_return outcome_of(*found);
}

} // namespace acme_dns01::cli
