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

// A folder of its own, removed with everything in it.
class scratch_folder {
public:
    scratch_folder();
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;
    ~scratch_folder();
    std::string operator/(std::string const& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

// The real ACME server Pebble, asking a sandbox's resolver, with a certificate of the sandbox's
// authority. It is ready when the constructor returns.
class pebble {
public:
    pebble(sandbox::sandbox& s, scratch_folder const& folder);
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
