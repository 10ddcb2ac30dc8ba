#include "support/user.hpp"

#include "journal/database.hpp"
#include "support/tested.hpp"

#include <boost/json/parse.hpp>

#include <regex>
#include <stdexcept>

namespace acme_dns01::test {

user& user::with(std::string const& name, std::string const& value) {
    environment_[name] = value;
    return *this;
}

user& user::without(std::string const& name) {
    environment_.erase(name);
    without_.push_back(name);
    return *this;
}

user& user::resolving_at(dns::endpoint const& resolver) {
    with("ACME_DNS01_RESOLVER", dns::to_string(resolver));
    return with("ACME_DNS01_DNS_PORT", std::to_string(resolver.port()));
}

user& user::typing(std::string const& text) {
    input_ = text;
    return *this;
}

test::outcome user::execute(std::vector<std::string> const& line) const {
    test::command command;
    command.arguments = line;
    command.environment = environment_;
    for (auto const& name : without_) {
        if (!environment_.contains(name)) command.without.push_back(name);
    }
    command.capture = true;
    command.input = input_;
    command.time_limit = seconds(60);
    auto done = test::run(command);
    if (!done) throw std::runtime_error(done.error().text());
    return *done;
}

test::outcome user::run(std::vector<std::string> const& arguments) const {
    std::vector<std::string> line{tested::program()};
    line.insert(line.end(), arguments.begin(), arguments.end());
    return execute(line);
}

test::outcome
user::run_on(terminal const& t, std::vector<std::string> const& arguments, bool with_stdout) const {
    auto const script = std::string("exec \"$0\" \"$@\" 2>") + t.path();
    std::vector<std::string> line{
        "sh", "-c", script + (with_stdout ? " >&2" : ""), tested::program()};
    line.insert(line.end(), arguments.begin(), arguments.end());
    return execute(line);
}

test::outcome user::run_by_another(std::vector<std::string> const& arguments) const {
    std::vector<std::string> line{"perl", "-e", "exit(system(@ARGV) >> 8)", tested::program()};
    line.insert(line.end(), arguments.begin(), arguments.end());
    return execute(line);
}

std::vector<std::string> user::outstanding(std::string const& key) const {
    std::vector<std::string> found;
    auto const listed = boost::json::parse(run({"status", "--json"}).out);
    for (auto const& row : listed.at("outstanding").get_array()) {
        found.emplace_back(row.at(key).get_string());
    }
    return found;
}

test::outcome user::auth(std::string const& domain, std::string const& value, int remaining) const {
    auto hooked = *this;
    hooked.with("CERTBOT_DOMAIN", domain).with("CERTBOT_VALIDATION", value);
    hooked.with("CERTBOT_REMAINING_CHALLENGES", std::to_string(remaining));
    return hooked.run({"hook", "certbot-auth"});
}

test::outcome user::cleanup(
    std::string const& domain,
    std::string const& value,
    std::string const& auth_output,
    int remaining
) const {
    auto hooked = *this;
    hooked.with("CERTBOT_DOMAIN", domain).with("CERTBOT_VALIDATION", value);
    hooked.with("CERTBOT_REMAINING_CHALLENGES", std::to_string(remaining));
    hooked.with("CERTBOT_AUTH_OUTPUT", auth_output);
    return hooked.run({"hook", "certbot-cleanup"});
}

sandbox::options quick(std::vector<double> const& delays) {
    sandbox::options options;
    for (std::size_t i = 0; i < delays.size(); ++i) {
        options.name_servers.at(i).delay = seconds(delays[i]);
    }
    return options;
}

sandbox::fault failing(sandbox::fault_action action, std::string const& method, std::size_t times) {
    sandbox::fault f;
    f.action = action;
    f.method = method;
    f.count = times;
    return f;
}

void execute_in(std::filesystem::path const& file, std::string const& sql) {
    auto opened = journal::database::open(file);
    auto const done = opened.value().execute(sql);
    if (!done) throw std::runtime_error(done.error().text());
}

void execute_in_journal(sandbox::local_digitalocean const& s, std::string const& sql) {
    execute_in(s.state_dir() + "/journal.sqlite", sql);
}

std::string without_count_of_tries(std::string const& message) {
    return std::regex_replace(message, std::regex(", tried [0-9]+ times"), "");
}

std::string place_of(sandbox::local_digitalocean const& s) {
    auto set = s.environment();
    return " --config " + set["ACME_DNS01_CONFIG"] + " --state-dir " + set["ACME_DNS01_STATE_DIR"] +
           " --api-url " + set["ACME_DNS01_API_URL"];
}

std::vector<std::string> txt_values(sandbox::local_digitalocean const& s, std::string const& zone) {
    std::vector<std::string> values;
    for (auto const& record : s.records(zone)) {
        if (record.type == "TXT") values.push_back(record.data);
    }
    return values;
}

std::vector<std::string> calls_of(sandbox::local_digitalocean const& s) {
    std::vector<std::string> calls;
    for (auto const& c : s.calls()) {
        calls.push_back(c.method + " " + c.target + " " + std::to_string(c.status));
    }
    return calls;
}

} // namespace acme_dns01::test
