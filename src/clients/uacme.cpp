#include "clients/uacme.hpp"

#include "base/text.hpp"

namespace acme_dns01::clients {

namespace {

constexpr auto this_hook = "uacme's hook: name hooks/uacme with its option -h";

} // namespace

result<hook_request> uacme_request(std::span<std::string const> arguments) {
    if (arguments.size() != 5) {
        return bad_call(
            "a method, a type, an identifier, a token and an authorization are needed", this_hook
        );
    }
    auto const& method = arguments[0];
    auto const is_begin = method == "begin";
    if (!is_begin && method != "done" && method != "failed") {
        return bad_call("'" + printable(method, 40) + "' is no method", this_hook);
    }
    auto const is_ours = arguments[1] == "dns-01";
    if (!is_ours) return hook_request{is_begin ? hook_action::decline : hook_action::nothing};
    auto const action = is_begin ? hook_action::present : hook_action::cleanup;
    return hook_request{action, {{arguments[2], arguments[4]}}};
}

} // namespace acme_dns01::clients
