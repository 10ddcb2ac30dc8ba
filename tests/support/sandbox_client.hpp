#pragma once

#include "dns/message.hpp"
#include "sandbox/local_digitalocean.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::test {

// Small blocking clients that share no code with the product, so that the two cannot agree on a
// mistake. Every operation ends within ten seconds.

struct http_answer {
    unsigned status = 0;
    std::string body;
    std::map<std::string, std::string> headers; // names in lower case
};

// One connection to the sandbox's API, kept for all requests whatever the server answers. Failures
// throw boost::system::system_error.
class https_connection {
public:
    // The certificate must be for `host` and issued by the sandbox's authority.
    explicit https_connection(
        sandbox::local_digitalocean const& s, std::string const& host = "127.0.0.1"
    );
    https_connection(https_connection const&) = delete;
    https_connection& operator=(https_connection const&) = delete;
    ~https_connection();

    http_answer send(std::string_view method, std::string_view target, std::string_view body = {});
    // Sends raw bytes inside TLS; returns all bytes until the server closes.
    std::string send_raw(std::string_view bytes);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

// A handshake that trusts `ca_file` alone, with TLS up to `version_max` unless that is 0. Returns
// the error's text, empty if it succeeds.
std::string handshake_failure(
    sandbox::local_digitalocean const& s,
    std::string const& ca_file,
    std::string const& host,
    int version_max
);

// One question to one server. Nothing if no answer comes within `patience`.
std::optional<dns::message>
ask(sandbox::local_digitalocean const& s,
    std::string const& address,
    dns::message const& query,
    bool over_tcp = false,
    seconds patience = seconds(10));

dns::message query_for(std::string_view name, dns::record_type type = dns::record_type::txt);

} // namespace acme_dns01::test
