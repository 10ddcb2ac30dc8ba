#include "support/terminal.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <unistd.h>

namespace acme_dns01::test {

terminal::terminal(unsigned short columns) : master_(::posix_openpt(O_RDWR | O_NOCTTY)) {
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) {
        throw std::runtime_error("there are no terminals here");
    }
    winsize size{};
    size.ws_row = 24;
    size.ws_col = columns;
    ::ioctl(master_, TIOCSWINSZ, &size);
    drawn_upon_.reset(std::fopen(path().c_str(), "w"));
    if (!drawn_upon_) throw std::runtime_error("the terminal does not open");
}

terminal::~terminal() { ::close(master_); }

std::string terminal::path() const { return ::ptsname(master_); }

// Up to a mark that is put behind it now.
std::string terminal::drawn() const {
    std::fputs("<end>", drawn_upon_.get());
    std::fflush(drawn_upon_.get());
    constexpr int patience_ms = 10'000;
    std::string text;
    pollfd readable{master_, POLLIN, 0};
    while (!text.ends_with("<end>") && ::poll(&readable, 1, patience_ms) == 1) {
        std::array<char, 512> buffer{};
        auto const size = ::read(master_, buffer.data(), buffer.size());
        if (size <= 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    std::erase(text, '\r');
    return text.substr(0, text.rfind("<end>"));
}

} // namespace acme_dns01::test
