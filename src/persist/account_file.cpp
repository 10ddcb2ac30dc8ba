#include "persist/account_file.hpp"

#include "base/file.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "caa/record.hpp"
#include "persist/thumbprint.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <filesystem>
#include <system_error>
#include <utility>

namespace acme_dns01::persist {

namespace json = boost::json;

namespace {

constexpr std::size_t size_max = std::size_t{1024} * 1024;

constexpr auto form_hint =
    "give certbot's regr.json, acme.sh's ca.conf, dehydrated's account_id.json or "
    "lego's account.json, or use --account-uri";

constexpr auto not_one = "is not an account file of certbot, acme.sh, dehydrated or lego";

error bad_file(std::string why) {
    return {.kind = error_kind::configuration, .message = std::move(why), .hint = form_hint};
}

std::string text_at(json::value const& whole, std::string_view pointer) {
    json::error_code ec;
    auto const* const found = whole.find_pointer({pointer.data(), pointer.size()}, ec);
    if (found == nullptr || !found->is_string()) return {};
    return std::string(found->get_string());
}

// lego's key has the account's mail address as its name, which must not lead elsewhere.
std::string lego_key(json::value const& whole) {
    auto const mail = text_at(whole, "/email");
    return mail.empty() || mail.find_first_of("/|") != std::string::npos ? ""
                                                                         : "keys/" + mail + ".key";
}

result<stored_account> with_valid_uri(stored_account found) {
    if (caa::is_account_uri(found.uri)) return found;
    return bad_file("names the account " + in_quotes(found.uri, 80) + ", which is not a URI");
}

result<stored_account> account_in_json(std::string_view text) {
    json::error_code ec;
    auto const whole = json::parse({text.data(), text.size()}, ec);
    auto const at = [&](auto pointer) { return ec ? std::string() : text_at(whole, pointer); };
    if (auto uri = at("/registration/uri"); !uri.empty())
        return with_valid_uri({std::move(uri), lego_key(whole)});
    if (auto uri = at("/uri"); !uri.empty())
        return with_valid_uri({std::move(uri), "private_key.json"});
    if (auto uri = at("/url"); !uri.empty())
        return with_valid_uri({std::move(uri), "registration_info.json|account_key.pem"});
    return bad_file(not_one);
}

std::string_view without_quotes(std::string_view text) {
    auto const is_quoted =
        text.size() >= 2 && (text[0] == '\'' || text[0] == '"') && text.back() == text.front();
    return is_quoted ? text.substr(1, text.size() - 2) : text;
}

// A shell's assignments; the last one counts.
result<stored_account> account_in_shell(std::string_view text) {
    constexpr std::string_view name = "ACCOUNT_URL=";
    std::string uri;
    for (auto const& line : split(text, "\n")) {
        if (line.starts_with(name)) uri = without_quotes(trimmed(line.substr(name.size())));
    }
    if (uri.empty()) return bad_file(not_one);
    return with_valid_uri({std::move(uri), "account.json|account.key"});
}

// Who may change such a file chooses whose certificates a standing record permits.
result<std::string> read(std::string_view what, std::string const& file) {
    auto const safe = check_owners(what, file);
    if (!safe) return safe.error();
    std::error_code ec;
    auto text = text_of_file(file, size_max, ec);
    if (!ec) return text;
    return error{
        .kind = error_kind::configuration, .message = file + " cannot be read: " + ec.message()};
}

} // namespace

result<stored_account> account_in(std::string_view text) {
    return trimmed(text).starts_with('{') ? account_in_json(text) : account_in_shell(text);
}

result<stored_account> read_account(std::string const& file) {
    auto text = read("the account file", file);
    if (!text) {
        auto failure = text.error();
        if (!failure.hint.empty()) failure.hint = "give the account's URI with --account-uri";
        return failure;
    }
    auto found = account_in(*text);
    if (found) return found;
    auto failure = found.error();
    failure.message = file + " " + failure.message;
    return failure;
}

result<std::string> read_thumbprint(std::string const& file, stored_account const& stored) {
    auto const folder = std::filesystem::path(file).parent_path();
    error failure{.kind = error_kind::configuration, .message = "there is no key beside " + file};
    for (auto const& name : split(stored.key_files, "|")) {
        auto const beside = (folder / name).string();
        auto text = read("the account's key", beside);
        if (!text) {
            failure = text.error();
            continue;
        }
        auto thumbprint = thumbprint_in(*text);
        wipe(*text);
        if (thumbprint) return thumbprint;
        failure.message = beside + " " + thumbprint.error().message;
    }
    failure.hint = "give the thumbprint of the account's key with --thumbprint";
    return failure;
}

} // namespace acme_dns01::persist
