#include "cli/commands/invocation.hpp"

namespace acme_dns01::cli {

namespace {

log log_to(output& out) {
    log to_output;
    to_output.note = [&out](std::string const& sentence) { out.note(sentence); };
    to_output.progress = [&out](std::string const& sentence) { out.progress({sentence}); };
    to_output.warning = [&out](std::string const& sentence) { out.warning(sentence); };
    return to_output;
}

services::resolver_settings resolver_settings_of(settings const& set) {
    return {
        set.resolvers,
        set.trust_anchor,
        set.dns_port,
        set.propagation == challenge::asked_servers::authoritative,
    };
}

services::account_settings account_settings_of(settings const& set) {
    return {
        set.api,
        set.trust,
        set.token_file,
        set.configured_token_file,
        set.account,
        set.accounts,
        set.deadline,
    };
}

} // namespace

invocation::invocation(
    boost::asio::any_io_executor runs_on,
    settings const& given,
    environment const& variables,
    output& to
)
    : set(given)
    , env(variables)
    , out(to)
    , executor(std::move(runs_on))
    , notes(log_to(to))
    , state(given.state_dir, notes)
    , resolvers(executor, resolver_settings_of(given))
    , accounts(executor, account_settings_of(given), variables, state, resolvers, notes) {}

challenge::cleaner invocation::cleaner() {
    return {accounts, journal(), resolvers, set.allow, notes};
}

challenge::runner_process invocation::runner() const {
    return parse_process_id(env.get(run_variable).value_or(""));
}

} // namespace acme_dns01::cli
