#pragma once

#include "support/command.hpp"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace acme_dns01::test {

// A port of 127.0.0.1 on which no server listens and which no other test of any process gets. It is
// below the ports that the system gives to clients, because a client could take one of those before
// our server does.
std::uint16_t free_port();

bool is_listening(std::uint16_t port);

// Another project's server. Its stdout and stderr go through a pipe in the folder, because its log
// shows when it is ready. It is ready when the constructor returns. Throws std::runtime_error if it
// ends instead.
class logged_server {
public:
    // `line` is for the shell. Ready when the log says `ready`.
    logged_server(
        std::filesystem::path const& folder,
        std::string const& line,
        std::map<std::string, std::string> environment,
        std::string const& ready
    );
    logged_server(logged_server const&) = delete;
    logged_server& operator=(logged_server const&) = delete;
    ~logged_server();

    void send_signal(int number) const;
    // Ends it and returns its whole log.
    std::string stop();

private:
    void read_log(std::string const& pipe, std::string const& ready);

    std::optional<test::running_command> running_;
    std::thread reader_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_ready_ = false;
    bool has_ended_ = false;
    std::string log_;
};

} // namespace acme_dns01::test
