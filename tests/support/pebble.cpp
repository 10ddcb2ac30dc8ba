#include "support/pebble.hpp"

#include "support/timing.hpp"

#include <boost/json/serialize.hpp>

#include <fstream>
#include <map>
#include <stdexcept>

namespace acme_dns01::test {

namespace json = boost::json;

namespace {

void write_configuration(
    std::string const& file,
    std::uint16_t port,
    sandbox::certificate_files const& identity,
    std::chrono::seconds life
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
             {"certificateValidityPeriod", life.count()},
         }},
    };
    std::ofstream(file) << json::serialize(configuration);
}

} // namespace

pebble::pebble(
    sandbox::local_digitalocean& s,
    std::filesystem::path const& folder,
    std::chrono::seconds life,
    validation how
)
    : port_(free_port()) {
    std::string const configuration = folder / "pebble.json";
    auto const identity = s.issue_certificate({"localhost", "127.0.0.1"});
    write_configuration(configuration, port_, identity, life);
    server_.emplace(
        folder,
        "pebble -config '" + configuration + "' -dnsserver " + s.resolver(),
        std::map<std::string, std::string>{
            {"PEBBLE_VA_NOSLEEP", "1"},
            {"PEBBLE_WFE_NONCEREJECT", "0"},
            {"PEBBLE_AUTHZREUSE", "0"},
            {"PEBBLE_VA_ALWAYS_VALID", how == validation::always_valid ? "1" : "0"},
        },
        "ACME directory available at"
    );
    // It says so a moment before it is.
    if (becomes_true([this] { return is_listening(port_); })) return;
    throw std::runtime_error("Pebble does not listen:\n" + server_->stop());
}

std::string pebble::directory() const {
    return "https://127.0.0.1:" + std::to_string(port_) + "/dir";
}

} // namespace acme_dns01::test
