#include "services/accounts.hpp"

#include "base/text.hpp"
#include "dns/delegation.hpp"

#include <algorithm>

namespace acme_dns01::services {

namespace {

digitalocean::request_budget budget_of(journal::ledger& counts) {
    return {
        .take = [&counts] { return counts.take_with_others(); },
        .count_later = [&counts](auto taken) { counts.count_later(taken); },
        .close_until = [&counts](auto moment) { counts.close_until(moment); },
    };
}

digitalocean::zone_finder::public_zone public_zone_by(resolvers& dns) {
    return [&dns](dns::name fqdn) {
        return dns::public_zone(dns.caching(), std::move(fqdn), dns.dns_port());
    };
}

} // namespace

accounts::accounts(
    boost::asio::any_io_executor executor,
    account_settings set,
    environment const& env,
    state_folder& state,
    resolvers& dns,
    log notes
)
    : executor_(std::move(executor))
    , settings_(std::move(set))
    , environment_(env)
    , state_(state)
    , resolvers_(dns)
    , log_(std::move(notes)) {}

accounts::connected_account::connected_account(
    accounts& all, digitalocean::token const& t, std::optional<net::proxy> through
)
    : token(t)
    , id(digitalocean::fingerprint(token.text, all.settings_.api.origin()))
    , https(all.executor_, all.settings_.api, all.settings_.trust, std::move(through))
    , ledger(all.state_.open_ledger(id, digitalocean::published_windows))
    , requester(https, token.text, budget_of(ledger), all.api_deadline(), all.log_)
    , client(requester)
    , use(client, all.state_.journal(), id, public_zone_by(all.resolvers_), all.log_) {}

result<digitalocean::token> accounts::find_token(std::string const& section) const {
    auto const found =
        std::ranges::find(settings_.sections, section, &digitalocean::configured_account::name);
    if (found != settings_.sections.end()) return digitalocean::token_in_file(found->token_file);
    return digitalocean::find_token(
        settings_.token_file, environment_, settings_.configured_token_file
    );
}

// Without a token of its own, a run with sections may mean one of them.
error accounts::with_accounts_named(error cause, std::string const& section) const {
    if (!section.empty() || settings_.sections.empty()) return cause;
    std::vector<std::string> names;
    for (auto const& configured : settings_.sections)
        names.push_back(configured.name);
    cause.hint = "name the account with --account (" + joined(names, ", ") +
                 "), or add the domain to its zones";
    return cause;
}

result<digitalocean::token*> accounts::token_of(std::string const& section) {
    auto known = tokens_.find(section);
    if (known == tokens_.end()) {
        auto const safe = state_.check_owners();
        if (!safe) return safe.error();
        auto found = find_token(section);
        if (!found) return with_accounts_named(found.error(), section);
        if (!found->warning.empty()) log_.warning(found->warning);
        log_.note("the token comes from " + found->source);
        known = tokens_.emplace(section, std::move(*found)).first;
    }
    return &known->second;
}

result<account*> accounts::of_section(std::string const& section) {
    auto& connected = all_[section];
    if (!connected) {
        auto const token = token_of(section);
        if (!token) return token.error();
        auto proxy = net::proxy_for(settings_.api, environment_);
        if (!proxy) return proxy.error();
        if (*proxy) log_.note("requests go through " + (*proxy)->label());
        services::account::token_origin from{section, (*token)->source, (*token)->warning};
        connected = std::make_unique<connected_account>(*this, **token, std::move(*proxy));
        connected->use.set_origin(std::move(from));
    }
    return &connected->use;
}

// Shared by all accounts. It begins when the API is first needed: a person may think before that.
deadline accounts::api_deadline() {
    if (!deadline_) deadline_ = deadline::in(settings_.deadline);
    return *deadline_;
}

result<void> accounts::check_token() {
    if (!settings_.sections.empty()) return {};
    auto const found = token_of(settings_.account);
    return found ? result<void>() : found.error();
}

result<account*> accounts::chosen() { return of_section(settings_.account); }

result<account*> accounts::for_name(dns::name const& fqdn) {
    if (!settings_.account.empty() || !settings_.token_file.empty()) return chosen();
    auto const* const holding = digitalocean::account_holding(settings_.sections, fqdn);
    return of_section(holding == nullptr ? "" : holding->name);
}

} // namespace acme_dns01::services
