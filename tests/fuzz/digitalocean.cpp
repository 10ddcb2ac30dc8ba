#include "cli/output/resource_report.hpp"
#include "digitalocean/answers.hpp"
#include "digitalocean/token.hpp"
#include "dns/resolver.hpp"
#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace acme_dns01::fuzz {

namespace {

constexpr auto token = "dop_v1_secret";

// Each line is printed as one, and as nothing but text.
void require_printed(std::vector<std::string> const& lines) {
    char* text = nullptr;
    std::size_t size = 0;
    auto* const stream = ::open_memstream(&text, &size);
    cli::output(stream, stream).result(lines, {});
    std::fclose(stream);
    auto const printed = lines_of({text, size});
    std::free(text);
    require(printed.size() == lines.size() + 1, "a line is one line");
    std::ranges::for_each(printed, require_one_line);
}

// An item that is written and read again is the same.
template <class T, class Read>
void require_item(result<T> const& item, Read read) {
    if (!item) return require_failure(item.error(), error_kind::bad_answer);
    require_same(read(to_json(*item)), *item, "an item stays");
}

template <class T, class Read>
void require_page(result<digitalocean::page<T>> const& page, Read read) {
    if (!page) return require_failure(page.error(), error_kind::bad_answer);
    for (auto const& item : page->items)
        require_item(result<T>(item), read);
    auto const lines = cli::lines_for(page->items, {});
    // The titles, or the sentence about an empty list, are a line of their own.
    require(lines.size() == page->items.size() + 1, "an item is one line");
    require_printed(lines);
}

void require_refusal(net::response const& answer) {
    auto const failure = digitalocean::failure_of(answer, "listing", "domain:read", token);
    require_failure(failure, failure.kind);
    require(failure.text().find(token) == std::string::npos, "no message shows the token");
    require(failure.request_id.find(token) == std::string::npos, "no request id shows the token");
}

} // namespace

void api_answer(std::string_view input) {
    if (input.empty()) return;
    net::response const answer{100 + 2U * bytes_of(input)[0], {}, std::string(input.substr(1))};
    require_refusal(answer);
    auto const json = digitalocean::parse_json(answer.body);
    if (!json) return require_failure(json.error(), error_kind::bad_answer);
    require_page(digitalocean::domains_in(*json), digitalocean::domain_from_json);
    require_page(digitalocean::records_in(*json), digitalocean::record_from_json);
    require_item(digitalocean::domain_in(*json), digitalocean::domain_from_json);
    require_item(digitalocean::record_in(*json), digitalocean::record_from_json);
    auto const zone = digitalocean::domain_from_json(*json);
    if (zone) require_printed(cli::zone_file_lines(*zone, {}));
}

void token_and_resolvers(std::string_view input) {
    auto const found = digitalocean::token_in(input, "the file");
    if (!found) require_failure(found.error(), error_kind::configuration);
    if (found) {
        auto const text = found->reveal();
        require_one_line(text);
        require(text.find(' ') == std::string_view::npos && !text.empty(), "a token is one word");
        require(input.find(text) != std::string_view::npos, "a token is what the file contains");
    }
    auto const servers = dns::parse_resolv_conf(input);
    require(!servers.empty() && servers.size() <= 3, "there are one to three resolvers");
    for (auto const& server : servers) {
        auto const written = dns::to_string(server);
        require_one_line(written);
        require_same(dns::parse_endpoint(written, 53), server, "an endpoint stays");
    }
}

} // namespace acme_dns01::fuzz
