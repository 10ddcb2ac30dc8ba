#pragma once

#include "base/async_result.hpp"
#include "base/clock.hpp"
#include "base/semaphore.hpp"
#include "dns/exchange.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

// The verdict of DNSSEC on an answer (RFC 4035 4.3). Insecure: proven to be unsigned. Unknown:
// there is no answer, or the resolver strips signatures.
enum class dnssec { secure, insecure, bogus, unknown };

std::string_view to_string(dnssec status);

// The result of one question, aliases followed.
struct validated {
    response_code code = response_code::noerror;
    dnssec status = dnssec::unknown;
    // The name at the end of the aliases; the name asked for if there are none.
    name found_at;
    // The RDATA of the records of the type asked for.
    std::vector<std::vector<std::uint8_t>> data;
    // Why there is no usable answer (SERVFAIL, REFUSED, no answer in time, bogus); empty if there
    // is one. It may quote what servers said, so it is not to be trusted.
    std::string failure;
    // It says that there is no such record, without the SOA record to prove it (RFC 2308 2).
    bool lacks_soa = false;
};

struct validating_settings {
    // Recursive resolvers, any of which may be asked. Empty: the resolver asks its way down from
    // the root itself.
    std::vector<endpoint> forward_to;
    // A file of DS or DNSKEY records in presentation format; empty: the root's, built in.
    std::string trust_anchor_file;
    // False: signatures are not checked.
    bool validates = true;
};

class unbound;

// libunbound, the resolver that Let's Encrypt runs, driven by our event loop. It keeps answers as
// long as it lives. Made only when needed: it costs some milliseconds.
class validating_resolver {
public:
    validating_resolver(
        boost::asio::any_io_executor executor, std::shared_ptr<unbound> library, bool validates
    );

    // Fails only inside its value. At most at_once_max questions are in flight; the others wait in
    // order.
    // - Patience begins when a question is sent: the silence of one domain's servers must not make
    //   another's question fail.
    // - A question in flight cannot be called back, and keeps its place until it is over: a
    //   cancellation ends only one that waits for its place.
    // - This object need not outlive the look-up.
    boost::asio::awaitable<validated> look_up(question asked, clock::duration patience) const;
    static constexpr std::size_t at_once_max = 64;
    // The whole answer with all its sections, whatever its signatures are worth: who only wants to
    // know where to ask. error_kind::dns_failure.
    async_result<message> whole_answer(question asked, clock::duration patience) const;
    // For those who ask others as well, and keep to the same limit.
    async_semaphore const& places() const { return places_; }

    // False behind forwarders that strip signatures: every status is unknown then.
    bool validates() const { return validates_; }

private:
    std::shared_ptr<unbound> library_;
    async_semaphore places_;
    bool validates_;
};

struct reachable_resolver {
    std::optional<validating_resolver> resolver; // always there
    // Says which resolver it is, if it is not the one that the settings ask for.
    std::string note;
};

// Makes a resolver that answers from here. Forwarders are asked one question directly before
// libunbound is made, which would not learn that a resolver refuses and would ask it again until
// patience ends. Their answer also shows whether they strip signatures. If the settings name no
// forwarders and the root does not answer within `patience`, the resolver forwards to `otherwise`.
// error_kind::dns_failure: none of the forwarders answers, or there are none.
// error_kind::configuration: the trust anchor file cannot be used.
async_result<reachable_resolver> find_resolver(
    boost::asio::any_io_executor executor,
    validating_settings wanted,
    std::vector<endpoint> otherwise,
    clock::duration patience
);

} // namespace acme_dns01::dns
