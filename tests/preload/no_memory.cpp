#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <pthread.h>
#include <sys/types.h>

// Loaded before acme-dns01: this host gives no memory from the allocation on that NO_MEMORY_FROM
// counts, and no thread if NO_THREADS is set. It counts from main's first call, of umask, because
// what comes before is not ours.

namespace {

std::atomic<long> allocations_left{-1};

template <class Function>
Function original(char const* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

// Once there is nothing left it stays so.
bool is_refused() {
    auto const left = allocations_left.load();
    if (left > 0) --allocations_left;
    if (left != 0) return false;
    errno = ENOMEM;
    return true;
}

// The program's own children go without.
[[gnu::constructor]] void stay_alone() { ::unsetenv("LD_PRELOAD"); }

} // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);

void* malloc(std::size_t size) { return is_refused() ? nullptr : __libc_malloc(size); }

void* calloc(std::size_t count, std::size_t size) {
    return is_refused() ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* memory, std::size_t size) {
    return is_refused() ? nullptr : __libc_realloc(memory, size);
}

mode_t umask(mode_t mask) {
    auto const* from = std::getenv("NO_MEMORY_FROM");
    auto const previous = original<mode_t (*)(mode_t)>("umask")(mask);
    if (from != nullptr) allocations_left = std::atol(from);
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
