#include "support/hook_clients.hpp"

#include "support/acme_client.hpp"
#include "support/tested.hpp"

#include <cstdlib>
#include <fstream>

namespace acme_dns01::test {

namespace {

using texts = std::vector<std::string>;

test::command
command_for(client_task const& task, std::string const& script, texts const& arguments = {}) {
    test::command command;
    command.arguments = {"sh", "-ec", script, "sh"};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = client_environment(task.s);
    command.capture = true;
    command.time_limit = seconds(400);
    return command;
}

// "<option> <name>" for each.
texts with_names(texts arguments, std::string const& option, texts const& names) {
    for (auto const& name : names)
        arguments.insert(arguments.end(), {option, name});
    return arguments;
}

test::command certbot(client_task const& task) {
    texts const how{
        "--manual",
        "--manual-auth-hook",
        "acme-dns01 hook certbot-auth",
        "--manual-cleanup-hook",
        "acme-dns01 hook certbot-cleanup"};
    auto command = certbot_command(task.s, task.ca, task.folder, how, task.names);
    for (auto const& [name, value] : client_environment(task.s))
        command.environment[name] = value;
    return command;
}

test::command dehydrated(client_task const& task, std::string const& chain) {
    auto const config = task.folder / "dehydrated.conf";
    std::ofstream(config) << "CA=" << task.ca.directory()
                          << "\nCHALLENGETYPE=dns-01\nHOOK=" << hooks_folder()
                          << "/dehydrated\nHOOK_CHAIN=" << chain
                          << "\nBASEDIR=" << (task.folder / "dehydrated").string()
                          << "\nKEY_ALGO=secp384r1\nCURL_OPTS='--cacert " << task.s.ca_file()
                          << "'\n";
    std::filesystem::create_directories(task.folder / "dehydrated");
    auto const script = "dehydrated --config '" + config.string() +
                        "' --register --accept-terms; "
                        "exec dehydrated --config '" +
                        config.string() + "' --cron --alias one \"$@\"";
    return command_for(task, script, with_names({}, "--domain", task.names));
}

test::command lego(client_task const& task, std::string const& mode) {
    texts const arguments{
        "--accept-tos",
        "--email",
        "admin@example.com",
        "--server",
        task.ca.directory(),
        "--path",
        task.folder / "lego",
        "--dns",
        "exec",
        "--dns.disable-cp",
        "--dns.resolvers",
        task.s.resolver()};
    auto command =
        command_for(task, "exec lego \"$@\" run", with_names(arguments, "--domains", task.names));
    command.environment["EXEC_PATH"] = hooks_folder() + "/lego";
    command.environment["EXEC_MODE"] = mode;
    command.environment["EXEC_SEQUENCE_INTERVAL"] = "0";
    command.environment["EXEC_POLLING_INTERVAL"] = "0";
    return command;
}

// uacme's TLS library trusts the machine's certificates alone.
test::command uacme(client_task const& task) {
    auto const call = "env LD_PRELOAD='" + tested::ca_file_library() + "' uacme -v -a '" +
                      task.ca.directory() + "' -c '" + task.folder.string() + "/uacme' -t EC ";
    auto const script =
        call + "-y new; exec " + call + "-h '" + hooks_folder() + "/uacme' issue \"$@\"";
    return command_for(task, script, task.names);
}

std::string without_wildcard(std::string const& name) {
    return name.starts_with("*.") ? "_" + name.substr(1) : name;
}

} // namespace

std::string hooks_folder() { return tested::hooks(); }

std::map<std::string, std::string> client_environment(sandbox::local_digitalocean const& s) {
    auto all = s.environment();
    auto const* path = std::getenv("PATH");
    auto const folder = std::filesystem::path(tested::program()).parent_path().string();
    all["PATH"] = folder + ":" + (path == nullptr ? "/usr/bin:/bin" : path);
    all["REQUESTS_CA_BUNDLE"] = s.ca_file();
    return all;
}

std::vector<hook_client> hook_clients() {
    auto const in_lego = [](auto const& task) {
        return task.folder / "lego/certificates" / (without_wildcard(task.names[0]) + ".crt");
    };
    auto const in_dehydrated = [](auto const& task) {
        return task.folder / "dehydrated/certs/one/cert.pem";
    };
    return {
        {"certbot",
         certbot,
         [](auto const& task) { return live_certificate(task.folder, task.names[0]); },
         2},
        {"dehydrated", [](auto const& task) { return dehydrated(task, "no"); }, in_dehydrated},
        {"dehydrated with HOOK_CHAIN",
         [](auto const& task) { return dehydrated(task, "yes"); },
         in_dehydrated,
         2},
        {"lego", [](auto const& task) { return lego(task, ""); }, in_lego},
        {"lego in raw mode", [](auto const& task) { return lego(task, "RAW"); }, in_lego},
        {"uacme",
         uacme,
         [](auto const& task) { return task.folder / "uacme" / task.names[0] / "cert.pem"; }},
    };
}

} // namespace acme_dns01::test
