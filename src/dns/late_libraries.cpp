#include <idn2.h>

#include <dlfcn.h>
#include <libpsl.h>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unbound.h>

// The functions of libraries that few calls of the program need, which load their library when one
// of them is first called. To load libunbound with libevent and nettle at the start took each call
// a millisecond; libidn2 and libpsl with libunistring took half of one. Names of other characters
// than ASCII are rare, and only `check` asks for public suffixes.
// A static program is linked with the libraries themselves, and without this file.

namespace {

void* loaded(char const* library) {
    auto* const handle = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) throw std::runtime_error(::dlerror());
    return handle;
}

template <class Result, class... Arguments>
Result call_in(
    void* library,
    char const* name,
    Result (*)(Arguments...),
    std::type_identity_t<Arguments>... arguments
) {
    auto* const found = ::dlsym(library, name);
    if (found == nullptr) throw std::runtime_error(::dlerror());
    return reinterpret_cast<Result (*)(Arguments...)>(found)(arguments...);
}

void* idn2() {
    static void* const library = loaded(ACME_DNS01_LIBIDN2);
    return library;
}

void* psl() {
    static void* const library = loaded(ACME_DNS01_LIBPSL);
    return library;
}

void* unbound() {
    static void* const library = loaded(ACME_DNS01_LIBUNBOUND);
    return library;
}

} // namespace

void idn2_free(void* p) { call_in(idn2(), "idn2_free", idn2_free, p); }
char const* idn2_strerror(int status) {
    return call_in(idn2(), "idn2_strerror", idn2_strerror, status);
}
int idn2_to_ascii_8z(char const* from, char** to, int flags) {
    return call_in(idn2(), "idn2_to_ascii_8z", idn2_to_ascii_8z, from, to, flags);
}
int idn2_to_unicode_8z8z(char const* from, char** to, int flags) {
    return call_in(idn2(), "idn2_to_unicode_8z8z", idn2_to_unicode_8z8z, from, to, flags);
}

psl_ctx_t const* psl_builtin() { return call_in(psl(), "psl_builtin", psl_builtin); }
psl_ctx_t* psl_latest(char const* file) { return call_in(psl(), "psl_latest", psl_latest, file); }
void psl_free(psl_ctx_t* list) { call_in(psl(), "psl_free", psl_free, list); }
int psl_is_public_suffix2(psl_ctx_t const* list, char const* domain, int type) {
    return call_in(psl(), "psl_is_public_suffix2", psl_is_public_suffix2, list, domain, type);
}

ub_ctx* ub_ctx_create() { return call_in(unbound(), "ub_ctx_create", ub_ctx_create); }
void ub_ctx_delete(ub_ctx* c) { call_in(unbound(), "ub_ctx_delete", ub_ctx_delete, c); }
int ub_ctx_set_option(ub_ctx* c, char const* name, char const* value) {
    return call_in(unbound(), "ub_ctx_set_option", ub_ctx_set_option, c, name, value);
}
int ub_ctx_set_fwd(ub_ctx* c, char const* address) {
    return call_in(unbound(), "ub_ctx_set_fwd", ub_ctx_set_fwd, c, address);
}
int ub_ctx_zone_remove(ub_ctx* c, char const* zone) {
    return call_in(unbound(), "ub_ctx_zone_remove", ub_ctx_zone_remove, c, zone);
}
int ub_ctx_add_ta(ub_ctx* c, char const* anchor) {
    return call_in(unbound(), "ub_ctx_add_ta", ub_ctx_add_ta, c, anchor);
}
int ub_ctx_add_ta_file(ub_ctx* c, char const* file) {
    return call_in(unbound(), "ub_ctx_add_ta_file", ub_ctx_add_ta_file, c, file);
}
int ub_ctx_debugout(ub_ctx* c, void* to) {
    return call_in(unbound(), "ub_ctx_debugout", ub_ctx_debugout, c, to);
}
int ub_ctx_async(ub_ctx* c, int by_thread) {
    return call_in(unbound(), "ub_ctx_async", ub_ctx_async, c, by_thread);
}
int ub_fd(ub_ctx* c) { return call_in(unbound(), "ub_fd", ub_fd, c); }
int ub_process(ub_ctx* c) { return call_in(unbound(), "ub_process", ub_process, c); }
int ub_resolve_async(
    ub_ctx* c,
    char const* name,
    int type,
    int in_class,
    void* asker,
    ub_callback_type answered,
    int* id
) {
    return call_in(
        unbound(),
        "ub_resolve_async",
        ub_resolve_async,
        c,
        name,
        type,
        in_class,
        asker,
        answered,
        id
    );
}
int ub_cancel(ub_ctx* c, int id) { return call_in(unbound(), "ub_cancel", ub_cancel, c, id); }
void ub_resolve_free(ub_result* r) { call_in(unbound(), "ub_resolve_free", ub_resolve_free, r); }
char const* ub_strerror(int status) {
    return call_in(unbound(), "ub_strerror", ub_strerror, status);
}
