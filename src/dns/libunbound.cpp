#include <dlfcn.h>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unbound.h>

// libunbound's functions, which load it when one of them is first called. Few calls of the program
// validate, and to load it with libevent and nettle at the start took each of them a millisecond.
// A static program is linked with libunbound itself, and without this file.

namespace {

void* library() {
    static void* const loaded = ::dlopen(ACME_DNS01_LIBUNBOUND, RTLD_NOW | RTLD_LOCAL);
    if (loaded == nullptr) throw std::runtime_error(::dlerror());
    return loaded;
}

template <class Result, class... Arguments>
Result
call(char const* name, Result (*)(Arguments...), std::type_identity_t<Arguments>... arguments) {
    auto* const found = ::dlsym(library(), name);
    if (found == nullptr) throw std::runtime_error(::dlerror());
    return reinterpret_cast<Result (*)(Arguments...)>(found)(arguments...);
}

} // namespace

ub_ctx* ub_ctx_create() { return call("ub_ctx_create", ub_ctx_create); }
void ub_ctx_delete(ub_ctx* c) { call("ub_ctx_delete", ub_ctx_delete, c); }
int ub_ctx_set_option(ub_ctx* c, char const* name, char const* value) {
    return call("ub_ctx_set_option", ub_ctx_set_option, c, name, value);
}
int ub_ctx_set_fwd(ub_ctx* c, char const* address) {
    return call("ub_ctx_set_fwd", ub_ctx_set_fwd, c, address);
}
int ub_ctx_zone_remove(ub_ctx* c, char const* zone) {
    return call("ub_ctx_zone_remove", ub_ctx_zone_remove, c, zone);
}
int ub_ctx_add_ta(ub_ctx* c, char const* anchor) {
    return call("ub_ctx_add_ta", ub_ctx_add_ta, c, anchor);
}
int ub_ctx_add_ta_file(ub_ctx* c, char const* file) {
    return call("ub_ctx_add_ta_file", ub_ctx_add_ta_file, c, file);
}
int ub_ctx_debugout(ub_ctx* c, void* to) { return call("ub_ctx_debugout", ub_ctx_debugout, c, to); }
int ub_ctx_async(ub_ctx* c, int by_thread) {
    return call("ub_ctx_async", ub_ctx_async, c, by_thread);
}
int ub_fd(ub_ctx* c) { return call("ub_fd", ub_fd, c); }
int ub_process(ub_ctx* c) { return call("ub_process", ub_process, c); }
int ub_resolve_async(
    ub_ctx* c,
    char const* name,
    int type,
    int in_class,
    void* asker,
    ub_callback_type answered,
    int* id
) {
    return call("ub_resolve_async", ub_resolve_async, c, name, type, in_class, asker, answered, id);
}
int ub_cancel(ub_ctx* c, int id) { return call("ub_cancel", ub_cancel, c, id); }
void ub_resolve_free(ub_result* r) { call("ub_resolve_free", ub_resolve_free, r); }
char const* ub_strerror(int status) { return call("ub_strerror", ub_strerror, status); }
