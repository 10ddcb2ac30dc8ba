#include "certificate/places.hpp"

#include "base/text.hpp"
#include "certificate/folder.hpp"
#include "certificate/shell.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace acme_dns01::certificate {

namespace fs = std::filesystem;
using lineages = std::vector<lineage>;

namespace {

constexpr int depth_max = 10;
constexpr int levels_up = 4; // from a certificate to its client's folder
constexpr std::size_t files_max = 20'000;

void append(lineages& all, lineages more) { std::ranges::move(more, std::back_inserter(all)); }

// acme.sh's name for the settings of one certificate.
bool is_acme_sh_certificate(fs::path const& folder) {
    auto name = folder.filename().string();
    if (name.ends_with("_ecc")) name.resize(name.size() - 4);
    auto const text = contents_of(folder / (name + ".conf"));
    return text && text->find("Le_") != std::string::npos;
}

bool is_acme_sh(fs::path const& folder) {
    if (is_file(folder / "account.conf") || is_file(folder / "acme.sh")) return true;
    return std::ranges::any_of(entries_if_any(folder), is_acme_sh_certificate);
}

bool is_certbot(fs::path const& folder) {
    if (!is_folder(folder / "renewal")) return false;
    auto const is_conf = [](fs::path const& file) { return file.extension() == ".conf"; };
    return is_folder(folder / "live") ||
           std::ranges::any_of(entries_if_any(folder / "renewal"), is_conf);
}

bool is_dehydrated(fs::path const& folder) {
    if (is_file(folder / "domains.txt")) return true;
    auto const has = [&](auto const* name) { return is_folder(folder / name); };
    if (has("certs") && (is_file(folder / "config") || (has("accounts") && has("chains"))))
        return true;
    variables set;
    if (auto const text = contents_of(folder / "config")) read_assignments(*text, set);
    constexpr std::array names{"BASEDIR", "CERTDIR", "DOMAINS_TXT", "RENEW_DAYS", "CHALLENGETYPE"};
    return std::ranges::any_of(names, [&](auto const* name) { return set.contains(name); });
}

bool is_lego(fs::path const& folder) {
    auto const is_json = [](fs::path const& file) { return file.extension() == ".json"; };
    auto const inner = folder / "certificates";
    return is_folder(inner) &&
           (is_folder(folder / "accounts") || std::ranges::any_of(entries_if_any(inner), is_json));
}

bool is_uacme(fs::path const& folder) {
    auto const keys = folder / "private";
    if (!is_folder(keys)) return false;
    // Other users may not look into it.
    auto const inside = entries_of(keys);
    auto const is_closed = !inside && is_forbidden(inside.error());
    auto const is_one = [&](fs::path const& one) {
        std::error_code ec;
        return fs::exists(one / "cert.pem", ec) && (is_closed || is_folder(keys / one.filename()));
    };
    return is_file(keys / "key.pem") || std::ranges::any_of(entries_if_any(folder), is_one);
}

// Nothing if it is no client's.
std::optional<lineages> of_client(fs::path const& folder) {
    if (is_certbot(folder)) return certbot_lineages(folder);
    if (is_dehydrated(folder)) return dehydrated_lineages(folder);
    if (is_lego(folder)) return lego_lineages(folder);
    if (is_acme_sh(folder)) return acme_sh_lineages(folder);
    if (is_uacme(folder)) return uacme_lineages(folder);
    return std::nullopt;
}

// As texts, since there may be many.
bool is_within(std::string const& file, std::string const& place) {
    return file.starts_with(place) && (file.size() == place.size() || file[place.size()] == '/');
}

// Of the files by which it may be reached, both as they are called and where links lead.
std::vector<std::string> files_of(lineage const& l) {
    auto files = l.others;
    files.insert(files.end(), {l.path, l.certificate, l.key, l.chain});
    std::vector<std::string> all;
    for (auto const& file : files) {
        if (!file.empty()) all.insert(all.end(), {file, real_path(file)});
    }
    return all;
}

lineage loose(fs::path const& file) {
    lineage l;
    l.path = file;
    l.certificate = file;
    return l;
}

// Folders below one that is no client's.
class walk {
public:
    lineages take(fs::path const& folder) {
        look_into(folder, 0);
        return std::move(found_);
    }

private:
    void look_into(fs::path const& folder, int depth) {
        if (depth > depth_max || !seen_.insert(real_path(folder)).second) return;
        if (auto all = depth == 0 ? std::nullopt : of_client(folder)) {
            append(found_, std::move(*all));
            return;
        }
        auto const all = entries_of(folder);
        if (!all) found_.push_back(unreadable("", folder, all.error()));
        for (std::size_t i = 0; all && i < all->size() && seen_.size() < files_max; ++i) {
            auto const& one = (*all)[i];
            if (is_folder(one))
                look_into(one, depth + 1);
            else if (is_called_so(one) && seen_.insert(real_path(one)).second)
                look_at(one);
        }
    }

