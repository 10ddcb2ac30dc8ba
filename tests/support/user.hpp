#pragma once

#include "dns/exchange.hpp"
#include "sandbox/local_digitalocean.hpp"
#include "support/command.hpp"
#include "support/terminal.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace acme_dns01::test {

// Values of the length that an ACME client passes.
inline std::string const value_a = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
inline std::string const value_b = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
inline std::string const value_c = "-CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC";

// A user who runs the real acme-dns01 in a sandbox.
class user {
public:
    explicit user(sandbox::local_digitalocean const& s) : environment_(s.environment()) {}

    // From the next run on.
    user& with(std::string const& name, std::string const& value);
    user& without(std::string const& name);
    // Every DNS question goes to this resolver, or to servers on its port.
    user& resolving_at(dns::endpoint const& resolver);
    // The text on stdin.
    user& typing(std::string const& text);

    // Runs to its end, for a minute at most.
    test::outcome run(std::vector<std::string> const& arguments) const;
    // The same with stderr, or with stdout as well, on a terminal.
    test::outcome
    run_on(terminal const& t, std::vector<std::string> const& arguments, bool with_stdout) const;
    // The same as the child of another client, which has ended when this returns.
    test::outcome run_by_another(std::vector<std::string> const& arguments) const;

    // "state", "value", ... of each row that `status` shows.
    std::vector<std::string> outstanding(std::string const& key) const;

    // certbot's hooks, as certbot calls them for one challenge.
    test::outcome auth(std::string const& domain, std::string const& value, int remaining) const;
    test::outcome cleanup(
        std::string const& domain,
        std::string const& value,
        std::string const& auth_output,
        int remaining = 0
    ) const;

    // Any other program, in the same environment.
    test::outcome execute(std::vector<std::string> const& line) const;

private:
    std::map<std::string, std::string> environment_;
    std::string input_;
    std::vector<std::string> without_{
        "ACME_DNS01_CONFIG",
        "ACME_DNS01_TOKEN_FILE",
        "CREDENTIALS_DIRECTORY",
        "SSL_CERT_DIR",
        "HTTPS_PROXY",
        "https_proxy",
        "no_proxy"};
};

// Three servers that publish after these delays, in seconds.
sandbox::options quick(std::vector<double> const& delays = {0.0, 0.05, 0.1});

// A fault that hits `times` requests of this method.
sandbox::fault
failing(sandbox::fault_action action, std::string const& method, std::size_t times = 1);

// Changes a file of the sandbox's state folder.
void execute_in(std::filesystem::path const& file, std::string const& sql);
void execute_in_journal(sandbox::local_digitalocean const& s, std::string const& sql);

// Without ", tried 3 times": the number of tries is a matter of chance.
std::string without_count_of_tries(std::string const& message);

// The options in a command that is advised, so that it works without the sandbox's environment.
std::string place_of(sandbox::local_digitalocean const& s);

// The data of the TXT records of a zone at the API, in the order of their ids.
std::vector<std::string> txt_values(sandbox::local_digitalocean const& s, std::string const& zone);

// "POST /v2/domains/example.com/records 201" for each call.
std::vector<std::string> calls_of(sandbox::local_digitalocean const& s);

} // namespace acme_dns01::test
