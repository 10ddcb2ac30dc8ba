#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace acme_dns01::fuzz {

namespace {

constexpr target all[]{
    {"dns_message", dns_message},
    {"dns_name", dns_name},
    {"caa_value", caa_value},
    {"standing_record", standing_record},
    {"http_answer", http_answer},
    {"api_answer", api_answer},
    {"url_and_proxy", url_and_proxy},
    {"configuration", configuration},
    {"command_line", command_line},
    {"token_and_resolvers", token_and_resolvers},
    {"certbot_files", certbot_files},
    {"journal_file", journal_file},
    {"client_arguments", client_arguments},
    {"sandbox_request", sandbox_request},
};

bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }

} // namespace

std::span<target const> targets() { return all; }

void require(bool is_kept, std::string_view promise) {
    if (is_kept) return;
    std::fprintf(stderr, "not kept: %s\n", std::string(promise).c_str());
    std::abort();
}

void require_one_line(std::string_view text) {
    require(std::ranges::all_of(text, is_printable), "a text is one line of printable ASCII");
}

void require_failure(error const& e, error_kind kind) {
    require(e.kind == kind, "the kind of a failure: " + std::string(to_string(e.kind)));
    require(!e.message.empty(), "a failure has a message");
    require_one_line(e.text());
    require_one_line(e.hint);
    require_one_line(e.request_id);
}

std::vector<std::string> lines_of(std::string_view input) {
    std::vector<std::string> lines;
    for (auto end = input.find('\n'); end != std::string_view::npos; end = input.find('\n')) {
        lines.emplace_back(input.substr(0, end));
        input.remove_prefix(end + 1);
    }
    lines.emplace_back(input);
    return lines;
}

std::span<std::uint8_t const> bytes_of(std::string_view input) {
    return {reinterpret_cast<std::uint8_t const*>(input.data()), input.size()};
}

} // namespace acme_dns01::fuzz
