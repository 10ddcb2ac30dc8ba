#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace acme_dns01 {

// Overwrites the text in memory and empties it.
inline void wipe(std::string& text) {
    ::explicit_bzero(text.data(), text.size());
    text.clear();
}

// A credential. It cannot be printed, compared or converted by accident: only reveal() gives the
// text, so that every use is easy to find. Its destructor wipes the text.
class secret {
public:
    secret() = default;
    explicit secret(std::string text) : text_(std::move(text)) {}
    secret(secret&& other) noexcept : text_(std::exchange(other.text_, {})) {}
    secret& operator=(secret&& other) noexcept {
        if (this != &other) wipe(text_);
        if (this != &other) text_ = std::exchange(other.text_, {});
        return *this;
    }
    secret(secret const&) = delete;
    secret& operator=(secret const&) = delete;
    ~secret() { wipe(text_); }

    std::string_view reveal() const { return text_; }
    bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

} // namespace acme_dns01
