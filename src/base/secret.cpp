#include "base/secret.hpp"

#include <cstring>

namespace acme_dns01 {

void wipe(std::string& text) {
    ::explicit_bzero(text.data(), text.size());
    text.clear();
}

secret& secret::operator=(secret&& other) noexcept {
    if (this != &other) {
        wipe(text_);
        text_ = std::exchange(other.text_, {});
    }
    return *this;
}

secret::~secret() { wipe(text_); }

} // namespace acme_dns01
