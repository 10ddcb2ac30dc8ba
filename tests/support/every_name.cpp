#include "support/every_name.hpp"

#include "support/tested.hpp"

#include <algorithm>

namespace acme_dns01::test {

namespace {

constexpr auto shell_script = R"(
    count=$1 program=$2 command=$3; shift 3
    seq "$count" | xargs -P 8 -I N sh -c '
        value=$(printf "%043d" N)
        "$0" "$@" "hN.example.com" "$value" --deadline 200' "$program" "$command" "$@"
)";

} // namespace

test::outcome run_for_every_name(
    sandbox::local_digitalocean const& s, std::size_t count, std::vector<std::string> const& command
) {
    test::command all;
    all.arguments = {"sh", "-c", shell_script, "sh", std::to_string(count), tested::program()};
    all.arguments.insert(all.arguments.end(), command.begin(), command.end());
    all.environment = s.environment();
    all.capture = true;
    all.time_limit = seconds(400);
    return test::run(all).value();
}

std::size_t calls_with(sandbox::local_digitalocean const& s, unsigned status) {
    auto const calls = s.calls();
    return static_cast<std::size_t>(std::ranges::count(calls, status, &sandbox::call::status));
}

} // namespace acme_dns01::test
