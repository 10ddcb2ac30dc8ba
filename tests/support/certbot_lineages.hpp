#pragma once

#include "support/client_files.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace acme_dns01::test {

// A folder such as /etc/letsencrypt, with lineages of one version each.
class certbot_lineages {
public:
    certbot_lineages();

    // The certificate is that of the file; `parameters` are lines of [renewalparams]. A lineage of
    // that name is replaced.
    void
    add(std::string const& name, std::string const& certificate, std::string_view parameters) const;

    void relink(std::string const& name, std::string const& kind, std::string const& to) const;

    std::string path() const { return top_; }
    std::filesystem::path renewal(std::string const& name) const;
    std::filesystem::path archive(std::string const& name) const;
    std::filesystem::path link(std::string const& name, std::string const& kind) const;

private:
    client_files files_;
    std::filesystem::path top_ = files_.of("certbot");
};

// Parameters of a certificate that is renewed with our hooks.
constexpr std::string_view by_hooks = "authenticator = manual\npref_challs = dns-01,\n"
                                      "manual_auth_hook = acme-dns01 hook certbot-auth\n";

} // namespace acme_dns01::test
