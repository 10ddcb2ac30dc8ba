#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

// Loaded before a client whose TLS library reads the machine's certificates alone: has it read
// those of SSL_CERT_FILE instead.

namespace {

constexpr auto certificates = "/etc/ssl/certs/ca-certificates.crt";

std::FILE* opened_by(char const* function, char const* path, char const* mode) {
    using opener = std::FILE* (*)(char const*, char const*);
    auto const original = reinterpret_cast<opener>(::dlsym(RTLD_NEXT, function));
    auto const* other = std::getenv("SSL_CERT_FILE");
    auto const is_replaced = other != nullptr && std::strcmp(path, certificates) == 0;
    return original(is_replaced ? other : path, mode);
}

// The client's own children go without.
[[gnu::constructor]] void stay_alone() { ::unsetenv("LD_PRELOAD"); }

} // namespace

extern "C" std::FILE* fopen(char const* path, char const* mode) {
    return opened_by("fopen", path, mode);
}

extern "C" std::FILE* fopen64(char const* path, char const* mode) {
    return opened_by("fopen64", path, mode);
}
