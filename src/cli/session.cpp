#include "cli/session.hpp"

#include "dns/resolver.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace acme_dns01::cli {

namespace {

constexpr auto without_journal =
    "records are found again by name and value only, and every hook waits for its own";

std::vector<dns::endpoint> system_resolvers() {
    std::ifstream file("/etc/resolv.conf");
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    return dns::parse_resolv_conf(text);
}

} // namespace

session::session(
    boost::asio::any_io_executor executor, settings const& set, environment const& env, output& out
)
    : executor_(std::move(executor)), settings_(set), environment_(env), output_(out) {}

log session::notes() {
    log to_output;
    to_output.note = [this](std::string const& sentence) { output_.note(sentence); };
    to_output.warning = [this](std::string const& sentence) { output_.warning(sentence); };
    return to_output;
}

result<journal::journal> session::open_journal() const {
    if (!settings_.state_dir.empty()) return journal::journal::open(settings_.state_dir);
    return error{
        .kind = error_kind::configuration,
        .message = "there is no state folder",
        .hint = "name one with --state-dir",
    };
}

journal::journal& session::records() {
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
    return journal_.emplace(journal::journal::in_memory());
}

result<journal::journal*> session::durable_records() {
    if (!journal_) {
        auto opened = open_journal();
        if (!opened) return opened.error();
        journal_.emplace(std::move(*opened));
    }
    if (!journal_->is_durable()) return why_in_memory_;
    return &*journal_;
}

session::api_parts::api_parts(
    boost::asio::any_io_executor executor, settings const& set, digitalocean::token t
)
    : token(std::move(t))
    , https(std::move(executor), set.api, set.trust, set.proxy ? &*set.proxy : nullptr)
    , client(https, token.text, deadline::in(set.deadline)) {}

result<challenge::account*> session::account() {
    if (!api_) {
        auto token = digitalocean::find_token(
            settings_.token_file, environment_, settings_.configured_token_file
        );
        if (!token) return token.error();
        output_.note("the token comes from " + token->source);
        if (settings_.proxy) output_.note("requests go through " + settings_.proxy->label());
        api_ = std::make_unique<api_parts>(executor_, settings_, std::move(*token));
        auto id = digitalocean::fingerprint(api_->token.text, settings_.api.origin());
        api_->account.emplace(api_->client, records(), std::move(id), notes());
    }
    return &*api_->account;
}

challenge::propagation_settings session::propagation() const {
    challenge::propagation_settings p;
    p.resolvers = settings_.resolvers.empty() ? system_resolvers() : settings_.resolvers;
    p.dns_port = settings_.dns_port;
    p.limits.timeout = to_duration(settings_.propagation_timeout);
    p.limits.grace = to_duration(settings_.grace);
    if (settings_.settle) p.limits.settle = to_duration(*settings_.settle);
    return p;
}

} // namespace acme_dns01::cli
