#include "cli/commands.hpp"

#include <algorithm>
#include <array>

namespace acme_dns01::cli {

namespace {

constexpr std::array all{
    command{
        "present",
        "<domain> <value> [<domain> <value>]...",
        "creates one TXT record per pair and waits for all of them",
        present,
    },
    command{
        "wait",
        "[<domain> <value>]...",
        "waits until every authoritative server serves the values; without a pair, all outstanding",
        wait,
    },
    command{
        "cleanup",
        "<domain> <value> [...] | --id <zone>/<id> [...]",
        "removes exactly those records, by their ids",
        cleanup,
    },
    command{"status", "", "what was created here and is not yet removed", status},
    command{"hook certbot-auth", "", "certbot's --manual-auth-hook", hook_certbot_auth},
    command{"hook certbot-cleanup", "", "certbot's --manual-cleanup-hook", hook_certbot_cleanup},
};

} // namespace

std::span<command const> commands() { return all; }

error usage_of(std::string_view name) {
    auto const found = std::ranges::find(all, name, &command::name);
    return {
        .kind = error_kind::usage,
        .message = "'" + std::string(name) + "' was not given the arguments it needs",
        .hint = "acme-dns01 " + std::string(name) + " " + std::string(found->synopsis),
    };
}

result<void> expect_no_arguments(std::string_view name, arguments const& given) {
    if (given.empty()) return {};
    return error{
        .kind = error_kind::usage,
        .message =
            "'" + std::string(name) + "' takes no arguments, and was given '" + given.front() + "'",
    };
}

} // namespace acme_dns01::cli
