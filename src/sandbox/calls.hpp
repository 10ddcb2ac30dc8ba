#pragma once

#include <cstddef>
#include <deque>
#include <fstream>
#include <string>
#include <vector>

namespace acme_dns01::sandbox {

// One request to the API, for tests to look at afterwards.
struct call {
    std::string method;
    std::string target;
    std::string body;
    bool authorized = false; // it carried the right token
    unsigned status = 0;     // 0: the connection was reset before anything was done
};

// All calls, and a line for each in a file: "POST /v2/domains/example.com/records 201". Bodies and
// tokens are never written to the file.
class call_log {
public:
    // Beyond this the oldest ones are dropped.
    static constexpr std::size_t calls_max = 50'000;

    // Appends to `file`, unless its name is empty. Throws std::runtime_error if it cannot be
    // opened.
    explicit call_log(std::string const& file);

    void add(call c);
    void clear() { calls_.clear(); }
    std::vector<call> all() const { return {calls_.begin(), calls_.end()}; }

private:
    std::ofstream file_;
    std::deque<call> calls_;
};

} // namespace acme_dns01::sandbox
