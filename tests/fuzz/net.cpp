#include "digitalocean/retry.hpp"
#include "fuzz/fuzz.hpp"
#include "net/http.hpp"
#include "net/proxy.hpp"

#include <algorithm>
#include <cstring>

namespace acme_dns01::fuzz {

namespace {

constexpr auto canary = "gT7-canary";

// Empty if the bytes are no whole answer.
std::optional<net::response>
answer_in(std::string_view bytes, std::size_t piece, net::answer_limits limits = {}) {
    net::response_reader reader(net::response_reader::part::whole, limits);
    while (!bytes.empty() && !reader.is_done()) {
        auto const fed = reader.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        if (fed) continue;
        auto const is_large = fed.error().kind == error_kind::too_large;
        require_failure(fed.error(), is_large ? error_kind::too_large : error_kind::bad_answer);
        return std::nullopt;
    }
    if (!reader.is_done() && !reader.end()) return std::nullopt;
    return reader.take();
}

std::size_t count_of(char c, std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count(text, c));
}

// Three words in the first line, and no line more than the head has anyway.
void require_request(std::string const& wire, std::size_t lines) {
    require(count_of(' ', wire.substr(0, wire.find('\r'))) == 2, "a request line has three words");
    require(count_of('\n', wire) == lines && count_of('\r', wire) == lines, "no line is forged");
    require(wire.ends_with("\r\n\r\n"), "a request has an end");
}

net::base_url require_url(std::string const& text) {
    auto url = net::parse_base_url(text);
    if (!url) {
        require_failure(url.error(), error_kind::usage);
        return net::parse_base_url("https://api.test/v9").value();
    }
    auto const again = net::parse_base_url(url->origin() + url->prefix + "/");
    require(again.has_value(), "a URL can be written and read");
    require(again->host == url->host && again->port == url->port, "a URL's authority stays");
    require(again->prefix == url->prefix, "a URL's prefix stays");
    return *url;
}

} // namespace

void http_answer(std::string_view input) {
    if (input.empty()) return;
    auto const piece = std::size_t{1} + bytes_of(input)[0];
    auto const whole = answer_in(input.substr(1), input.size());
    auto const pieces = answer_in(input.substr(1), piece);
    require(whole.has_value() == pieces.has_value(), "an answer is one however it comes");
    if (!whole) return;
    require(whole->status == pieces->status, "the status is one however it comes");
    require(whole->headers == pieces->headers, "the header is one however it comes");
    require(whole->body == pieces->body, "the body is one however it comes");
    auto const limited = answer_in(input.substr(1), piece, {200, 20});
    require(!limited || limited->body.size() <= 20, "a body has a bound");
    auto const rate = digitalocean::rate_in(whole->headers, digitalocean::wall_clock::time_point());
    require(rate.retry_after.value_or(std::chrono::seconds(0)).count() >= 0, "a wait is forwards");
}

void url_and_proxy(std::string_view input) {
    auto lines = lines_of(input);
    lines.resize(3);
    auto const url = require_url(lines[0]);
    require_request(net::wire_of({"GET", "/v2/domains", ""}, url, secret("token")), 6);
    for (auto const& prefix : {std::string(), std::string("http://user:") + canary}) {
        environment const env({{"HTTPS_PROXY", prefix + lines[1]}, {"NO_PROXY", lines[2]}});
        auto const proxy = net::proxy_for(url, env);
        if (!proxy) {
            require_failure(proxy.error(), error_kind::configuration);
            require(proxy.error().message.find(canary) == std::string::npos, "no secret is shown");
        } else if (*proxy) {
            require_one_line((*proxy)->label());
            auto const& credentials = (*proxy)->credentials;
            require_request(net::connect_wire_of(url, credentials), credentials.empty() ? 4 : 5);
        }
    }
}

} // namespace acme_dns01::fuzz
