#include "base/file.hpp"

#include "base/c_handle.hpp"

#include <array>
#include <cerrno>
#include <cstdio>

namespace acme_dns01 {

namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

} // namespace

std::string text_of_file(std::string const& path, std::size_t size_max, std::error_code& ec) {
    ec.clear();
    c_handle<std::FILE, std::fclose> const in(std::fopen(path.c_str(), "re"));
    if (!in) ec = last_error();
    std::string text;
    std::array<char, 4096> buffer{};
    while (!ec) {
        auto const size = std::fread(buffer.data(), 1, buffer.size(), in.get());
        if (std::ferror(in.get()) != 0) ec = last_error();
        if (ec || size == 0) break;
        text.append(buffer.data(), size);
        if (text.size() > size_max) ec = std::make_error_code(std::errc::file_too_large);
    }
    return ec ? std::string() : text;
}

} // namespace acme_dns01
