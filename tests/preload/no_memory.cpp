#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/types.h>

// Loaded before acme-dns01: this host gives no memory beyond so many bytes as NO_MEMORY_BEYOND
// says, and no thread if NO_THREADS is set. It counts from main's first call, of umask, because
// what comes before is not ours.

namespace {

std::atomic<bool> is_limited{false};
std::atomic<bool> is_spent{false};
std::atomic<long> bytes_left{0};

template <class Function>
Function original(char const* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

long size_of(void* memory) { return static_cast<long>(::malloc_usable_size(memory)); }

// Once something was refused it stays so.
bool is_refused(std::size_t size) {
    if (!is_limited) return false;
    if (static_cast<long>(size) > bytes_left) is_spent = true;
    if (is_spent) errno = ENOMEM;
    return is_spent;
}

void* counted(void* memory) {
    bytes_left -= size_of(memory);
    return memory;
}

// The program's own children go without.
[[gnu::constructor]] void stay_alone() { ::unsetenv("LD_PRELOAD"); }

} // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) { return is_refused(size) ? nullptr : counted(__libc_malloc(size)); }

void* calloc(std::size_t count, std::size_t size) {
    return is_refused(count * size) ? nullptr : counted(__libc_calloc(count, size));
}

void* realloc(void* memory, std::size_t size) {
    auto const before = size_of(memory);
    if (is_refused(size)) return nullptr;
    bytes_left += before;
    return counted(__libc_realloc(memory, size));
}

void free(void* memory) {
    bytes_left += size_of(memory);
    __libc_free(memory);
}

mode_t umask(mode_t mask) {
    auto const* bytes = std::getenv("NO_MEMORY_BEYOND");
    auto const previous = original<mode_t (*)(mode_t)>("umask")(mask);
    if (bytes != nullptr) bytes_left = std::atol(bytes);
    is_limited = is_limited || bytes != nullptr;
    return previous;
}

int pthread_create(
    pthread_t* thread, pthread_attr_t const* attributes, void* (*work)(void*), void* argument
) {
    using creator = decltype(&pthread_create);
    if (std::getenv("NO_THREADS") != nullptr) return EAGAIN;
    return original<creator>("pthread_create")(thread, attributes, work, argument);
}

} // extern "C"
