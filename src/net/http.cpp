#include "net/http.hpp"

#include "base/text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <openssl/evp.h>

#include <cstdint>
#include <optional>
#include <stdexcept>

namespace acme_dns01::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

namespace {

using outgoing = http::request<http::string_body>;
using incoming = http::response_parser<http::string_body>;

constexpr auto user_agent = "acme-dns01/" ACME_DNS01_VERSION;

std::string serialized(outgoing& message) {
    message.prepare_payload();
    http::request_serializer<http::string_body> serializer(message);
    std::string wire;
    while (!serializer.is_done()) {
        error_code ec;
        serializer.next(ec, [&](error_code&, auto const& buffers) {
            wire += beast::buffers_to_string(buffers);
            serializer.consume(beast::buffer_bytes(buffers));
        });
        if (ec) throw std::logic_error("a request does not serialise: " + ec.message());
    }
    return wire;
}

void set_secret(outgoing& message, http::field field, std::string value) {
    message.set(field, value);
    wipe(value);
}

// RFC 7617.
std::string basic(std::string_view credentials) {
    std::string encoded((credentials.size() + 2) / 3 * 4 + 1, '\0');
    auto const size = ::EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(encoded.data()),
        reinterpret_cast<unsigned char const*>(credentials.data()),
        static_cast<int>(credentials.size())
    );
    encoded.resize(static_cast<std::size_t>(size));
    auto value = "Basic " + encoded;
    wipe(encoded);
    return value;
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
    outgoing message(http::string_to_verb(asked.method), url.prefix + asked.target, 11);
    auto const authority = url.origin().substr(std::string_view("https://").size());
    message.set(http::field::host, authority);
    message.set(http::field::user_agent, user_agent);
    message.set(http::field::accept, "application/json");
    if (!bearer.empty()) {
        auto value = "Bearer " + std::string(bearer.reveal());
        set_secret(message, http::field::authorization, std::move(value));
    }
    if (!asked.body.empty()) {
        message.set(http::field::content_type, "application/json");
        message.body() = asked.body;
    }
    return serialized(message);
}

std::string connect_wire_of(base_url const& url, secret const& credentials) {
    outgoing message(http::verb::connect, url.authority(), 11);
    message.set(http::field::host, url.authority());
    message.set(http::field::user_agent, user_agent);
    if (!credentials.empty()) {
        set_secret(message, http::field::proxy_authorization, basic(credentials.reveal()));
    }
    return serialized(message);
}

struct response_reader::parts {
    part wanted;
    answer_limits limits;
    std::optional<incoming> parser;
    std::string unread;
    unsigned interim = 0;
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
    while (!is_done() && !unread.empty()) {
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

} // namespace acme_dns01::net
