#include "sandbox/calls.hpp"

#include "base/text.hpp"

#include <stdexcept>

namespace acme_dns01::sandbox {

namespace {

constexpr std::size_t target_length_max = 500;

} // namespace

call_log::call_log(std::string const& file) {
    if (file.empty()) return;
    file_.open(file, std::ios::app);
    if (!file_) throw std::runtime_error("cannot write the access log " + file);
}

void call_log::add(call c) {
    if (file_.is_open()) {
        file_ << printable(c.method, 20) << ' ' << printable(c.target, target_length_max) << ' '
              << c.status << std::endl;
    }
    if (calls_.size() >= calls_max) calls_.pop_front();
    calls_.push_back(std::move(c));
}

} // namespace acme_dns01::sandbox
