#include "support/tinyproxy.hpp"

#include <map>

namespace acme_dns01::test {

tinyproxy::tinyproxy(std::string const& user, std::string const& password)
    : folder_("acme-dns01-tinyproxy"), port_(free_port()) {
    std::string const file = folder_.path() / "tinyproxy.conf";
    auto configuration = "Listen 127.0.0.1\nPort " + std::to_string(port_) + "\nLogLevel Info\n";
    if (!user.empty()) configuration += "BasicAuth " + user + " " + password + "\n";
    sandbox::write_private_file(file, configuration);
    server_.emplace(
        folder_.path(),
        "tinyproxy -d -c '" + file + "'",
        std::map<std::string, std::string>{},
        "Accepting connections"
    );
}

std::string tinyproxy::authority() const { return "127.0.0.1:" + std::to_string(port_); }

} // namespace acme_dns01::test
