#pragma once

#include "sandbox/local_digitalocean.hpp"
#include "support/logged_server.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace acme_dns01::test {

// The ACME server Pebble. It asks a sandbox's resolver and has a certificate of the sandbox's
// authority. Its files go into the folder. It is ready when the constructor returns.
class pebble {
public:
    // Whether it looks for the challenges' records or finds every challenge good.
    enum class validation { real, always_valid };

    // Its certificates live that long: by default, for years.
    pebble(
        sandbox::local_digitalocean& s,
        std::filesystem::path const& folder,
        std::chrono::seconds life = std::chrono::days(1826),
        validation how = validation::real
    );

    std::string directory() const;

private:
    std::uint16_t port_;
    std::optional<logged_server> server_;
};

} // namespace acme_dns01::test
