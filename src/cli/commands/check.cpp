#include "preflight/check.hpp"

#include "cli/commands/commands.hpp"
#include "cli/output/check_report.hpp"

namespace acme_dns01::cli {

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
    preflight::services_to_ask const services{
        call.accounts, call.resolvers, call.state, call.set.allow, call.notes};
    auto found = co_await preflight::check(services, *subjects, how);
    co_return found;
}

outcome check(invocation& call, arguments given) {
    if (given.empty()) co_return usage_of("check");
    auto const found = co_await findings_about(call, given);
    if (!found) co_return found.error();
    auto const note = call.resolvers.validation_note();
    if (!note.empty()) call.out.warning(note);
    call.out.result(lines_for(*found, call.set.output.verbose), to_json(*found));
    co_return outcome_of(*found);
}

} // namespace acme_dns01::cli
