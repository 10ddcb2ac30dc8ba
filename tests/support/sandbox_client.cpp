#include "support/sandbox_client.hpp"

#include "base/text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <cmath>
#include <sys/socket.h>
#include <sys/time.h>

namespace acme_dns01::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr seconds patience_max{10};
constexpr std::uint64_t body_size_max = 16 * 1024 * 1024;

void limit(int socket, seconds patience) {
    auto const whole = std::floor(patience.count());
    timeval time{};
    time.tv_sec = static_cast<time_t>(whole);
    time.tv_usec = static_cast<suseconds_t>((patience.count() - whole) * 1e6);
    for (auto const option : {SO_RCVTIMEO, SO_SNDTIMEO})
        ::setsockopt(socket, SOL_SOCKET, option, &time, sizeof(time));
}

std::uint16_t api_port(sandbox::local_digitalocean const& s) {
    auto const url = s.api_url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

tcp::socket connected(asio::io_context& io, std::string const& address, std::uint16_t port) {
    tcp::socket socket(io);
    socket.connect({asio::ip::make_address(address), port});
    limit(socket.native_handle(), patience_max);
    return socket;
}

asio::ssl::context trusting(std::string const& ca_file) {
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.set_verify_mode(asio::ssl::verify_peer);
    if (!ca_file.empty()) tls.load_verify_file(ca_file);
    return tls;
}

std::vector<std::uint8_t> over_datagram(
    asio::io_context& io,
    tcp::endpoint const& server,
    std::vector<std::uint8_t> const& query,
    seconds patience
) {
    udp::socket socket(io, udp::v4());
    limit(socket.native_handle(), patience);
    socket.connect({server.address(), server.port()});
    socket.send(asio::buffer(query));
    std::vector<std::uint8_t> answer(65536);
    // Not Asio's: it would wait on, whatever the socket's limit.
    auto const size = ::recv(socket.native_handle(), answer.data(), answer.size(), 0);
    answer.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return answer;
}

bool receive_all(int socket, std::uint8_t* into, std::size_t size) {
    return ::recv(socket, into, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

std::vector<std::uint8_t> over_connection(
    asio::io_context& io,
    tcp::endpoint const& server,
    std::vector<std::uint8_t> const& query,
    seconds patience
) {
    auto socket = connected(io, server.address().to_string(), server.port());
    limit(socket.native_handle(), patience);
    std::array<std::uint8_t, 2> length{
        static_cast<std::uint8_t>(query.size() >> 8U),
        static_cast<std::uint8_t>(query.size() & 255U)};
    asio::write(
        socket, std::array<asio::const_buffer, 2>{asio::buffer(length), asio::buffer(query)}
    );
    if (!receive_all(socket.native_handle(), length.data(), length.size())) return {};
    std::vector<std::uint8_t> answer(std::size_t{length[0]} << 8U | length[1]);
    if (!receive_all(socket.native_handle(), answer.data(), answer.size())) return {};
    return answer;
}

} // namespace

struct https_connection::parts {
    asio::io_context io;
    asio::ssl::context tls;
    asio::ssl::stream<tcp::socket> stream;
    std::string token;
    boost::beast::flat_buffer buffer;

    explicit parts(sandbox::local_digitalocean const& s)
        : tls(trusting(s.ca_file()))
        , stream(connected(io, "127.0.0.1", api_port(s)), tls)
        , token(s.token()) {}
};

https_connection::https_connection(sandbox::local_digitalocean const& s, std::string const& host)
    : parts_(std::make_unique<parts>(s)) {
    parts_->stream.set_verify_callback(asio::ssl::host_name_verification(host));
    parts_->stream.handshake(asio::ssl::stream_base::client);
}

https_connection::~https_connection() = default;

http_answer
https_connection::send(std::string_view method, std::string_view target, std::string_view body) {
    auto const request = std::string(method) + " " + std::string(target) +
                         " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + parts_->token +
                         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                         std::string(body);
    asio::write(parts_->stream, asio::buffer(request));
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_size_max);
    http::read(parts_->stream, parts_->buffer, parser);
    http_answer answer;
    answer.status = parser.get().result_int();
    answer.body = parser.get().body();
    for (auto const& field : parser.get())
        answer.headers[lower(std::string(field.name_string()))] = std::string(field.value());
    return answer;
}

std::string https_connection::send_raw(std::string_view bytes) {
    asio::write(parts_->stream, asio::buffer(bytes.data(), bytes.size()));
    std::string received;
    error_code ec;
    std::array<char, 4096> buffer{};
    while (!ec) {
        auto const size = parts_->stream.read_some(asio::buffer(buffer), ec);
        received.append(buffer.data(), size);
    }
    return received;
}

std::string handshake_failure(
    sandbox::local_digitalocean const& s,
    std::string const& ca_file,
    std::string const& host,
    int version_max
) {
    asio::io_context io;
    auto tls = trusting(ca_file);
    if (version_max != 0) SSL_CTX_set_max_proto_version(tls.native_handle(), version_max);
    asio::ssl::stream<tcp::socket> stream(connected(io, "127.0.0.1", api_port(s)), tls);
    stream.set_verify_callback(asio::ssl::host_name_verification(host));
    error_code ec;
    stream.handshake(asio::ssl::stream_base::client, ec);
    return ec ? ec.message() : std::string();
}

std::optional<dns::message>
ask(sandbox::local_digitalocean const& s,
    std::string const& address,
    dns::message const& query,
    bool over_tcp,
    seconds patience) {
    asio::io_context io;
    tcp::endpoint const server(asio::ip::make_address(address), s.dns_port());
    auto const wire = dns::query_wire(query).value();
    auto const answer = over_tcp ? over_connection(io, server, wire, patience)
                                 : over_datagram(io, server, wire, patience);
    if (answer.empty()) return std::nullopt;
    return dns::from_wire(answer).value();
}

dns::message query_for(std::string_view name, dns::record_type type) {
    return dns::make_query({dns::name::parse(name).value(), type}, 4711, false);
}

} // namespace acme_dns01::test