    static bool is_called_so(fs::path const& file) {
        constexpr std::array endings{".pem", ".crt", ".cer", ".cert"};
        return std::ranges::count(endings, lower(file.extension().string())) > 0;
    }

    // Keys, requests and issuers are not looked for.
    void look_at(fs::path const& file) {
        auto const text = contents_of(file);
        auto const all = text ? certificates_in(*text) : text.error();
        auto const is_other = text && !all && text->find("-----BEGIN ") != std::string::npos &&
                              text->find("-----BEGIN CERTIFICATE-----") == std::string::npos;
        auto const first = all ? read_leaf(all->front()) : all.error();
        if (is_other || (first && first->is_issuer)) return;
        if (first && !is_newest(file, *first)) return;
        found_.push_back(loose(file));
    }

    // Removes the older one.
    bool is_newest(fs::path const& file, leaf const& of) {
        auto const same = std::tuple(file.parent_path(), of.domains, of.common_name, of.key);
        auto const [known, is_first] = newest_.try_emplace(same, file, of.not_before);
        if (is_first) return true;
        auto& newest = known->second;
        if (of.not_before <= newest.second) return false;
        std::erase_if(found_, [&](lineage const& l) { return l.path == newest.first; });
        newest = {file, of.not_before};
        return true;
    }

    using kind_of_certificate =
        std::tuple<fs::path, std::vector<std::string>, std::string, std::string>;
    std::set<fs::path> seen_;
    std::map<kind_of_certificate, std::pair<fs::path, moment>> newest_;
    lineages found_;
};

// The argument of an option of a command: "--path /var/lib/lego".
std::vector<std::string> arguments_of(
    std::vector<std::string> const& commands, std::string_view client, std::string_view option
) {
    std::vector<std::string> found;
    for (auto const& command : commands) {
        if (command.find(client) == std::string::npos) continue;
        auto const words = split(command, " \t\"'=");
        for (std::size_t i = 0; i + 1 < words.size(); ++i) {
            if (words[i] == option && words[i + 1].starts_with('/')) found.push_back(words[i + 1]);
        }
    }
    return found;
}

// The folder that certbot's own settings name.
std::vector<std::string> certbot_folders(host const& h) {
    std::vector<std::string> found{h.root / "etc/letsencrypt"};
    std::vector<fs::path> settings{h.root / "etc/letsencrypt/cli.ini"};
    if (!h.home.empty()) settings.push_back(h.home / ".config/letsencrypt/cli.ini");
    for (auto const& file : settings) {
        auto const text = contents_of(file);
        for (auto const& line : split(text ? *text : std::string(), "\n")) {
            auto const words = split(line, " \t=\"'");
            if (words.size() == 2 && words.front() == "config-dir") found.push_back(words.back());
        }
    }
    std::ranges::move(
        arguments_of(h.commands, "certbot", "--config-dir"), std::back_inserter(found)
    );
    return found;
}

class lineage_search {
public:
    explicit lineage_search(host const& h) : host_(h) {}

