#pragma once

#include "sandbox/temporary_folder.hpp"
#include "support/test_ca.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace acme_dns01::test {

// The files of the five clients, as they write them, below one folder.
class client_files {
public:
    std::filesystem::path path() const { return scratch_.path(); }
    // The client's own folder.
    std::filesystem::path of(std::string const& client) const;

    // Valid from noon on. The name is the client's; its files replace those of that name.
    certified issue(
        std::string const& name, std::chrono::seconds life, std::string const& key = "P-256"
    ) const;

    // `settings` are lines above [renewalparams], `parameters` lines in it.
    void certbot(
        std::string const& name,
        certified const& c,
        std::string_view settings = "version = 2.1.0\n",
        std::string_view parameters = "authenticator = manual\n",
        int version = 1
    ) const;
    // The next renewal; nothing if it is 0, as of a certificate that was issued long ago.
    void acme_sh(std::string const& name, certified const& c, certificate::moment next) const;
    // Its name is added to domains.txt, with `more` names.
    void
    dehydrated(std::string const& name, certified const& c, std::string const& more = "") const;
    void lego(std::string const& name, certified const& c) const;
    void uacme(std::string const& name, certified const& c) const;
    // For any client, with its usual settings.
    void add(std::string const& client, std::string const& name, certified const& c) const;

    // Of a certificate, its key, and the file with its issuer.
    std::filesystem::path certificate(std::string const& client, std::string const& name) const;
    std::filesystem::path key(std::string const& client, std::string const& name) const;
    std::filesystem::path chain(std::string const& client, std::string const& name) const;

    test_ca const ca{"Test CA"};

private:
    sandbox::temporary_folder scratch_{"acme-dns01-test"};
};

inline std::string const client_names[]{"certbot", "acme.sh", "dehydrated", "lego", "uacme"};

} // namespace acme_dns01::test
