#pragma once

#include "sandbox/api.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acme_dns01::test {

struct api_answer {
    unsigned status = 0;
    boost::json::value body; // null if the answer has no body
    std::vector<std::pair<std::string, std::string>> headers;

    std::string header(std::string_view name) const; // empty if absent
};

// The sandbox's API with an account of its own and a clock that only the test moves. Its token is
// "token", its request ids are those of the published examples.
class sandbox_api {
public:
    explicit sandbox_api(std::set<std::string> scopes = {}, sandbox::request_limits limits = {});

    api_answer get(std::string_view target) { return send("GET", target); }
    api_answer post(std::string_view target, std::string_view body) {
        return send("POST", target, body);
    }
    api_answer send(
        std::string_view method,
        std::string_view target,
        std::string_view body = {},
        std::string_view authorization = "Bearer token"
    );
    void advance(std::chrono::milliseconds by);
    clock::time_point now() const { return now_.time; }
    sandbox::account& account() { return account_; }
    // A zone called example.com with an A record, as in the published examples.
    void create_example();

private:
    sandbox::moment now_{
        clock::time_point(std::chrono::hours(1000)), std::chrono::seconds(1415982609)};
    sandbox::account account_;
    sandbox::api api_;
};

// The body of an error, as this API writes it.
boost::json::value api_error(std::string_view id, std::string_view message);

} // namespace acme_dns01::test
