#include "cli/session.hpp"

#include "base/text.hpp"
#include "dns/delegation.hpp"
#include "dns/resolver.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace acme_dns01::cli {

namespace {

constexpr auto without_journal =
    "records are found again by name and value only, and every hook waits for its own";

// Beyond this, what is to be learnt before a record is made is not worth waiting for.
constexpr std::chrono::seconds look_up_limit{3};

// The root is far away for nobody: there are some 2,000 of it.
constexpr std::chrono::seconds root_patience{3};

std::vector<dns::endpoint> system_resolvers() {
    std::ifstream file("/etc/resolv.conf");
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    return dns::parse_resolv_conf(text);
}

digitalocean::request_budget budget_of(journal::ledger& counts) {
    return {
        .take = [&counts] { return counts.take(); },
        .close_until = [&counts](auto moment) { counts.close_until(moment); },
    };
}

} // namespace

session::session(
    boost::asio::any_io_executor executor, settings const& set, environment const& env, output& out
)
    : executor_(std::move(executor)), settings_(set), environment_(env), output_(out) {}

log session::notes() {
    log to_output;
    to_output.note = [this](std::string const& sentence) { output_.note(sentence); };
    to_output.progress = [this](std::string const& sentence) { output_.progress({sentence}); };
    to_output.warning = [this](std::string const& sentence) { output_.warning(sentence); };
    return to_output;
}

result<journal::store> session::open_journal() const {
    if (!settings_.state_dir.empty()) return journal::store::open(settings_.state_dir);
    return error{
        .kind = error_kind::configuration,
        .message = "there is no state folder",
        .hint = "name one with --state-dir",
    };
}

journal::store& session::the_journal() {
    if (journal_) return *journal_;
    auto opened = open_journal();
    if (opened) return journal_.emplace(std::move(*opened));
    why_in_memory_ = opened.error();
    std::error_code ec;
    auto const file = std::filesystem::path(settings_.state_dir) / "journal.sqlite";
    auto const sentence = why_in_memory_.text() + "; " + without_journal;
    if (std::filesystem::exists(file, ec)) {
        output_.warning(sentence);
    } else {
        output_.note(sentence);
    }
    return journal_.emplace(journal::store::in_memory());
}

result<journal::store*> session::durable_journal() {
    if (!journal_) {
        auto opened = open_journal();
        if (!opened) return opened.error();
        journal_.emplace(std::move(*opened));
    }
    if (!journal_->is_durable()) return why_in_memory_;
    return &*journal_;
}

journal::ledger session::open_ledger(std::string const& id) {
    journal::ledger::settings how{id, digitalocean::published_windows, notes()};
    if (!the_journal().is_durable()) return journal::ledger::in_memory(std::move(how));
    return journal::ledger::open(settings_.state_dir, std::move(how));
}

session::api_parts::api_parts(session& s, digitalocean::token t, std::optional<net::proxy> through)
    : token(std::move(t))
    , id(digitalocean::fingerprint(token.text, s.settings_.api.origin()))
    , https(s.executor_, s.settings_.api, s.settings_.trust, std::move(through))
    , ledger(s.open_ledger(id))
    , requester(https, token.text, budget_of(ledger), s.api_deadline(), s.notes())
    , client(requester)
    , account(client, s.the_journal(), id, s.public_zone(), s.notes()) {}

result<digitalocean::token> session::token_of(std::string const& section) const {
    auto const found =
        std::ranges::find(settings_.accounts, section, &digitalocean::configured_account::name);
    if (found != settings_.accounts.end()) return digitalocean::token_in_file(found->token_file);
    return digitalocean::find_token(
        settings_.token_file, environment_, settings_.configured_token_file
    );
}

// Whoever has sections and no other token may have meant one of them.
error session::with_accounts_named(error cause, std::string const& section) const {
    if (!section.empty() || settings_.accounts.empty()) return cause;
    std::vector<std::string> names;
    for (auto const& account : settings_.accounts)
        names.push_back(account.name);
    cause.hint = "name the account with --account (" + joined(names, ", ") +
                 "), or add the domain to its zones";
    return cause;
}

result<challenge::account*> session::account_of(std::string const& section) {
    auto& parts = accounts_[section];
    if (!parts) {
        auto token = token_of(section);
        if (!token) return with_accounts_named(token.error(), section);
        output_.note("the token comes from " + token->source);
        auto proxy = net::proxy_for(settings_.api, environment_);
        if (!proxy) return proxy.error();
        if (*proxy) output_.note("requests go through " + (*proxy)->label());
        parts = std::make_unique<api_parts>(*this, std::move(*token), std::move(*proxy));
    }
    return &parts->account;
}

// One for all accounts, from when the API is first needed: people may think before that.
deadline session::api_deadline() {
    if (!deadline_) deadline_ = deadline::in(settings_.deadline);
    return *deadline_;
}

result<void> session::may_touch(challenge::dns01 const& c) const {
    auto const domain = dns::name::parse(c.domain);
    if (!domain) return domain.error();
    return settings_.allow.check(*domain);
}

result<void> session::check_token() {
    if (!settings_.accounts.empty()) return {};
    auto const found = account();
    if (!found) return found.error();
    return {};
}

result<challenge::account*> session::account() { return account_of(settings_.account); }

result<challenge::account*> session::account_for(dns::name const& fqdn) {
    if (!settings_.account.empty() || !settings_.token_file.empty()) return account();
    auto const* const holding = digitalocean::account_holding(settings_.accounts, fqdn);
    return account_of(holding == nullptr ? "" : holding->name);
}

dns::resolver const& session::resolver() {
    if (!resolver_) resolver_.emplace(resolvers(), look_up_limit);
    return *resolver_;
}

async_result<dns::validating_resolver const*> session::validator() {
    if (validator_) co_return &*validator_->resolver;
    dns::validating_settings wanted;
    wanted.forward_to = settings_.resolvers;
    wanted.trust_anchor_file = settings_.trust_anchor;
    auto found = co_await dns::find_resolver(executor_, wanted, system_resolvers(), root_patience);
    if (!found) co_return found.error();
    validator_.emplace(std::move(*found));
    co_return &*validator_->resolver;
}

digitalocean::zone_finder::public_zone session::public_zone() {
    return [this](dns::name fqdn) {
        return dns::public_zone(resolver(), std::move(fqdn), settings_.dns_port);
    };
}

std::vector<dns::endpoint> session::resolvers() const {
    return settings_.resolvers.empty() ? system_resolvers() : settings_.resolvers;
}

challenge::propagation_settings session::propagation() const {
    challenge::propagation_settings p;
    p.resolvers = resolvers();
    p.dns_port = settings_.dns_port;
    p.limits.timeout = to_duration(settings_.propagation_timeout);
    p.limits.grace = to_duration(settings_.grace);
    p.limits.require_all = settings_.require_all;
    p.asked = settings_.propagation;
    if (settings_.settle) p.limits.settle = to_duration(*settings_.settle);
    return p;
}

} // namespace acme_dns01::cli
