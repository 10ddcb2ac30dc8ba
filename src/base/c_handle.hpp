#pragma once

#include <memory>

namespace acme_dns01 {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

// Owns an object of a C library and frees it by the given function: c_handle<X509, X509_free>.
template <class T, auto Free>
using c_handle = std::unique_ptr<T, freed_by<Free>>;

} // namespace acme_dns01