    lineages run() {
        for (auto const& folder : certbot_folders(host_))
            look(folder, certbot_lineages);
        for (auto const* const folder : {"etc/dehydrated", "usr/local/etc/dehydrated"}) {
            if (is_file(host_.root / folder / "config") ||
                is_file(host_.root / folder / "domains.txt"))
                look(host_.root / folder, dehydrated_lineages);
        }
        look_at_named("dehydrated", "--config", dehydrated_lineages);
        acme_sh();
        lego();
        if (is_uacme(host_.root / "etc/ssl/uacme"))
            look(host_.root / "etc/ssl/uacme", uacme_lineages);
        for (auto const* const option : {"-c", "--confdir"})
            look_at_named("uacme", option, uacme_lineages);
        return std::move(found_);
    }

private:
    using reader = lineages (*)(fs::path const&);

    void look(fs::path const& place, reader read) {
        std::error_code ec;
        auto const is_there = fs::exists(place, ec) || ec == std::errc::permission_denied;
        if (is_there && seen_.insert(real_path(place)).second) append(found_, read(place));
    }

    void look_at_named(std::string_view client, std::string_view option, reader read) {
        for (auto const& place : arguments_of(host_.commands, client, option))
            look(place, read);
    }

    void acme_sh() {
        // A home that we may not look into is no finding: every host has one.
        std::vector<fs::path> homes{host_.root / "root"};
        if (!host_.home.empty()) homes.push_back(host_.home);
        for (auto const& home : homes) {
            if (is_folder(home / ".acme.sh")) look(home / ".acme.sh", acme_sh_lineages);
        }
        for (auto const* const option : {"--home", "--config-home"})
            look_at_named("acme.sh", option, acme_sh_lineages);
    }

    void lego() {
        std::vector<fs::path> folders{host_.root / "root/.lego"};
        if (!host_.home.empty()) folders.push_back(host_.home / ".lego");
        if (!host_.lego_path.empty()) folders.emplace_back(host_.lego_path);
        for (auto const& folder : folders) {
            if (is_folder(folder / "certificates")) look(folder, lego_lineages);
        }
        look_at_named("lego", "--path", lego_lineages);
    }

    host const& host_;
    std::set<fs::path> seen_;
    lineages found_;
};

} // namespace

lineages lineages_of(host const& h) { return lineage_search(h).run(); }

struct named_places::client_folder {
    // With the files of each. Nothing if it is no client's.
    std::optional<std::vector<std::pair<lineage, std::vector<std::string>>>> all;
};

named_places::named_places() = default;
named_places::~named_places() = default;

named_places::client_folder const& named_places::look_at(fs::path const& place) {
    auto const [known, is_new] = folders_.try_emplace(place);
    if (!is_new) return known->second;
    auto all = of_client(place);
    if (!all) return known->second;
    auto& kept = known->second.all.emplace();
    for (auto& l : *all) {
        auto files = files_of(l);
        kept.emplace_back(std::move(l), std::move(files));
    }
    return known->second;
}

// Those of the client in whose folder it is.
std::optional<lineages> named_places::of_client_around(fs::path const& place) {
    auto folder = is_folder(place) ? place : place.parent_path();
    std::string const name = place;
    std::string const real = real_path(place);
    for (int i = 0; i <= levels_up && folder.has_relative_path(); ++i) {
        auto const& client = look_at(folder);
        lineages found;
        for (std::size_t k = 0; client.all && k < client.all->size(); ++k) {
            auto const& [l, files] = (*client.all)[k];
            auto const is_there = std::ranges::any_of(files, [&](std::string const& file) {
                return is_within(file, name) || is_within(file, real);
            });
            if (folder == place || is_there) found.push_back(l);
        }
        if (!found.empty() || (client.all && folder == place)) return found;
        folder = folder.parent_path();
    }
    return std::nullopt;
}

lineages named_places::at(fs::path const& path) {
    std::error_code ec;
    auto place = fs::absolute(path, ec).lexically_normal();
    if (!place.has_filename()) place = place.parent_path();
    auto of_one = of_client_around(place);
    if (of_one && !is_folder(place)) {
        // One certificate, by the path that was given for it.
        for (auto& l : *of_one)
            l.path = path;
    }
    if (of_one) return std::move(*of_one);
    if (is_folder(place)) return walk().take(place);
    return {loose(path)};
}

} // namespace acme_dns01::certificate
