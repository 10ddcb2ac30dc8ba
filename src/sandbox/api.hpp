#pragma once

#include "digitalocean/record.hpp"
#include "sandbox/account.hpp"
#include "sandbox/paging.hpp"
#include "sandbox/rate_limit.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acme_dns01::sandbox {

struct api_request {
    std::string method;
    std::string target;
    std::string authorization; // the header's value; empty if there is none
    std::string body;
    moment at;
};

struct api_response {
    unsigned status = 200;
    std::string body; // JSON, or empty
    std::vector<std::pair<std::string, std::string>> headers;
};

struct api_settings {
    std::string token;
    std::set<std::string> scopes; // empty: everything
    request_limits limits;
    std::function<std::string()> request_id; // makes a new one
};

// The Domains and Domain Records API without its sockets: takes a request, changes the account and
// returns the answer. It checks, in this order, the token, the rate limit, the path, the token's
// scope and the body.
class api {
public:
    api(account& a, api_settings settings);

    // The start of the links to other pages.
    void set_base_url(std::string url) { base_url_ = std::move(url); }

    api_response handle(api_request const& request);
    bool is_authorized(api_request const& request) const;
    // The API's answer with that status. Does nothing and counts nothing; its headers show the
    // present rate limit.
    api_response refusal(unsigned status, moment at);
    // Moves the requests so far this far into the past.
    void age_requests(clock::duration by) { rates_.age(by); }

private:
    struct route;

    api_response failure(unsigned status, std::string_view message = {}) const;
    api_response answer(api_request const& request);
    api_response domains(route const& r);
    api_response domain(route const& r);
    api_response records(route const& r);
    api_response record(route const& r);

    api_response list_domains(route const& r) const;
    api_response create_domain(route const& r);
    api_response list_records(route const& r) const;
    api_response create_record(route const& r);
    api_response change_record(route const& r, zone const& z, std::int64_t id);

    bool may(std::initializer_list<std::string_view> one_of) const;

    account& account_;
    api_settings settings_;
    std::string base_url_ = "https://api.digitalocean.com";
    rate_limit rates_;
};

} // namespace acme_dns01::sandbox
