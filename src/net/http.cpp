#include "net/http.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <ctime>
#include <optional>

namespace acme_dns01::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

using incoming = http::response_parser<http::string_body>;

// With room for the rest: a text that grows leaves a copy of the token behind.
std::string first_lines(std::string const& request, std::string const& host, std::size_t rest) {
    auto const text = request + " HTTP/1.1\r\nHost: " + host +
                      "\r\nUser-Agent: acme-dns01/" ACME_DNS01_VERSION "\r\n";
    std::string wire;
    wire.reserve(text.size() + rest);
    wire += text;
    return wire;
}

std::string size_text(std::size_t bytes) {
    constexpr std::size_t kib = 1024;
    if (bytes % (kib * kib) == 0) return std::to_string(bytes / (kib * kib)) + " MiB";
    if (bytes % kib == 0) return std::to_string(bytes / kib) + " KiB";
    return counted(bytes, "byte");
}

error failure(error_kind kind, std::string what) {
    return {
        .kind = kind,
        .message = "sent " + std::move(what),
        .hint = "check --api-url: is that DigitalOcean's API?",
    };
}

error no_http(std::string_view why) {
    return failure(error_kind::bad_answer, "no valid HTTP answer: " + std::string(why));
}

error failure_from(error_code ec, answer_limits const& limits) {
    if (ec == http::error::body_limit) {
        return failure(error_kind::too_large, "an answer of more than " + size_text(limits.body));
    }
    if (ec == http::error::header_limit) {
        return no_http("its header has more than " + size_text(limits.header));
    }
    return no_http(ec.message());
}

// 101 switches protocols: it is final, although nothing asked for it.
bool is_interim(unsigned status) { return status / 100 == 1 && status != 101; }

response to_response(http::response<http::string_body>&& message) {
    response answer;
    answer.status = message.result_int();
    for (auto const& field : message) {
        auto const name = field.name_string();
        answer.headers[lower({name.data(), name.size()})] = std::string(field.value());
    }
    answer.body = std::move(message.body());
    return answer;
}

} // namespace

std::string wire_of(request const& asked, base_url const& url, secret const& bearer) {
    constexpr std::size_t other_lines_max = 200;
    auto const host = url.origin().substr(std::string_view("https://").size());
    auto const rest = bearer.reveal().size() + asked.body.size() + other_lines_max;
    auto wire = first_lines(asked.method + " " + url.prefix + asked.target, host, rest);
    wire += "Accept: application/json\r\n";
    if (!bearer.empty()) wire.append("Authorization: Bearer ").append(bearer.reveal()) += "\r\n";
    if (!asked.body.empty()) {
        wire += "Content-Type: application/json\r\nContent-Length: ";
        wire += std::to_string(asked.body.size()) + "\r\n";
    }
    wire += "\r\n" + asked.body;
    return wire;
}

std::string connect_wire_of(base_url const& url, secret const& credentials) {
    auto const text = credentials.reveal();
    auto const* const bytes = reinterpret_cast<unsigned char const*>(text.data());
    secret const encoded(base64({bytes, text.size()}));
    std::string_view const field = "Proxy-Authorization: Basic "; // RFC 7617
    auto const rest = field.size() + encoded.reveal().size() + 4;
    auto wire = first_lines("CONNECT " + url.authority(), url.authority(), rest);
    if (!credentials.empty()) wire.append(field).append(encoded.reveal()) += "\r\n";
    wire += "\r\n";
    return wire;
}

struct response_reader::parts {
    part wanted;
    answer_limits limits;
    std::optional<incoming> parser;
    std::string unread;
    unsigned interim = 0;

    // Beast 1.81 asserts that it is given the end of a chunked body, "0\r\n\r\n", in one piece.
    std::size_t least() const { return parser->is_header_done() && parser->chunked() ? 5 : 1; }
};

response_reader::response_reader(part wanted, answer_limits limits)
    : parts_(std::make_unique<parts>()) {
    parts_->wanted = wanted;
    parts_->limits = limits;
    start_over();
}

response_reader::~response_reader() = default;

void response_reader::start_over() {
    auto& parser = parts_->parser.emplace();
    parser.eager(true);
    parser.skip(parts_->wanted == part::header);
    parser.header_limit(static_cast<std::uint32_t>(parts_->limits.header));
    parser.body_limit(parts_->limits.body);
}

result<void> response_reader::feed(std::string_view bytes) {
    auto& unread = parts_->unread;
    unread += bytes;
    while (!is_done() && unread.size() >= parts_->least()) {
        error_code ec;
        unread.erase(0, parts_->parser->put(asio::buffer(unread), ec));
        if (ec == http::error::need_more) break;
        if (ec) return failure_from(ec, parts_->limits);
        if (!is_done() || !is_interim(parts_->parser->get().result_int())) continue;
        if (++parts_->interim > interim_max) return no_http("interim answers without end");
        start_over();
    }
    // The header has its limit; lines between the chunks of a body have none of Beast's.
    if (is_done() || unread.size() <= 2 * parts_->limits.header) return {};
    return no_http("a line does not end");
}

bool response_reader::end() {
    if (!parts_->parser->got_some()) return false;
    error_code ec;
    parts_->parser->put_eof(ec);
    return !ec && is_done();
}

bool response_reader::is_done() const { return parts_->parser->is_done(); }

bool response_reader::has_more() const { return !parts_->unread.empty(); }

bool response_reader::keeps_connection() const {
    return parts_->parser->keep_alive() && !has_more();
}

response response_reader::take() { return to_response(parts_->parser->release()); }

std::optional<std::chrono::system_clock::time_point> date_in(std::string_view text) {
    std::string const whole(text);
    std::tm parts{};
    auto const* const end = ::strptime(whole.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

} // namespace acme_dns01::net
