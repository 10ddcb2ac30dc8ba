#include "digitalocean/token.hpp"

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/shortage.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace acme_dns01::digitalocean {

namespace {

constexpr std::size_t file_size_max = 4096;
constexpr std::string_view certbot_key = "dns_digitalocean_token";

constexpr auto where_tokens_go =
    "put a token with the scopes domain:read, domain:create and domain:delete into a file that "
    "only you may read, and name it with --token-file";

error bad_token(std::string message, std::string hint = where_tokens_go) {
    return {
        .kind = error_kind::configuration, .message = std::move(message), .hint = std::move(hint)};
}

error missing_file(std::string const& file, std::string const& path, std::error_code ec) {
    return bad_token(
        file + " cannot be read: " + ec.message(),
        "run `install -m 600 /dev/stdin " + path +
            "`, and paste a token with the scopes domain:read, domain:create and domain:delete"
    );
}

bool is_open_to_others(struct stat const& status) {
    return S_ISREG(status.st_mode) && (status.st_mode & (S_IROTH | S_IWOTH)) != 0;
}

// RFC 6750 2.1, without '/' and '=': a path or an assignment is more likely than such a token.
bool is_token_character(char c) {
    return is_alphanumeric(c) || std::string_view("-._~+").find(c) != std::string_view::npos;
}

bool is_path(std::string_view text) {
    return text.starts_with('/') || text.starts_with("./") || text.starts_with("../") ||
           text.starts_with("~/");
}

// As ConfigObj reads a value: without its quotes and without a comment after it.
std::string_view value_of(std::string_view text) {
    auto const quote = text.empty() ? ' ' : text.front();
    if (quote == '"' || quote == '\'') {
        auto const end = text.find(quote, 1);
        return end == std::string_view::npos ? text : text.substr(1, end - 1);
    }
    return trimmed(text.substr(0, text.find('#')));
}

// The value, which may be empty itself, of the first line that sets it.
std::optional<std::string_view> certbot_value(std::string_view text) {
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size() - 1);
        auto line = trimmed(text.substr(0, end + 1));
        text.remove_prefix(end + 1);
        if (!line.starts_with(certbot_key)) continue;
        line = trimmed(line.substr(certbot_key.size()));
        if (line.starts_with('=')) return value_of(trimmed(line.substr(1)));
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
    auto const found = certbot_value(text).value_or(value_of(trimmed(text)));
    if (!found.empty() && std::ranges::all_of(found, is_token_character)) {
        return secret(std::string(found));
    }
    if (!is_path(found)) return bad_token(std::string(source) + " contains no token");
    return bad_token(
        std::string(source) + " contains the path of a file, not a token",
        "name the file with --token-file"
    );
}

result<token> token_in_file(std::string const& path) {
    auto const file = "the token file " + path;
    struct stat status {}; // all 0 for a file that does not exist: opening it fails
    struct statfs system {};
    ::stat(path.c_str(), &status);
    ::statfs(path.c_str(), &system);
    if (S_ISDIR(status.st_mode)) return bad_token(file + " is a directory");
    auto const is_open = is_open_to_others(status);
    if (is_open && !is_mounted_secret(status, system))
        return bad_token(
            file + " is readable or writable by other users", "chmod 600 " + shell_word(path)
        );
    auto const owners = check_owners("the token file", path);
    if (!owners) return owners.error();
    std::error_code ec;
    auto text = text_of_file(path, file_size_max, ec);
    if (ec == std::errc::file_too_large) return bad_token(file + " is larger than 4096 bytes");
    if (ec == std::errc::no_such_file_or_directory) return missing_file(file, path, ec);
    if (ec) return unless_short(bad_token(file + " cannot be read: " + ec.message()), ec);
    auto found = token_in(text, path);
    wipe(text);
    if (!found) return found.error();
    auto warning = is_open ? file + " can be read by all users of this system" : "";
    return token{std::move(*found), path, std::move(warning)};
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
    return bad_token("there is no DigitalOcean token");
}

std::string fingerprint(secret const& text, std::string_view api) {
    auto material = std::string(api) + "\n" + std::string(text.reveal());
    auto const digest = sha256(material);
    wipe(material);
    return hex(std::span(digest).first(8));
}

} // namespace acme_dns01::digitalocean
