#pragma once

#include "sandbox/command.hpp"
#include "sandbox/sandbox.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace acme_dns01::test {

// The real ACME server Pebble, asking a sandbox's resolver, with a certificate of the sandbox's
// authority. Its files go into the folder. It is ready when the constructor returns.
class pebble {
public:
    pebble(sandbox::sandbox& s, std::filesystem::path const& folder);
    pebble(pebble const&) = delete;
    pebble& operator=(pebble const&) = delete;
    ~pebble();

    std::string directory() const;

private:
    void read_log(std::string const& pipe);

    std::uint16_t port_;
    std::optional<sandbox::running_command> running_;
    std::thread reader_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_ready_ = false;
    bool has_ended_ = false;
    std::string log_;
};

} // namespace acme_dns01::test
