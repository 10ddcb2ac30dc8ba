#include "support/pebble.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/serialize.hpp>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>

namespace acme_dns01::test {

namespace json = boost::json;

namespace {

std::uint16_t free_port() {
    using boost::asio::ip::tcp;
    boost::asio::io_context context;
    tcp::acceptor const acceptor(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
    return acceptor.local_endpoint().port();
}

void write_configuration(
    std::string const& file, std::uint16_t port, sandbox::certificate_files const& identity
) {
    auto const at = [](std::uint16_t number) { return "127.0.0.1:" + std::to_string(number); };
    json::object const configuration{
        {"pebble",
         {
             {"listenAddress", at(port)},
             {"managementListenAddress", at(free_port())},
             {"certificate", identity.certificate},
             {"privateKey", identity.key},
             {"httpPort", 5002},
             {"tlsPort", 5001},
             {"ocspResponderURL", ""},
             {"externalAccountBindingRequired", false},
         }},
    };
    std::ofstream(file) << json::serialize(configuration);
}

} // namespace

pebble::pebble(sandbox::sandbox& s, std::filesystem::path const& folder) : port_(free_port()) {
    std::string const configuration = folder / "pebble.json";
    std::string const pipe = folder / "pebble.log";
    write_configuration(configuration, port_, s.issue_certificate({"localhost", "127.0.0.1"}));
    if (::mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR) != 0) throw std::runtime_error("mkfifo " + pipe);
    sandbox::command command;
    auto const line = "exec pebble -config '" + configuration + "' -dnsserver " + s.resolver() +
                      " > '" + pipe + "' 2>&1";
    command.arguments = {"sh", "-c", line};
    command.environment = {
        {"PEBBLE_VA_NOSLEEP", "1"},
        {"PEBBLE_WFE_NONCEREJECT", "0"},
        {"PEBBLE_AUTHZREUSE", "0"},
    };
    auto started = sandbox::running_command::start(command);
    if (!started) throw std::runtime_error(started.error().text());
    running_.emplace(std::move(*started));
    reader_ = std::thread([this, pipe] { read_log(pipe); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_ready_ || has_ended_; });
    if (!is_ready_) throw std::runtime_error("pebble did not start: " + log_);
}

pebble::~pebble() {
    running_->send_signal(SIGTERM);
    running_->wait();
    reader_.join();
}

void pebble::read_log(std::string const& pipe) {
    std::ifstream log(pipe);
    for (std::string line; std::getline(log, line);) {
        std::lock_guard const lock(mutex_);
        log_ += line + "\n";
        is_ready_ = is_ready_ || line.find("ACME directory available at") != std::string::npos;
        changed_.notify_all();
    }
    std::lock_guard const lock(mutex_);
    has_ended_ = true;
    changed_.notify_all();
}

std::string pebble::directory() const {
    return "https://localhost:" + std::to_string(port_) + "/dir";
}

} // namespace acme_dns01::test
