#include "support/certbot_lineages.hpp"

#include <fstream>

namespace acme_dns01::test {

namespace fs = std::filesystem;

certbot_lineages::certbot_lineages() { fs::create_directory(scratch_.path() / "renewal"); }

void certbot_lineages::add(
    std::string const& name, std::string const& certificate, std::string_view parameters
) const {
    fs::create_directories(archive(name));
    fs::create_directories(scratch_.path() / "live" / name);
    std::ofstream conf(renewal(name));
    conf << "version = 2.1.0\n";
    for (std::string const kind : {"cert", "privkey", "chain", "fullchain"}) {
        auto const file = archive(name) / (kind + "1.pem");
        fs::copy_file(certificate, file, fs::copy_options::overwrite_existing);
        relink(name, kind, file);
        conf << kind << " = " << link(name, kind).string() << "\n";
    }
    conf << "[renewalparams]\n"
         << parameters << "server = https://acme-v02.api.letsencrypt.org/directory\n";
}

void certbot_lineages::relink(
    std::string const& name, std::string const& kind, std::string const& to
) const {
    fs::remove(link(name, kind));
    fs::create_symlink(to, link(name, kind));
}

fs::path certbot_lineages::renewal(std::string const& name) const {
    return scratch_.path() / "renewal" / (name + ".conf");
}

fs::path certbot_lineages::archive(std::string const& name) const {
    return scratch_.path() / "archive" / name;
}

fs::path certbot_lineages::link(std::string const& name, std::string const& kind) const {
    return scratch_.path() / "live" / name / (kind + ".pem");
}

} // namespace acme_dns01::test
