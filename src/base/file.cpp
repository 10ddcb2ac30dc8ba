#include "base/file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace acme_dns01 {

namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

std::error_code refusal_of(int file, file_check const& may_be_read) {
    if (!may_be_read) return {};
    struct stat status {};
    if (::fstat(file, &status) != 0) return last_error();
    if (may_be_read(status)) return {};
    return std::make_error_code(std::errc::permission_denied);
}

std::string text_of(int file, std::size_t size_max, std::error_code& ec) {
    std::string text;
    std::array<char, 8192> buffer{};
    while (!ec) {
        auto const size = ::read(file, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) ec = last_error();
        if (size <= 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(size));
        if (text.size() > size_max) ec = std::make_error_code(std::errc::file_too_large);
    }
    ::explicit_bzero(buffer.data(), buffer.size()); // it may be a token
    if (ec) text.clear();
    return text; // not copied, for the same reason
}

} // namespace

std::string text_of_file(
    std::string const& path,
    std::size_t size_max,
    std::error_code& ec,
    file_check const& may_be_read
) {
    ec.clear();
    auto const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) ec = last_error();
    if (file < 0) return {};
    ec = refusal_of(file, may_be_read);
    auto text = text_of(file, size_max, ec);
    ::close(file);
    return text;
}

} // namespace acme_dns01
