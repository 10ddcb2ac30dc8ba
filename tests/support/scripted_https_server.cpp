#include "support/scripted_https_server.hpp"

#include "base/c_handle.hpp"
#include "support/logged_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace acme_dns01::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using key_ptr = c_handle<EVP_PKEY, EVP_PKEY_free>;
using certificate_ptr = c_handle<X509, X509_free>;
using extension_ptr = c_handle<X509_EXTENSION, X509_EXTENSION_free>;
using file_ptr = c_handle<std::FILE, std::fclose>;

void check(bool good) {
    if (!good) throw std::runtime_error("a certificate for a test cannot be made");
}

file_ptr new_file(std::string const& path) {
    file_ptr file(std::fopen(path.c_str(), "w"));
    check(file != nullptr);
    return file;
}

} // namespace

server_identity self_signed(std::string const& folder, long valid_from, long valid_until) {
    key_ptr const key(EVP_EC_gen("P-256"));
    certificate_ptr const made(::X509_new());
    check(key != nullptr && made != nullptr);
    check(::X509_set_version(made.get(), X509_VERSION_3) == 1);
    check(::ASN1_INTEGER_set(::X509_get_serialNumber(made.get()), 1) == 1);
    check(::X509_gmtime_adj(::X509_getm_notBefore(made.get()), valid_from) != nullptr);
    check(::X509_gmtime_adj(::X509_getm_notAfter(made.get()), valid_until) != nullptr);
    auto* const name = ::X509_get_subject_name(made.get());
    auto const* const text = reinterpret_cast<unsigned char const*>("127.0.0.1");
    check(::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1);
    check(::X509_set_issuer_name(made.get(), name) == 1);
    check(::X509_set_pubkey(made.get(), key.get()) == 1);
    extension_ptr const address(
        ::X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1")
    );
    check(::X509_add_ext(made.get(), address.get(), -1) == 1);
    check(::X509_sign(made.get(), key.get(), ::EVP_sha256()) != 0);
    server_identity files{folder + "/server.pem", folder + "/server.key"};
    check(::PEM_write_X509(new_file(files.certificate).get(), made.get()) == 1);
    auto const key_file = new_file(files.key);
    check(::PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr));
    return files;
}

scripted_https_server::scripted_https_server(
    server_identity const& identity, answer answers, int version_max
)
    : answers_(std::move(answers))
    , tls_(asio::ssl::context::tls_server)
    , acceptor_(io_, {asio::ip::make_address("127.0.0.1"), free_port()}) {
    tls_.use_certificate_chain_file(identity.certificate);
    tls_.use_private_key_file(identity.key, asio::ssl::context::pem);
    if (version_max != 0) {
        auto* const native = tls_.native_handle();
        ::SSL_CTX_set_security_level(native, 0);
        ::SSL_CTX_set_min_proto_version(native, version_max);
        ::SSL_CTX_set_max_proto_version(native, version_max);
    }
    thread_ = std::thread([this] { accept(); });
}

scripted_https_server::~scripted_https_server() {
    // Wakes up the thread that waits for a connection.
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
}

std::string scripted_https_server::url() const {
    return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

std::string scripted_https_server::received() const {
    std::lock_guard const lock(mutex_);
    return received_;
}

std::size_t scripted_https_server::sent() const {
    std::lock_guard const lock(mutex_);
    return sent_;
}

std::size_t scripted_https_server::resumed() const {
    std::lock_guard const lock(mutex_);
    return resumed_;
}

void scripted_https_server::accept() {
    for (;;) {
        error_code ec;
        auto socket = acceptor_.accept(ec);
        if (ec) return;
        serve(std::move(socket));
    }
}

void scripted_https_server::serve(tcp::socket socket) {
    asio::ssl::stream<tcp::socket> stream(std::move(socket), tls_);
    error_code ec;
    stream.handshake(asio::ssl::stream_base::server, ec);
    if (ec) return;
    std::string header;
    asio::read_until(stream, asio::dynamic_buffer(header), "\r\n\r\n", ec);
    {
        std::lock_guard const lock(mutex_);
        received_ += header;
        resumed_ += ::SSL_session_reused(stream.native_handle()) == 1 ? 1 : 0;
    }
    if (ec) return;
    answers_([&](std::string_view bytes) {
        auto const size = asio::write(stream, asio::buffer(bytes), ec);
        std::lock_guard const lock(mutex_);
        sent_ += size;
        return !ec;
    });
}

} // namespace acme_dns01::test
