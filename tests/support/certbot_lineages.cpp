#include "support/certbot_lineages.hpp"

#include "support/acme_client.hpp"

namespace acme_dns01::test {

namespace fs = std::filesystem;

certbot_lineages::certbot_lineages() { fs::create_directories(top_ / "renewal"); }

void certbot_lineages::add(
    std::string const& name, std::string const& certificate, std::string_view parameters
) const {
    auto const pem = text_of(certificate);
    auto const server = "server = https://acme-v02.api.letsencrypt.org/directory\n";
    files_.certbot(name, {pem, pem}, "version = 2.1.0\n", std::string(parameters) + server);
}

void certbot_lineages::relink(
    std::string const& name, std::string const& kind, std::string const& to
) const {
    fs::remove(link(name, kind));
    fs::create_symlink(to, link(name, kind));
}

fs::path certbot_lineages::renewal(std::string const& name) const {
    return top_ / "renewal" / (name + ".conf");
}

fs::path certbot_lineages::archive(std::string const& name) const {
    return top_ / "archive" / name;
}

fs::path certbot_lineages::link(std::string const& name, std::string const& kind) const {
    return top_ / "live" / name / (kind + ".pem");
}

} // namespace acme_dns01::test
