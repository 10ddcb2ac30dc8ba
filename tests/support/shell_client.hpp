#pragma once

#include "sandbox/local_digitalocean.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/command.hpp"
#include "support/hook_clients.hpp"
#include "support/tested.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace acme_dns01::test {

// A client that is a script, with all that it needs in one folder that anybody may read.
struct shell_client {
    shell_client(
        sandbox::local_digitalocean const& s, std::string const& name, std::string const& text
    )
        : s_(s), script((folder.path() / name).string()) {
        std::ofstream(script) << text;
        copy(tested::program(), "acme-dns01");
        copy(hooks_folder() + "/dns_acmedns01.sh", "dns_acmedns01.sh");
        copy(s.ca_file(), "ca.pem");
        for (auto const& entry : std::filesystem::directory_iterator(folder.path()))
            std::filesystem::permissions(entry, std::filesystem::perms(0755));
        std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    }

    void copy(std::string const& from, std::string const& name) const {
        std::filesystem::copy_file(from, folder.path() / name);
    }

    std::string at(std::string const& name) const { return (folder.path() / name).string(); }

    test::command started_with(std::vector<std::string> const& arguments) const {
        test::command c;
        c.arguments = {"sh", script};
        c.arguments.insert(c.arguments.end(), arguments.begin(), arguments.end());
        c.environment = client_environment(s_);
        c.environment["PLUGIN"] = at("dns_acmedns01.sh");
        c.environment["CONF"] = at("account.conf");
        c.environment["DNS_ADD_COMMAND"] = "acme-dns01 hook getssl-add";
        c.environment["DNS_DEL_COMMAND"] = "acme-dns01 hook getssl-del";
        c.capture = true;
        c.time_limit = seconds(60);
        return c;
    }

    test::outcome run(std::vector<std::string> const& arguments) const {
        return test::run(started_with(arguments)).value();
    }

    sandbox::local_digitalocean const& s_;
    sandbox::temporary_folder folder{"acme-dns01-test"};
    std::string script;
};

} // namespace acme_dns01::test
