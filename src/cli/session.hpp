#pragma once

#include "base/async_result.hpp"
#include "base/environment.hpp"
#include "challenge/account.hpp"
#include "challenge/cleanup.hpp"
#include "challenge/present.hpp"
#include "challenge/wait/loop.hpp"
#include "cli/options/settings.hpp"
#include "cli/output/output.hpp"
#include "digitalocean/client.hpp"
#include "digitalocean/token.hpp"
#include "dns/reachable_resolver.hpp"
#include "dns/resolver.hpp"
#include "journal/ledger.hpp"
#include "journal/store.hpp"
#include "net/https_client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace acme_dns01::cli {

// The parts of one run, put together from the settings when they are first needed: a command that
// does not talk to the API asks for no token.
class session {
public:
    session(
        boost::asio::any_io_executor executor,
        settings const& set,
        environment const& env,
        output& out
    );
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    settings const& set() const { return settings_; }
    environment const& env() const { return environment_; }
    output& out() { return output_; }
    log notes();

    // Without a state folder, or with none that may be written, the journal is in memory: said with
    // --verbose. One that is there and does not work is worth a warning.
    journal::store& the_journal();

    // For commands that are about nothing but the journal: why it is in memory, where it is.
    result<journal::store*> durable_journal();

    // Whether `allow` covers the challenge's domain. error_kind::configuration.
    result<void> may_touch(challenge::dns01 const& c) const;

    // Whether there is a token at all, before anything that takes time; with several accounts, that
    // depends on the name. error_kind::configuration.
    result<void> check_token();

    // The account that a name belongs to, as the configuration's sections say; else the one of the
    // token that is found first. error_kind::configuration where there is no token.
    result<challenge::account*> account_for(dns::name const& fqdn);
    // The account for what is about no name.
    result<challenge::account*> account();

    // Remembers what it was told for as long as this run lasts.
    dns::resolver const& resolver();

    // The resolver that validates, as a CA's does: found when it is first needed.
    // error_kind::configuration; error_kind::dns_failure where there is none.
    async_result<dns::validating_resolver const*> validator();
    // What makes its answers worth less; empty where nothing does.
    std::string validator_note() const { return validator_ ? validator_->note : std::string(); }
    // The next one starts with nothing remembered.
    void forget_validator() { validator_.reset(); }

    boost::asio::any_io_executor const& executor() const { return executor_; }

    // Without a progress function.
    challenge::propagation_settings propagation() const;

private:
    struct api_parts {
        api_parts(session& s, digitalocean::token t, std::optional<net::proxy> through);
        digitalocean::token token;
        std::string id;
        net::https_client https;
        journal::ledger ledger;
        digitalocean::requester requester;
        digitalocean::client client;
        challenge::account account;
    };
    result<journal::store> open_journal() const;
    journal::ledger open_ledger(std::string const& id);
    deadline api_deadline();
    result<digitalocean::token> token_of(std::string const& section) const;
    error with_accounts_named(error cause, std::string const& section) const;
    result<challenge::account*> account_of(std::string const& section);
    digitalocean::zone_finder::public_zone public_zone();
    std::vector<dns::endpoint> resolvers() const;

    boost::asio::any_io_executor executor_;
    settings const& settings_;
    environment const& environment_;
    output& output_;
    std::optional<journal::store> journal_;
    error why_in_memory_;
    std::optional<deadline> deadline_;
    std::optional<dns::resolver> resolver_;
    std::optional<dns::reachable_resolver> validator_;
    std::map<std::string, std::unique_ptr<api_parts>> accounts_; // by the section's name
};

} // namespace acme_dns01::cli
