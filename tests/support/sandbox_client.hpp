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

// Small blocking clients that know nothing of the product's own, so that the two cannot agree on a
// mistake. Nothing takes longer than ten seconds.

struct http_answer {
    unsigned status = 0;
    std::string body;
    std::map<std::string, std::string> headers; // names in lower case
};

// One connection to the sandbox's API; boost::system::system_error where it fails. It is kept for
// all requests, whatever the server says.
class https_connection {
public:
    // The certificate has to be by the sandbox's authority and for `host`.
    explicit https_connection(
        sandbox::local_digitalocean const& s, std::string const& host = "127.0.0.1"
    );
    https_connection(https_connection const&) = delete;
    https_connection& operator=(https_connection const&) = delete;
    ~https_connection();

    http_answer send(std::string_view method, std::string_view target, std::string_view body = {});
    // Bytes as they are, inside TLS; what comes back until the server closes.
    std::string send_raw(std::string_view bytes);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

// A handshake with no other trust than `ca_file`, and no newer TLS than `version_max` where that is
// not 0; the error's text, or empty where it succeeds.
std::string handshake_failure(
    sandbox::local_digitalocean const& s,
    std::string const& ca_file,
    std::string const& host,
    int version_max
);

// One question to one server; nothing where no answer comes within `patience`.
std::optional<dns::message>
ask(sandbox::local_digitalocean const& s,
    std::string const& address,
    dns::message const& query,
    bool over_tcp = false,
    seconds patience = seconds(10));

dns::message query_for(std::string_view name, dns::record_type type = dns::record_type::txt);

} // namespace acme_dns01::test
