#include "support/real_name_servers.hpp"

#include "support/signed_zone.hpp"

#include <boost/asio/ip/address.hpp>

#include <csignal>
#include <utility>

namespace acme_dns01::test {

namespace {

std::string file_of(std::string const& zone) { return zone + ".zone"; }

std::string
knot_configuration(std::string const& folder, std::string const& listen, zone_files const& zones) {
    auto text = "server:\n    rundir: \"" + folder + "\"\n    listen: " + listen +
                "\nlog:\n  - target: stderr\n    any: info\ndatabase:\n    storage: \"" + folder +
                "\"\nzone:\n";
    for (auto const& [zone, lines] : zones) {
        text += "  - domain: " + zone + "\n    storage: \"" + folder +
                "\"\n    file: " + file_of(zone) +
                "\n    zonefile-sync: -1\n    journal-content: none\n";
    }
    return text;
}

std::string
nsd_configuration(std::string const& folder, std::string const& listen, zone_files const& zones) {
    auto text = "server:\n    ip-address: " + listen +
                "\n    username: \"\"\n    chroot: \"\"\n    database: \"\"\n    zonesdir: \"" +
                folder + "\"\n    pidfile: \"" + folder + "/nsd.pid\"\n    xfrdfile: \"" + folder +
                "/xfrd.state\"\n    zonelistfile: \"" + folder + "/zone.list\"\n    xfrdir: \"" +
                folder +
                "\"\n    server-count: 1\n    verbosity: 2\n"
                "remote-control:\n    control-enable: no\n";
    for (auto const& [zone, lines] : zones)
        text += "zone:\n    name: " + zone + "\n    zonefile: " + file_of(zone) + "\n";
    return text;
}

void write_zones(std::filesystem::path const& folder, zone_files const& zones, unsigned serial) {
    for (auto const& [zone, lines] : zones) {
        auto const is_whole = lines.starts_with("$ORIGIN ");
        sandbox::write_private_file(
            folder / file_of(zone), is_whole ? lines : whole_zone_file(zone, lines, serial)
        );
    }
}

// Writes everything. How to start it, for the shell.
std::string prepared(
    name_server_program which,
    std::filesystem::path const& folder,
    std::string const& listen,
    zone_files const& zones
) {
    write_zones(folder, zones, 1);
    auto const is_knot = which == name_server_program::knot;
    std::string const file = folder / "server.conf";
    sandbox::write_private_file(
        file,
        is_knot ? knot_configuration(folder, listen, zones)
                : nsd_configuration(folder, listen, zones)
    );
    // Both are where only the administrator's path leads.
    return "/usr/sbin/" + std::string(is_knot ? "knotd -c '" : "nsd -d -c '") + file + "'";
}

} // namespace

real_name_server::real_name_server(
    name_server_program which, std::string address, std::uint16_t port, zone_files const& zones
)
    : folder_("acme-dns01-name-server")
    , address_(std::move(address))
    , port_(port)
    , server_(
          folder_.path(),
          prepared(which, folder_.path(), address_ + "@" + std::to_string(port_), zones),
          {},
          which == name_server_program::knot ? "server started" : "nsd started"
      ) {}

void real_name_server::publish(zone_files const& zones) {
    write_zones(folder_.path(), zones, ++serial_);
    server_.send_signal(SIGHUP);
}

dns::endpoint real_name_server::endpoint() const {
    return {boost::asio::ip::make_address(address_), port_};
}

} // namespace acme_dns01::test
