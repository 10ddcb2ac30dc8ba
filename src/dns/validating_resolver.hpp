#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "dns/exchange.hpp"
#include "dns/message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::dns {

// What DNSSEC says of an answer (RFC 4035 4.3). Insecure is proven not to be signed; unknown is
// what nobody could tell, because the answer did not come or the resolver keeps signatures back.
enum class dnssec { secure, insecure, bogus, unknown };

std::string_view to_string(dnssec status);

// What came of one question. Aliases were followed.
struct validated {
    response_code code = response_code::noerror;
    dnssec status = dnssec::unknown;
    // Where the aliases led; the name that was asked for where there are none.
    name found_at;
    // The RDATA of the records of the type that was asked for.
    std::vector<std::vector<std::uint8_t>> data;
    // No usable answer (SERVFAIL, REFUSED, silence, bogus), and why: the library's words with what
    // servers said in them, so not to be trusted. Empty where there is an answer.
    std::string failure;
    bool is_silence = false; // nothing came at all
    // It says that there is nothing, and has no SOA record to say so (RFC 2308 2).
    bool lacks_soa = false;
};

struct validating_settings {
    // Recursive resolvers to ask, any of them. Empty: the resolver asks its way down from the root
    // itself.
    std::vector<endpoint> forward_to;
    // DS or DNSKEY records in presentation format; empty: the root's, built in.
    std::string trust_anchor_file;
};

// libunbound, the resolver that Let's Encrypt runs, driven by our event loop. Answers are kept as
// long as it lives. May be made only where it is needed: it costs some milliseconds.
class validating_resolver {
public:
    // error_kind::configuration for a trust anchor that cannot be used.
    static result<validating_resolver>
    make(boost::asio::any_io_executor executor, validating_settings const& settings);

    validating_resolver(validating_resolver&&) noexcept;
    validating_resolver& operator=(validating_resolver&&) noexcept;
    ~validating_resolver();

    // Never fails but in its value. No more than at_once_max are on their way at a time; the others
    // wait in the order in which they came, and patience begins where that ends: the silence of one
    // domain's servers is no failure of another's. Behind forwarders and with the trust anchor that
    // is built in, the first look-up asks them whether they pass signatures on, and if they do not,
    // every status is unknown. What is on its way keeps its place until it is over, since nobody
    // can call a question back: a cancellation ends only what waits. The resolver need not outlive
    // what it is asked.
    boost::asio::awaitable<validated> look_up(question asked, clock::duration patience) const;
    static constexpr std::size_t at_once_max = 64;

    // The question that all validation begins with.
    boost::asio::awaitable<validated> keys_of_root(clock::duration patience) const;

    // False once it is known that the forwarders keep signatures back.
    bool validates() const;

    // Why none of the forwarders can be asked at all: a sentence; empty as long as one may answer.
    // All look-ups fail then, at once.
    std::string refusal() const;

private:
    class context;
    explicit validating_resolver(std::shared_ptr<context> c);
    std::shared_ptr<context> context_;
};

} // namespace acme_dns01::dns
