#pragma once

#include "base/environment.hpp"
#include "challenge/cleanup.hpp"
#include "challenge/owner.hpp"
#include "cli/options/settings.hpp"
#include "cli/output/output.hpp"
#include "services/accounts.hpp"
#include "services/resolvers.hpp"
#include "services/state_folder.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <string_view>

namespace acme_dns01::cli {

// Tells hooks and commands below `run` whose they are: the value is the process of `run`.
inline constexpr std::string_view run_variable = "ACME_DNS01_RUN";

// One command line as it is carried out: the settings, the output, and the services, which are made
// when first needed. Commands alone have it; a use case gets the services it needs.
class invocation {
public:
    invocation(
        boost::asio::any_io_executor executor,
        settings const& given,
        environment const& variables,
        output& to
    );
    invocation(invocation const&) = delete;
    invocation& operator=(invocation const&) = delete;

    std::string_view command{}; // its name, "record list"
    settings const& set;
    environment const& env;
    output& out;
    boost::asio::any_io_executor executor;
    log notes;                       // to the output
    std::function<void()> confine{}; // this process, to what it still needs

    services::state_folder state;
    services::resolvers resolvers;
    services::accounts accounts;

    journal::store& journal() { return state.journal(); }
    // The journal's rows: none, and a warning, if it cannot be read.
    std::vector<journal::entry> outstanding();
    // Warns if the resolver cannot validate as it should.
    void warn_of_resolver();
    challenge::cleaner cleaner();
    challenge::runner_process runner() const;
};

} // namespace acme_dns01::cli
