#pragma once

#include "base/error.hpp"
#include "clients/hook_request.hpp"

#include <string>

namespace acme_dns01::test {

inline std::string text_of(clients::hook_action action) {
    switch (action) {
    case clients::hook_action::nothing:
        return "nothing";
    case clients::hook_action::present:
        return "present";
    case clients::hook_action::cleanup:
        return "cleanup";
    case clients::hook_action::finish:
        return "finish";
    case clients::hook_action::decline:
        return "decline";
    }
    return "?";
}

// "present example.com=VALUE @_acme-challenge.example.com=VALUE", '@' before a record's own name;
// or "usage: <message>: <hint>".
inline std::string text_of(result<clients::hook_request> const& request) {
    if (!request) {
        auto const& e = request.error();
        return std::string(to_string(e.kind)) + ": " + e.message + ": " + e.hint;
    }
    auto text = text_of(request->action);
    for (auto const& c : request->challenges)
        text += std::string(c.is_record_name ? " @" : " ") + c.name + "=" + c.value;
    return text;
}

} // namespace acme_dns01::test
