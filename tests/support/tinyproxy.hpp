#pragma once

#include "sandbox/temporary_folder.hpp"
#include "support/logged_server.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace acme_dns01::test {

// The HTTP proxy Tinyproxy on 127.0.0.1. It is ready when the constructor returns.
class tinyproxy {
public:
    // The credentials it asks for: both or neither.
    explicit tinyproxy(std::string const& user = "", std::string const& password = "");

    std::string authority() const; // "127.0.0.1:<port>"
    // Ends it and returns its whole log.
    std::string stop() { return server_->stop(); }

private:
    sandbox::temporary_folder folder_;
    std::uint16_t port_;
    std::optional<logged_server> server_;
};

} // namespace acme_dns01::test
