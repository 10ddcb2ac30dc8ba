#include "base/text.hpp"
#include "certificate/folder.hpp"
#include "certificate/lineage.hpp"
#include "certificate/shell.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

namespace acme_dns01::certificate {

namespace fs = std::filesystem;
using std::chrono::days;

namespace {

variables assignments_in(fs::path const& file) {
    variables all;
    if (auto const text = contents_of(file)) read_assignments(*text, all);
    return all;
}

void read_more(fs::path const& file, variables& into) {
    if (auto const text = contents_of(file)) read_assignments(*text, into);
}

// acme.sh

std::string without_suffix(std::string text, std::string_view suffix) {
    if (text.ends_with(suffix)) text.resize(text.size() - suffix.size());
    return text;
}

// Why acme.sh's cron job leaves it alone; empty if it does not.
std::string skipped_by_acme_sh(variables const& set, fs::path const& conf) {
    if (!is_file(conf)) return "there is no " + conf.string();
    auto const is_known = [&](auto const* name) { return !value_of(set, name).empty(); };
    if (is_known("Le_CertCreateTime") || is_known("Le_NextRenewTime")) return {};
    return conf.string() + " has no Le_CertCreateTime";
}

rule rule_of_acme_sh(variables const& set) {
    auto const text = value_of(set, "Le_NextRenewTime");
    auto const next = number_in<std::uint32_t>(text);
    // Without a time every run renews.
    return at(moment(std::chrono::seconds(next.value_or(0))));
}

std::optional<lineage> acme_sh_lineage(fs::path const& home, fs::path const& folder) {
    auto const base = folder.filename().string();
    auto const name = without_suffix(base, "_ecc");
    auto const file = [&](std::string const& ending) { return folder / (name + ending); };
    auto const conf = file(".conf");
    auto const removed = file(".conf.removed");
    auto const set = assignments_in(is_file(conf) ? conf : removed);
    auto const was_issued = !value_of(set, "Le_CertCreateTime").empty() ||
                            !value_of(set, "Le_NextRenewTime").empty() || is_file(file(".cer"));
    if (!was_issued) return std::nullopt;
    auto l = lineage_of("acme.sh", name);
    l.path = file(".cer");
    l.certificate = l.path;
    l.key = file(".key");
    l.chain = folder / "ca.cer";
    l.others = {folder / "fullchain.cer"};
    l.directory = value_of(set, "Le_API");
    l.by_hand = "acme.sh --renew" + std::string(base == name ? "" : " --ecc") + " -d " +
                shell_word(name) + " --home " + shell_word(home.string());
    l.settings = "issue it anew with `--days <n>`";
    l.renewed = rule_of_acme_sh(set);
    l.skipped = skipped_by_acme_sh(set, conf);
    if (!l.skipped.empty()) l.advice = "issue it anew with `acme.sh --issue`, or delete its folder";
    return l;
}

// dehydrated

// A line of domains.txt, as dehydrated splits it: names, and an alias behind '>'.
void add_line(std::string_view line, std::map<std::string, std::vector<std::string>>& into) {
    auto const text = lower(trimmed(line));
    if (text.empty() || text.starts_with('#')) return;
    auto const sign = text.find('>');
    auto names = split(text.substr(0, sign), " \t");
    if (names.empty()) return;
    auto const behind = split(sign == std::string::npos ? "" : text.substr(sign + 1), " \t");
    auto const alias = behind.empty() ? names.front() : behind.front();
    for (std::size_t i = 1; i < behind.size(); ++i)
        names.push_back(behind[i]);
    into.try_emplace(alias, std::move(names));
}

moment changed(fs::path const& file) {
    std::error_code ec;
    auto const time = fs::last_write_time(file, ec);
    if (ec) return {};
    return std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(time));
}

struct dehydrated_settings {
    variables set;
    fs::path config; // may be empty
    fs::path certificates;
    fs::path domains;
    // By alias. Nothing if the file is not there, as dehydrated then renews what it is told to
    // with --domain.
    std::optional<std::map<std::string, std::vector<std::string>>> listed;
};

fs::path or_else(std::string const& text, fs::path const& other) {
    return text.empty() ? other : fs::path(text);
}

// May be empty. Debian keeps it apart from the folder that it names.
fs::path config_of(fs::path const& file_or_folder) {
    if (!is_folder(file_or_folder)) return file_or_folder;
    auto const inside = file_or_folder / "config";
    if (is_file(inside)) return inside;
    fs::path const usual = "/etc/dehydrated/config";
    auto const base = value_of(assignments_in(usual), "BASEDIR");
    auto const is_its_own = !base.empty() && real_path(base) == real_path(file_or_folder);
    return is_its_own ? usual : fs::path();
}

dehydrated_settings settings_of_dehydrated(fs::path const& file_or_folder) {
    dehydrated_settings s;
    auto const in_folder = is_folder(file_or_folder);
    s.config = config_of(file_or_folder);
    auto const base = in_folder ? file_or_folder : file_or_folder.parent_path();
    s.set["BASEDIR"] = base.string();
    s.set["RENEW_DAYS"] = "30";
    read_more(s.config, s.set);
    for (auto const& more : entries_if_any(value_of(s.set, "CONFIG_D"))) {
        if (more.extension() == ".sh") read_more(more, s.set);
    }
    auto const top = or_else(value_of(s.set, "BASEDIR"), base);
    s.certificates = or_else(value_of(s.set, "CERTDIR"), top / "certs");
    s.domains = or_else(value_of(s.set, "DOMAINS_TXT"), top / "domains.txt");
    auto const text = contents_of(s.domains, std::size_t{4} * 1024 * 1024);
    if (!text) return s;
    s.listed.emplace();
    for (auto const& line : split(*text, "\n"))
        add_line(line, *s.listed);
    return s;
}

// The file of a certificate's own settings.
fs::path own_settings(dehydrated_settings const& s, fs::path const& folder) {
    auto const domains_d = value_of(s.set, "DOMAINS_D");
    return domains_d.empty() ? folder / "config" : fs::path(domains_d) / folder.filename();
}

lineage dehydrated_lineage(dehydrated_settings const& s, fs::path const& folder) {
    auto l = lineage_of("dehydrated", folder.filename().string());
    l.path = folder / "cert.pem";
    l.certificate = l.path;
    l.key = folder / "privkey.pem";
    l.chain = folder / "chain.pem";
    l.others = {folder / "fullchain.pem"};
    auto set = s.set;
    read_more(own_settings(s, folder), set);
    auto const margin = number_in<std::uint32_t>(value_of(set, "RENEW_DAYS"));
    l.renewed = before_end(days(margin.value_or(30)));
    l.directory = value_of(set, "CA");
    auto const is_usual = s.config.empty() || s.config == "/etc/dehydrated/config";
    l.by_hand =
        "dehydrated" + (is_usual ? "" : " --config " + shell_word(s.config.string())) + " --cron";
    l.settings =
        "write `RENEW_DAYS=<n>` to " + (s.config.empty() ? folder / "config" : s.config).string();
    if (!s.listed) return l;
    auto const found = s.listed->find(l.name);
    if (found != s.listed->end()) {
        l.wanted_names = found->second;
        l.wanted_since = changed(s.domains);
        return l;
    }
    l.skipped = l.name + " is not in " + s.domains.string();
    l.advice = "add its names to " + s.domains.string() +
               ", or run `dehydrated --cleanup` and delete " + folder.string();
    return l;
}

bool has_certificate(fs::path const& folder) {
    auto const all = {"cert.pem", "privkey.pem", "fullchain.pem"};
    return std::ranges::any_of(all, [&](auto const* name) { return is_there(folder / name); });
}

} // namespace

std::vector<lineage> acme_sh_lineages(fs::path const& folder) {
    auto const account = assignments_in(folder / "account.conf");
    auto const certificates = or_else(value_of(account, "CERT_HOME"), folder);
    auto const all = entries_of(certificates);
    if (!all) return unreadable_place("acme.sh", certificates, all.error());
    std::vector<lineage> found;
    for (auto const& one : *all) {
        auto l = is_folder(one) ? acme_sh_lineage(folder, one) : std::nullopt;
        if (l) found.push_back(std::move(*l));
    }
    return found;
}

std::vector<lineage> dehydrated_lineages(fs::path const& file_or_folder) {
    auto const s = settings_of_dehydrated(file_or_folder);
    auto const all = entries_of(s.certificates);
    if (!all) return unreadable_place("dehydrated", s.certificates, all.error());
    std::vector<lineage> found;
    for (auto const& one : *all) {
        if (is_folder(one) && has_certificate(one)) found.push_back(dehydrated_lineage(s, one));
    }
    return found;
}

} // namespace acme_dns01::certificate
