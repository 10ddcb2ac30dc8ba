#include "support/client_files.hpp"

#include <fstream>
#include <stdexcept>

namespace acme_dns01::test {

namespace fs = std::filesystem;

namespace {

void link(fs::path const& file, fs::path const& to) {
    fs::create_directories(file.parent_path());
    fs::remove(file);
    fs::create_symlink(to, file);
}

std::string seconds_of(certificate::moment m) {
    return std::to_string(m.time_since_epoch().count());
}

} // namespace

fs::path client_files::of(std::string const& client) const { return path() / client; }

certified client_files::issue(
    std::string const& name, std::chrono::seconds life, std::string const& key
) const {
    return ca.issue({name}, noon, noon + life, key);
}

void client_files::certbot(
    std::string const& name,
    certified const& c,
    std::string_view settings,
    std::string_view parameters,
    int version
) const {
    auto const top = of("certbot");
    auto const number = std::to_string(version) + ".pem";
    std::string conf(settings);
    conf += "archive_dir = " + (top / "archive" / name).string() + "\n";
    for (auto const& [kind, text] :
         {std::pair<std::string, std::string>{"cert", c.certificate},
          {"privkey", c.key},
          {"chain", ca.pem()},
          {"fullchain", c.certificate + ca.pem()}}) {
        write_file(top / "archive" / name / (kind + number), text);
        auto const file = top / "live" / name / (kind + ".pem");
        link(file, "../../archive/" + name + "/" + kind + number);
        conf += kind + " = " + file.string() + "\n";
    }
    conf += "\n# Options used in the renewal process\n[renewalparams]\n" + std::string(parameters);
    write_file(top / "renewal" / (name + ".conf"), conf);
}

void client_files::acme_sh(std::string const& name, certified const& c, certificate::moment next)
    const {
    auto const top = of("acme.sh");
    auto const folder = top / (name + "_ecc");
    write_file(top / "account.conf", "ACCOUNT_EMAIL='admin@example.com'\n");
    write_file(folder / (name + ".cer"), c.certificate);
    write_file(folder / "fullchain.cer", c.certificate + ca.pem());
    write_file(folder / "ca.cer", ca.pem());
    write_file(folder / (name + ".key"), c.key);
    write_file(folder / (name + ".csr.conf"), "[req]\n");
    std::string conf = "Le_Domain='" + name + "'\nLe_Alt='no'\nLe_Webroot='dns_acmedns01'\n";
    conf += "Le_API='https://acme-v02.api.letsencrypt.org/directory'\nLe_Keylength='ec-256'\n";
    conf += "Le_CertCreateTime='" + seconds_of(noon) + "'\n";
    if (next != certificate::moment()) conf += "Le_NextRenewTime='" + seconds_of(next) + "'\n";
    write_file(folder / (name + ".conf"), conf);
}

void client_files::dehydrated(std::string const& name, certified const& c, std::string const& more)
    const {
    auto const top = of("dehydrated");
    auto const folder = top / "certs" / name;
    auto const stamp = "-" + seconds_of(noon) + ".pem";
    write_file(top / "config", "# shell\nCHALLENGETYPE=\"dns-01\"\nRENEW_DAYS=\"30\"\n");
    for (auto const& [kind, text] :
         {std::pair<std::string, std::string>{"cert", c.certificate},
          {"privkey", c.key},
          {"chain", "\n" + ca.pem()},
          {"fullchain", c.certificate + "\n" + ca.pem()}}) {
        write_file(folder / (kind + stamp), text);
        link(folder / (kind + ".pem"), kind + stamp);
    }
    std::ofstream(top / "domains.txt", std::ios::app) << name << more << "\n";
}

void client_files::lego(std::string const& name, certified const& c) const {
    auto const folder = of("lego") / "certificates";
    write_file(folder / (name + ".crt"), c.certificate + ca.pem());
    write_file(folder / (name + ".issuer.crt"), ca.pem());
    write_file(folder / (name + ".key"), c.key);
    write_file(folder / (name + ".json"), "{\"domain\": \"" + name + "\"}");
}

void client_files::uacme(std::string const& name, certified const& c) const {
    write_file(of("uacme") / "private" / "key.pem", c.key);
    write_file(of("uacme") / name / "cert.pem", c.certificate + ca.pem());
    write_file(of("uacme") / "private" / name / "key.pem", c.key);
}

void client_files::add(std::string const& client, std::string const& name, certified const& c)
    const {
    if (client == "certbot") return certbot(name, c);
    if (client == "acme.sh") return acme_sh(name, c, noon + std::chrono::days(59));
    if (client == "dehydrated") return dehydrated(name, c);
    if (client == "lego") return lego(name, c);
    if (client == "uacme") return uacme(name, c);
    throw std::invalid_argument("no client " + client);
}

fs::path client_files::certificate(std::string const& client, std::string const& name) const {
    if (client == "certbot") return of(client) / "live" / name / "cert.pem";
    if (client == "acme.sh") return of(client) / (name + "_ecc") / (name + ".cer");
    if (client == "dehydrated") return of(client) / "certs" / name / "cert.pem";
    if (client == "lego") return of(client) / "certificates" / (name + ".crt");
    return of(client) / name / "cert.pem";
}

fs::path client_files::key(std::string const& client, std::string const& name) const {
    auto const beside = certificate(client, name).parent_path();
    if (client == "acme.sh" || client == "lego") return beside / (name + ".key");
    if (client == "uacme") return of(client) / "private" / name / "key.pem";
    return beside / "privkey.pem";
}

fs::path client_files::chain(std::string const& client, std::string const& name) const {
    auto const beside = certificate(client, name).parent_path();
    if (client == "acme.sh") return beside / "ca.cer";
    if (client == "lego") return beside / (name + ".issuer.crt");
    if (client == "uacme") return beside / "cert.pem";
    return beside / "chain.pem";
}

} // namespace acme_dns01::test
