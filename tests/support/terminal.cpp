#include "support/terminal.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace acme_dns01::test {

terminal::terminal(unsigned short columns, unsigned short rows)
    : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) {
        throw std::runtime_error("there are no terminals here");
    }
    winsize size{};
    size.ws_row = rows;
    size.ws_col = columns;
    ::ioctl(master_, TIOCSWINSZ, &size);
    drawn_upon_.reset(std::fopen(path().c_str(), "we"));
    if (!drawn_upon_) throw std::runtime_error("the terminal does not open");
    watcher_ = std::thread([this] { watch(); });
}

// Once no process can write any more, there is nothing to read.
terminal::~terminal() {
    drawn_upon_.reset();
    watcher_.join();
    ::close(master_);
}

std::string terminal::path() const { return ::ptsname(master_); }

void terminal::watch() {
    std::array<char, 512> buffer{};
    for (;;) {
        auto const size = ::read(master_, buffer.data(), buffer.size());
        if (size <= 0) return;
        std::lock_guard const lock(mutex_);
        seen_.append(buffer.data(), static_cast<std::size_t>(size));
        changed_.notify_all();
    }
}

// Up to a mark that is put behind it now.
std::string terminal::drawn() const {
    constexpr auto mark = "<end>";
    std::fputs(mark, drawn_upon_.get());
    std::fflush(drawn_upon_.get());
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return seen_.ends_with(mark); });
    auto text = std::exchange(seen_, {});
    std::erase(text, '\r');
    return text.substr(0, text.rfind(mark));
}

} // namespace acme_dns01::test
