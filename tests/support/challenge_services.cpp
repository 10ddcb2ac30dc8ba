#include "support/challenge_services.hpp"

#include "support/user.hpp"

#include <map>

namespace acme_dns01::test {

namespace {

constexpr auto of_sandbox = "the sandbox's";

environment environment_for(service_settings const& set, sandbox::local_digitalocean const& s) {
    std::map<std::string, std::string> variables{{"NO_PROXY", "127.0.0.1"}};
    auto const token = set.token == of_sandbox ? s.token() : set.token;
    if (!token.empty()) variables["DIGITALOCEAN_TOKEN"] = token;
    return environment(variables);
}

services::account_settings settings_for(sandbox::local_digitalocean const& s) {
    services::account_settings settings;
    settings.api = net::parse_base_url(s.api_url()).value();
    settings.trust.ca_file = s.ca_file();
    settings.deadline = seconds(20);
    return settings;
}

services::resolver_settings
resolvers_for(service_settings const& set, sandbox::local_digitalocean const& s) {
    auto const resolver = set.resolver.value_or(dns::parse_endpoint(s.resolver(), 53).value());
    services::resolver_settings settings;
    settings.configured = {resolver};
    settings.dns_port = resolver.port();
    return settings;
}

log collecting(texts& notes, texts& warnings) {
    log all;
    all.note = [&](auto const& text) { notes.push_back(text); };
    all.warning = [&](auto const& text) { warnings.push_back(text); };
    return all;
}

std::string state_dir_of(service_settings const& set, sandbox::local_digitalocean const& s) {
    return set.state_dir == of_sandbox ? s.state_dir() : set.state_dir;
}

} // namespace

sandbox::options publishing_at_once() { return quick({0.0, 0.0, 0.0}); }

challenge_services::challenge_services(service_settings const& set)
    : s(set.sandbox)
    , notes_and_warnings(collecting(notes, warnings))
    , env(environment_for(set, s))
    , account_settings(settings_for(s))
    , state(state_dir_of(set, s), notes_and_warnings)
    , dns(io.get_executor(), resolvers_for(set, s))
    , allowed(challenge::allow_list::parse(set.allowed).value()) {}

void challenge_services::run(boost::asio::awaitable<void> task) {
    auto const stop = [&](std::exception_ptr const& e) {
        if (e) std::rethrow_exception(e);
        io.stop();
    };
    boost::asio::co_spawn(io, std::move(task), stop);
    io.restart();
    io.run();
}

texts challenge_services::rows() {
    texts all;
    for (auto const& row : entries()) {
        auto const order =
            row.remaining > 0 ? " " + std::to_string(row.remaining) + " to come" : "";
        auto const at = std::string(to_string(row.at));
        all.push_back(at + " " + row.domain + "=" + row.value + order);
    }
    return all;
}

journal::entry
challenge_services::add_intent(challenge::dns01 const& c, journal::run const& owner) {
    auto const zone = name_of("example.com");
    journal::intent const wanted{c.domain, zone, c.fqdn, c.value, owner, 0, account().id()};
    state.journal().intend(wanted).value();
    return entries().back();
}

journal::entry
challenge_services::add_journalled(challenge::dns01 const& c, journal::run const& owner) {
    auto const row = add_intent(c, owner);
    state.journal().created(row.key, add_record(c)).value();
    return entries().back();
}

std::int64_t challenge_services::add_record(challenge::dns01 const& c) {
    digitalocean::record r;
    r.type = "TXT";
    r.name = c.fqdn.relative_to(name_of("example.com"));
    r.data = c.value;
    r.ttl = 30;
    return s.add_record("example.com", r);
}

dns::name name_of(std::string_view text) { return dns::name::parse(text).value(); }

challenge::dns01 challenge_for(std::string_view domain, std::string_view value) {
    return challenge::make_challenge(domain, value).value();
}

journal::run living_run() { return {"certbot", this_process(), "alive"}; }

journal::run ended_run() { return {"certbot", {1, "before", this_process().place}, "ended"}; }

void refuse_new_rows(sandbox::local_digitalocean const& s) {
    execute_in_journal(
        s, "CREATE TRIGGER full BEFORE INSERT ON record BEGIN SELECT RAISE(FAIL, 'no space'); END"
    );
}

texts labels_of(std::vector<challenge::record_id> const& records) {
    texts all;
    for (auto const& r : records)
        all.push_back(r.zone.text() + "/" + std::to_string(r.id));
    return all;
}

texts calls_about_records(sandbox::local_digitalocean const& s) {
    auto all = calls_of(s);
    std::erase_if(all, [](auto const& call) { return call.starts_with("GET /v2/domains?"); });
    return all;
}

std::string whole_text(error const& e) {
    return std::string(to_string(e.kind)) + ": " + e.text() + ": " + e.hint;
}

} // namespace acme_dns01::test
