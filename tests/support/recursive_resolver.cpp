#include "support/recursive_resolver.hpp"

#include <boost/asio/ip/address.hpp>

namespace acme_dns01::test {

namespace {

constexpr auto address = "127.0.0.1";

std::string configuration(std::uint16_t port, std::vector<served_by> const& zones) {
    auto text = "server:\n    interface: " + std::string(address) + "@" + std::to_string(port) +
                "\n    do-daemonize: no\n    use-syslog: no\n    logfile: \"\"\n    chroot: \"\"\n"
                "    username: \"\"\n    pidfile: \"\"\n    verbosity: 1\n    num-threads: 1\n"
                "    module-config: \"iterator\"\n    do-not-query-localhost: no\n"
                "    local-zone: \"test.\" nodefault\n    qname-minimisation: no\n"
                "    infra-cache-max-rtt: 500\n    unknown-server-time-limit: 200\n"
                "    outbound-msg-retry: 2\n    rrset-cache-size: 4m\n    msg-cache-size: 4m\n"
                "remote-control:\n    control-enable: no\n";
    for (auto const& z : zones) {
        text += "stub-zone:\n    name: \"" + z.zone +
                "\"\n    stub-addr: " + z.server.address().to_string() + "@" +
                std::to_string(z.server.port()) + "\n";
    }
    return text;
}

// How to start it, for the shell.
std::string prepared(
    std::filesystem::path const& folder, std::uint16_t port, std::vector<served_by> const& zones
) {
    std::string const file = folder / "unbound.conf";
    sandbox::write_private_file(file, configuration(port, zones));
    return "/usr/sbin/unbound -d -c '" + file + "'";
}

} // namespace

recursive_resolver::recursive_resolver(std::vector<served_by> const& zones)
    : server_(folder_.path(), prepared(folder_.path(), port_, zones), {}, "start of service") {}

dns::endpoint recursive_resolver::endpoint() const {
    return {boost::asio::ip::make_address(address), port_};
}

} // namespace acme_dns01::test
