#include "digitalocean/token.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace acme_dns01::digitalocean {

namespace {

constexpr std::size_t file_size_max = 4096;
constexpr std::string_view certbot_key = "dns_digitalocean_token";

constexpr auto where_tokens_go =
    "put a token with the scopes domain:read, domain:create and domain:delete into a file that "
    "only you may read, and name it with --token-file";

error bad_token(std::string message, std::string hint) {
    return {
        .kind = error_kind::configuration, .message = std::move(message), .hint = std::move(hint)};
}

error unreadable(std::string const& path) {
    return bad_token(
        "the token file " + path + " cannot be read: " + std::generic_category().message(errno),
        where_tokens_go
    );
}

class file_handle {
public:
    explicit file_handle(std::string const& path)
        : handle_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    file_handle(file_handle const&) = delete;
    file_handle& operator=(file_handle const&) = delete;
    ~file_handle() {
        if (handle_ >= 0) ::close(handle_);
    }
    int get() const { return handle_; }

private:
    int handle_;
};

std::optional<error> complaint_about(std::string const& path, struct stat const& status) {
    if (S_ISDIR(status.st_mode)) {
        return bad_token("the token file " + path + " is a directory", where_tokens_go);
    }
    if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IROTH | S_IWOTH)) == 0) return {};
    return bad_token(
        "the token file " + path + " is readable or writable by other users", "chmod 600 " + path
    );
}

result<std::string> whole_text(std::string const& path, int handle) {
    std::string text;
    std::array<char, file_size_max + 1> buffer{};
    while (text.size() <= file_size_max) {
        auto const size = ::read(handle, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return unreadable(path);
        if (size == 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    ::explicit_bzero(buffer.data(), buffer.size());
    if (text.size() <= file_size_max) return text;
    return bad_token("the token file " + path + " is larger than 4096 bytes", where_tokens_go);
}

result<secret> read_file(std::string const& path) {
    file_handle const file(path);
    struct stat status {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return unreadable(path);
    if (auto complaint = complaint_about(path, status)) return *complaint;
    auto text = whole_text(path, file.get());
    if (!text) return text.error();
    auto found = token_in(*text, path);
    wipe(*text);
    return found;
}

bool is_token_character(char c) { return c > 0x20 && c < 0x7f; }

// As ConfigObj reads a value: without its quotes and without a comment after it.
std::string_view value_of(std::string_view text) {
    auto const quote = text.empty() ? ' ' : text.front();
    if (quote == '"' || quote == '\'') {
        auto const end = text.find(quote, 1);
        return end == std::string_view::npos ? text : text.substr(1, end - 1);
    }
    return trimmed(text.substr(0, text.find('#')));
}

// Empty if the line sets something else; the value, which may be empty itself, if it sets this.
std::optional<std::string_view> value_of_certbot_line(std::string_view line) {
    if (!line.starts_with(certbot_key)) return std::nullopt;
    line = trimmed(line.substr(certbot_key.size()));
    if (!line.starts_with('=')) return std::nullopt;
    return value_of(trimmed(line.substr(1)));
}

std::optional<std::string_view> certbot_value(std::string_view text) {
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const value = value_of_certbot_line(trimmed(text.substr(0, end)));
        if (value) return value;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::nullopt;
}

std::optional<std::string> credential_file(environment const& env) {
    auto const directory = env.get("CREDENTIALS_DIRECTORY");
    return directory ? std::optional(*directory + "/digitalocean-token") : std::nullopt;
}

bool is_there(std::string const& path) { return ::access(path.c_str(), F_OK) == 0; }

// A directory that we may not search may contain it.
bool may_be_there(std::string const& path) {
    return is_there(path) || (errno != ENOENT && errno != ENOTDIR);
}

struct source {
    std::string_view variable;
    bool is_file = false;
};

constexpr std::array<source, 5> sources{{
    {"DIGITALOCEAN_TOKEN"},
    {"DIGITALOCEAN_ACCESS_TOKEN"},
    {"DO_AUTH_TOKEN"},
    {"DO_AUTH_TOKEN_FILE", true},
    {"DO_API_KEY"},
}};

} // namespace

result<secret> token_in(std::string_view text, std::string_view source) {
    auto const bare = trimmed(text);
    auto const found = certbot_value(text).value_or(bare);
    if (!found.empty() && std::ranges::all_of(found, is_token_character)) {
        return secret(std::string(found));
    }
    return bad_token(std::string(source) + " contains no token", where_tokens_go);
}

result<token> token_in_file(std::string const& path) {
    auto text = read_file(path);
    if (!text) return text.error();
    return token{std::move(*text), path};
}

result<token> find_token(
    std::string const& token_file, environment const& env, std::string const& configured_file
) {
    if (!token_file.empty()) return token_in_file(token_file);
    auto const credential = credential_file(env);
    if (credential && is_there(*credential)) return token_in_file(*credential);
    for (auto const& candidate : sources) {
        auto const value = env.get(candidate.variable);
        if (!value) continue;
        if (candidate.is_file) return token_in_file(*value);
        auto text = token_in(*value, candidate.variable);
        if (!text) return text.error();
        return token{std::move(*text), std::string(candidate.variable)};
    }
    if (!configured_file.empty()) return token_in_file(configured_file);
    if (credential && may_be_there(*credential)) return token_in_file(*credential);
    return bad_token("there is no DigitalOcean token", where_tokens_go);
}

std::string fingerprint(secret const& text, std::string_view api) {
    auto material = std::string(api) + "\n" + std::string(text.reveal());
    auto const digest = sha256(material);
    wipe(material);
    return hex(std::span(digest).first(8));
}

} // namespace acme_dns01::digitalocean
