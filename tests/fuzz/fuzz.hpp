#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::fuzz {

// What strangers send and what users write, read from any bytes. A target returns if its code keeps
// its promises for this input, and aborts if not.
struct target {
    std::string_view name; // also of its folder in corpus/
    void (*run)(std::string_view input);
};
std::span<target const> targets();

void dns_message(std::string_view input);         // one message
void dns_name(std::string_view input);            // lines: a name, a zone
void caa_value(std::string_view input);           // the RDATA of a CAA record
void standing_record(std::string_view input);     // of dns-persist-01; also what describes one
void http_answer(std::string_view input);         // the size of the pieces, then an answer in them
void api_answer(std::string_view input);          // the status, then a body
void url_and_proxy(std::string_view input);       // lines: an API URL, a proxy, NO_PROXY
void configuration(std::string_view input);       // a file
void command_line(std::string_view input);        // lines: ACME_DNS01_RESOLVER, then arguments
void token_and_resolvers(std::string_view input); // a token file, or resolv.conf
void certbot_files(std::string_view input);       // a renewal file, or a certificate as PEM or DER
void journal_file(std::string_view input);        // journal.sqlite
void client_arguments(std::string_view input);    // lines: a client, then variables and arguments
void sandbox_request(std::string_view input);     // lines: method and target, then a body; repeated

// Aborts with the name of the promise that is not kept.
void require(bool is_kept, std::string_view promise);
// Reading again gives the same.
template <class T>
void require_same(result<T> const& again, T const& before, std::string_view promise) {
    require(again && *again == before, promise);
}
// One line of printable ASCII.
void require_one_line(std::string_view text);
// A failure of this kind with a message, and its text on one line.
void require_failure(error const& e, error_kind kind);

// Empty lines, too; a text that ends in a newline ends in an empty line.
std::vector<std::string> lines_of(std::string_view input);
std::span<std::uint8_t const> bytes_of(std::string_view input);

} // namespace acme_dns01::fuzz
