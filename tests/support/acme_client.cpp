#include "support/acme_client.hpp"

#include "sandbox/temporary_folder.hpp"
#include "support/user.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>

namespace acme_dns01::test {

namespace {

using texts = std::vector<std::string>;

} // namespace

sandbox::options two_zones() {
    auto options = quick({0.2, 0.4, 0.8});
    options.domains = {"example.com", "nested.example.com"};
    return options;
}

test::command certbot_command(
    sandbox::local_digitalocean const& s,
    pebble const& ca,
    std::filesystem::path const& folder,
    texts const& how,
    texts const& names
) {
    test::command command;
    command.arguments = {
        "certbot",
        "certonly",
        "--non-interactive",
        "--agree-tos",
        "--register-unsafely-without-email",
        "--preferred-challenges",
        "dns",
        "--server",
        ca.directory(),
        "--config-dir",
        folder / "config",
        "--work-dir",
        folder / "work",
        "--logs-dir",
        folder / "logs",
    };
    command.arguments.insert(command.arguments.end(), how.begin(), how.end());
    for (auto const& name : names)
        command.arguments.insert(command.arguments.end(), {"-d", name});
    command.environment = s.environment();
    command.environment["REQUESTS_CA_BUNDLE"] = s.ca_file();
    command.environment["DIGITALOCEAN_END_POINT"] = s.api_url() + "/v2/"; // for the plugin
    command.capture = true;
    command.time_limit = seconds(400);
    return command;
}

texts certbot_hooks(std::string const& hook, std::filesystem::path const& folder) {
    auto const call = [&](std::string const& name) {
        return hook + " hook " + name + " 2>>" + (folder / "hook.err").string();
    };
    return {
        "--manual",
        "--manual-auth-hook",
        call("certbot-auth"),
        "--manual-cleanup-hook",
        call("certbot-cleanup"),
    };
}

texts certbot_plugin_options(
    sandbox::local_digitalocean const& s, std::filesystem::path const& folder, unsigned blind_wait
) {
    auto const credentials = folder / "digitalocean.ini";
    sandbox::write_private_file(credentials, "dns_digitalocean_token = " + s.token() + "\n");
    return {
        "--dns-digitalocean",
        "--dns-digitalocean-credentials",
        credentials,
        "--dns-digitalocean-propagation-seconds",
        std::to_string(blind_wait),
    };
}

test::command lego_provider_command(
    sandbox::local_digitalocean const& s,
    pebble const& ca,
    std::filesystem::path const& folder,
    texts const& names
) {
    test::command command;
    command.arguments = {
        "lego",
        "--accept-tos",
        "--email",
        "admin@example.com",
        "--server",
        ca.directory(),
        "--path",
        folder / "lego",
        "--dns",
        "digitalocean",
        "--dns.disable-cp",
        "--dns.resolvers",
        s.resolver(),
    };
    for (auto const& name : names)
        command.arguments.insert(command.arguments.end(), {"--domains", name});
    command.arguments.emplace_back("run");
    command.environment = s.environment();
    command.environment["DO_API_URL"] = s.api_url();
    command.environment["DO_AUTH_TOKEN"] = s.token();
    command.capture = true;
    command.time_limit = seconds(400);
    return command;
}

std::string live_certificate(std::filesystem::path const& folder, std::string const& name) {
    return folder / "config/live" / name / "cert.pem";
}

texts names_in_certificate(std::string const& file) {
    test::command command;
    command.arguments = {"openssl", "x509", "-in", file, "-noout", "-ext", "subjectAltName"};
    command.capture = true;
    auto const printed = test::run(command).value().out;
    texts found;
    std::regex const name("DNS:([^,\\s]+)");
    for (std::sregex_iterator at(printed.begin(), printed.end(), name), end; at != end; ++at)
        found.push_back((*at)[1]);
    return sorted(std::move(found));
}

std::string text_of(std::string const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void replace_in(std::string const& file, std::string const& pattern, std::string const& by) {
    auto const before = text_of(file);
    auto const after = std::regex_replace(before, std::regex(pattern), by);
    if (after == before) throw std::runtime_error(file + " has no " + pattern);
    std::ofstream(file) << after;
}

texts sorted(texts list) {
    std::ranges::sort(list);
    return list;
}

texts calls_without_ids(sandbox::local_digitalocean const& s) {
    texts calls;
    std::regex const id("/records/[0-9]+ ");
    for (auto const& call : calls_of(s))
        calls.push_back(std::regex_replace(call, id, "/records/<id> "));
    return sorted(std::move(calls));
}

} // namespace acme_dns01::test
