#include "digitalocean/accounts.hpp"

#include "base/text.hpp"
#include "digitalocean/zones.hpp"

#include <algorithm>

namespace acme_dns01::digitalocean {

namespace {

constexpr std::string_view section = "account ";

error usage_error(std::string message, std::string hint) {
    return {error_kind::usage, std::move(message), std::move(hint)};
}

error unknown(std::string_view key) {
    return usage_error(
        "there is no setting " + in_quotes(key, 80),
        "an [account <name>] section has token-file and zones; `acme-dns01 help options` lists the "
        "others"
    );
}

configured_account& account_called(std::vector<configured_account>& accounts, std::string name) {
    auto const found = std::ranges::find(accounts, name, &configured_account::name);
    if (found != accounts.end()) return *found;
    return accounts.emplace_back(configured_account{std::move(name)});
}

} // namespace

result<void> add_setting(
    std::vector<configured_account>& accounts, std::string_view key, std::string const& value
) {
    auto const dot = key.rfind('.');
    if (!key.starts_with(section) || dot == std::string_view::npos) return unknown(key);
    auto const name = trimmed(key.substr(section.size(), dot - section.size()));
    auto const setting = key.substr(dot + 1);
    if (name.empty() || (setting != "token-file" && setting != "zones")) return unknown(key);
    auto& account = account_called(accounts, std::string(name));
    if (setting == "token-file") {
        if (!account.token_file.empty()) {
            return usage_error(
                "[account " + printable(name, 80) + "] has two token-files",
                "give the other token an [account <name>] section of its own"
            );
        }
        account.token_file = value;
        return {};
    }
    for (auto const& text : split(value, ", ")) {
        auto zone = dns::name::parse(text);
        if (!zone) return zone.error();
        account.zones.push_back(std::move(*zone));
    }
    return {};
}

configured_account const*
account_holding(std::vector<configured_account> const& accounts, dns::name const& fqdn) {
    configured_account const* best = nullptr;
    std::size_t labels = 0;
    for (auto const& account : accounts) {
        auto const zone = longest_match(fqdn, account.zones);
        if (!zone || zone->label_count() <= labels) continue;
        best = &account;
        labels = zone->label_count();
    }
    return best;
}

} // namespace acme_dns01::digitalocean
