#pragma once

#include "base/environment.hpp"
#include "base/log.hpp"
#include "digitalocean/accounts.hpp"
#include "digitalocean/token.hpp"
#include "net/https_client.hpp"
#include "services/account.hpp"
#include "services/resolvers.hpp"
#include "services/state_folder.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::services {

struct account_settings {
    net::base_url api;
    net::trust trust;
    std::string token_file;            // of the command line or the environment
    std::string configured_token_file; // comes after every token of the environment
    std::string account;               // the section of the token; empty: by the sections' zones
    std::vector<digitalocean::configured_account> sections;
    seconds deadline{300};
};

// The DigitalOcean accounts of one run by name, each with its token and connection, made when first
// needed: a command that does not use the API needs no token.
class accounts {
public:
    // All but the executor, the settings and the log must outlive the accounts.
    accounts(
        boost::asio::any_io_executor executor,
        account_settings set,
        environment const& env,
        state_folder& state,
        resolvers& dns,
        log notes
    );
    accounts(accounts const&) = delete;
    accounts& operator=(accounts const&) = delete;

    // Fails without a usable token, before anything that takes time; opens nothing else. With
    // several accounts the token depends on the name, and nothing is checked.
    // error_kind::configuration.
    result<void> check_token();

    // The account whose section in the configuration has the name's zone, unless --account or
    // --token-file is given; else chosen(). error_kind::configuration without a token.
    result<account*> for_name(dns::name const& fqdn);

    // The account of --account, else of the token that is found first.
    result<account*> chosen();

private:
    struct connected_account {
        connected_account(
            accounts& all, digitalocean::token const& t, std::optional<net::proxy> through
        );
        digitalocean::token const& token;
        std::string id;
        net::https_client https;
        journal::ledger ledger;
        digitalocean::requester requester;
        digitalocean::client client;
        account use;
    };
    result<account*> of_section(std::string const& section);
    result<digitalocean::token> find_token(std::string const& section) const;
    // Read once: it may come from a pipe.
    result<digitalocean::token*> token_of(std::string const& section);
    error with_accounts_named(error cause, std::string const& section) const;
    deadline api_deadline();

    boost::asio::any_io_executor executor_;
    account_settings settings_;
    environment const& environment_;
    state_folder& state_;
    resolvers& resolvers_;
    log log_;
    std::optional<deadline> deadline_;
    // By the section's name.
    std::map<std::string, digitalocean::token> tokens_;
    std::map<std::string, std::unique_ptr<connected_account>> all_;
};

} // namespace acme_dns01::services
