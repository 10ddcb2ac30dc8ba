#pragma once

#include "sandbox/local_digitalocean.hpp"
#include "support/scripted_zones.hpp"
#include "support/user.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::test {

// A public DNS and an account for `acme-dns01 check`: at first all is well.
struct check_world {
    using replies = std::optional<std::vector<reply>>;

    // The addresses of the servers: of the zones above, of example.test and held.test, and of
    // somebody else's zone.
    static constexpr auto upper = "127.53.30.1";
    static constexpr auto first = "127.53.30.2";
    static constexpr auto second = "127.53.30.3";
    static constexpr auto foreign = "127.53.30.4";

    check_world();

    sandbox::options api = quick({0});
    std::vector<scripted_zone> public_dns;
    // The answer to a question instead of that of the zones.
    std::function<replies(received_query const&)> override;
    std::vector<std::string> domains{"www.example.test"};
    std::vector<std::string> options{};
    std::function<void(sandbox::local_digitalocean&, user&)> at_last;
    std::function<void(user&)> afterwards;

    void add(std::string const& zone, std::string const& line);
    void remove(std::string const& zone, std::string const& line);
    scripted_zone& zone(std::string const& name);
};

struct checked {
    int status = 0;
    boost::json::array findings;
    std::string err;
    std::vector<sandbox::call> calls;
    std::size_t questions = 0;
};

// The findings that a run of `check --json` has printed.
boost::json::array findings_in(outcome const& done);

checked check(check_world const& w);

// "domain", "check", "severity", "message", "evidence", "fix" of a finding; the whole.
std::string text(boost::json::value const& finding, char const* key);
std::string whole(boost::json::value const& finding);

// Everything that is not well, as one text for each.
std::vector<std::string> faults_in(boost::json::array const& all);

// Each fault has a fix, only this check has errors, and one of its faults names the text.
void check_found(std::string const& id, std::string const& names, boost::json::array const& all);

} // namespace acme_dns01::test
