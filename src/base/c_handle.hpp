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

// An object of a C library, with the function that frees it: c_handle<X509, X509_free>.
template <class T, auto Free>
using c_handle = std::unique_ptr<T, freed_by<Free>>;

} // namespace acme_dns01
