#include "support/sandbox_api.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace acme_dns01::test {

namespace json = boost::json;

namespace {

constexpr auto request_id = "4d9d8375-3c56-4925-a3e7-eb137fed17e9";

std::vector<std::string> three_hosts() {
    return {"ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com"};
}

} // namespace

std::string api_answer::header(std::string_view name) const {
    auto const found =
        std::ranges::find(headers, name, [](auto const& h) -> std::string_view { return h.first; });
    return found == headers.end() ? std::string() : found->second;
}

sandbox_api::sandbox_api(std::set<std::string> scopes, sandbox::request_limits limits)
    : account_(three_hosts(), now_.unix_time.count())
    , api_(account_, {"token", std::move(scopes), limits, [] { return request_id; }}) {}

api_answer sandbox_api::send(
    std::string_view method,
    std::string_view target,
    std::string_view body,
    std::string_view authorization
) {
    sandbox::api_request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.authorization = authorization;
    request.at = now_;
    auto const response = api_.handle(request);
    api_answer answer{response.status, nullptr, response.headers};
    if (!response.body.empty()) answer.body = json::parse(response.body);
    return answer;
}

void sandbox_api::advance(std::chrono::milliseconds by) {
    auto const before = std::chrono::floor<std::chrono::seconds>(now_.time.time_since_epoch());
    now_.time += by;
    now_.unix_time +=
        std::chrono::floor<std::chrono::seconds>(now_.time.time_since_epoch()) - before;
}

void sandbox_api::create_example() {
    post("/v2/domains", R"({"name":"example.com","ip_address":"1.2.3.4"})");
}

json::value api_error(std::string_view id, std::string_view message) {
    return {
        {"id", json::string_view(id.data(), id.size())},
        {"message", json::string_view(message.data(), message.size())},
        {"request_id", request_id},
    };
}

} // namespace acme_dns01::test
