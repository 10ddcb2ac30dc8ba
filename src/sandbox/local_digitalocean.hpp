#pragma once

#include "base/clock.hpp"
#include "digitalocean/record.hpp"
#include "dns/message.hpp"
#include "sandbox/calls.hpp"
#include "sandbox/fault.hpp"
#include "sandbox/name_service.hpp"
#include "sandbox/options.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::sandbox {

// PEM files: the certificate with its chain, and its key.
struct certificate_files {
    std::string certificate;
    std::string key;
};

// Whether something added by a test is on every name server at once, or only after each one's
// delay, as if it had come through the API.
enum class publishing { at_once, delayed };

// DigitalOcean's Domains and Domain Records API over HTTPS, and the zones' authoritative name
// servers and a resolver over UDP and TCP, all on loopback addresses and on ports of their own.
// They run on a thread of their own, and answer when the constructor returns. The constructor
// throws std::runtime_error if they cannot start. Every member may be called from any thread. A
// zone, an address or a record that does not exist is a bug in the test: std::invalid_argument.
class local_digitalocean {
public:
    explicit local_digitalocean(options const& o = {});
    local_digitalocean(local_digitalocean const&) = delete;
    local_digitalocean& operator=(local_digitalocean const&) = delete;
    // Stops everything and removes its folder.
    ~local_digitalocean();

    std::string api_url() const;    // "https://127.0.0.1:<port>"; "localhost" is certified as well
    std::string ca_file() const;    // PEM
    std::string resolver() const;   // "127.0.0.1:<port>"
    std::uint16_t dns_port() const; // of the resolver and of every name server
    std::string token() const;
    std::string state_dir() const; // an empty folder that only its owner may enter
    // Makes a command use the sandbox and no configuration of this machine: ACME_DNS01_CONFIG (an
    // empty file), ACME_DNS01_API_URL, ACME_DNS01_RESOLVER, ACME_DNS01_DNS_PORT,
    // ACME_DNS01_STATE_DIR, SSL_CERT_FILE, DIGITALOCEAN_TOKEN and NO_PROXY (a proxy cannot reach
    // our loopback addresses).
    std::map<std::string, std::string> environment() const;

    // In the order of their answers.
    std::vector<call> calls() const;
    void clear_calls();
    // To the API, since the start: connections, and requests, answered or not.
    std::size_t connections() const;
    std::size_t arrived() const;
    // For the rate limit: moves the requests so far this far into the past.
    void age_requests(seconds by);
    void inject(fault f);
    void clear_faults();

    std::vector<digitalocean::record> records(std::string_view zone) const;
    void add_domain(std::string_view name, publishing when = publishing::at_once);
    // The record's id.
    std::int64_t add_record(
        std::string_view zone,
        digitalocean::record const& record,
        publishing when = publishing::at_once
    );
    void
    remove_record(std::string_view zone, std::int64_t id, publishing when = publishing::at_once);

    // `address` is a name server's or the resolver's.
    void set_behaviour(std::string_view address, behaviour b);
    void set_delay(std::string_view address, seconds delay);

    std::vector<query_count> queries() const;
    // Over UDP and TCP together.
    std::size_t query_count_of(std::string_view server, dns::question const& asked) const;
    void clear_queries();

    // A certificate for another server, issued by the same authority: host names and IP addresses.
    certificate_files issue_certificate(std::vector<std::string> const& hosts);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace acme_dns01::sandbox
