#include "cli/commands/invocation.hpp"

#include "cli/output/challenge_report.hpp"
#include "cli/output/sudden_end.hpp"

#include <memory>
#include <set>

namespace acme_dns01::cli {

namespace {

log log_to(output& out) {
    log to_output;
    to_output.note = [&out](std::string const& sentence) { out.note(sentence); };
    to_output.progress = [&out](std::string const& sentence) { out.progress({sentence}); };
    // A journal that cannot be used fails at every step for the same reason.
    to_output.warning = [&out, said = std::make_shared<std::set<std::string>>()](auto const& why) {
        if (said->insert(why).second) out.warning(why);
    };
    return to_output;
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
    , resolvers(executor, given.resolvers)
    , accounts(executor, given.accounts, variables, state, resolvers, notes) {
    state.watch([&given](std::vector<journal::entry> const& left) {
        would_leave(labels_of(left), remedy_for(left, given.same_place));
    });
}

std::vector<journal::entry> invocation::outstanding() {
    auto const all = journal().outstanding();
    if (!all) out.warning(all.error().text());
    return all ? *all : std::vector<journal::entry>();
}

void invocation::warn_of_resolver() {
    auto const note = resolvers.validation_note();
    if (!note.empty()) out.warning(note);
}

challenge::cleaner invocation::cleaner() {
    return {accounts, journal(), resolvers, set.allow, notes};
}

challenge::runner_process invocation::runner() const {
    return parse_process_id(env.get(run_variable).value_or(""));
}

} // namespace acme_dns01::cli
