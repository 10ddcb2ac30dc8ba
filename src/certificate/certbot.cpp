#include "base/text.hpp"
#include "certificate/config_obj.hpp"
#include "certificate/folder.hpp"
#include "certificate/lineage.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <set>

namespace acme_dns01::certificate {

namespace fs = std::filesystem;

namespace {

constexpr auto parameters = "renewalparams";

// In the order in which they are looked at.
constexpr std::array<std::string_view, 4> kinds{"cert", "privkey", "chain", "fullchain"};
enum kind { cert, privkey, chain, fullchain };
using links = std::array<fs::path, kinds.size()>;

links links_in(fs::path const& folder) {
    links all;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        all[i] = folder / (std::string(kinds[i]) + ".pem");
    return all;
}

// Why certbot cannot use the setting; empty if it can. `into` stays as it is then.
std::string read_link(config const& set, std::string_view name, fs::path& into) {
    auto const* const value = set.find("", name);
    if (value != nullptr && value->is_list)
        return "certbot reads the line `" + std::string(name) +
               " = ...` as a list, since the path has a comma";
    if (value == nullptr || value->texts.front().empty())
        return "there is no line `" + std::string(name) + " = <file>`";
    into = value->texts.front();
    return {};
}

std::optional<std::uint64_t> version_in(std::string const& file, std::string_view kind) {
    fs::path const name(file);
    auto const stem = name.stem().string();
    if (name.extension() != ".pem" || !stem.starts_with(kind)) return std::nullopt;
    return number_in<std::uint64_t>(std::string_view(stem).substr(kind.size()));
}

fs::path target_of(fs::path const& link) {
    std::error_code ec;
    auto const target = fs::read_symlink(link, ec);
    return ec ? fs::path() : (link.parent_path() / target).lexically_normal();
}

bool is_closed_to_us(fs::path const& link) {
    std::error_code ec;
    return !fs::exists(fs::symlink_status(link, ec)) && ec == std::errc::permission_denied;
}

// certbot takes the number of the version from the file's name.
std::string broken_link(links const& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const target = target_of(all[i]);
        std::error_code ec;
        if (fs::exists(target, ec) && version_in(target.filename().string(), kinds[i])) continue;
        return all[i].string() + " is not a symbolic link to a file such as " +
               std::string(kinds[i]) + "1.pem";
    }
    return {};
}

std::set<std::uint64_t> versions_of(std::vector<fs::path> const& files, std::string_view kind) {
    std::set<std::uint64_t> found;
    for (auto const& file : files) {
        if (auto const version = version_in(file.filename().string(), kind)) found.insert(*version);
    }
    return found;
}

// The newest version that has all four; links may be older after a crash.
std::optional<std::uint64_t> newest_version(links const& all) {
    std::optional<std::set<std::uint64_t>> common;
    fs::path listed;
    std::vector<fs::path> files;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const folder = target_of(all[i]).parent_path();
        if (folder != listed) files = entries_if_any(folder);
        listed = folder;
        auto versions = versions_of(files, kinds[i]);
        if (common) std::erase_if(versions, [&](auto v) { return !common->contains(v); });
        common = std::move(versions);
    }
    return common->empty() ? std::nullopt : std::optional(*common->rbegin());
}

void take_version(lineage& l, links const& all, std::uint64_t version) {
    auto const file = [&](kind k) {
        auto const name = std::string(kinds[k]) + std::to_string(version) + ".pem";
        return target_of(all[k]).parent_path() / name;
    };
    l.certificate = file(cert);
    l.key = file(privkey);
    l.chain = file(chain);
    l.others = {file(fullchain)};
}

// Without a preference it depends on what the CA offers, which for a wildcard is DNS alone.
bool may_be_dns(config const& set) {
    auto const* const preferred = set.find(parameters, "pref_challs");
    if (preferred == nullptr) return true;
    std::vector<std::string> wanted;
    for (auto const& text : preferred->texts) {
        if (!trimmed(text).empty()) wanted.emplace_back(trimmed(text));
    }
    auto const is_dns = [](auto const& type) { return type == "dns" || type == "dns-01"; };
    return wanted.empty() || std::ranges::any_of(wanted, is_dns);
}

std::optional<bool> is_by_dns_hooks(config const& set) {
    if (set.find(parameters, "authenticator") == nullptr) return std::nullopt;
    return set.text(parameters, "authenticator") == "manual" &&
           !set.text(parameters, "manual_auth_hook").empty() && may_be_dns(set);
}

bool is_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return number_in<std::uint64_t>(trimmed(text)).has_value();
}

std::string bad_parameter(config const& set) {
    for (std::string const name : {"rsa_key_size", "http01_port"}) {
        auto const* const value = set.find(parameters, name);
        auto const text = set.text(parameters, name);
        if (value != nullptr && !is_number(text) && !(name == "http01_port" && text == "None"))
            return name + " is not a number";
    }
    for (std::string const name :
         {"autorenew", "must_staple", "allow_subset_of_names", "reuse_key"}) {
        auto const text = lower(set.text(parameters, name));
        if (set.find(parameters, name) != nullptr && text != "true" && text != "false")
            return name + " is neither True nor False";
    }
    if (lower(set.text(parameters, "autorenew")) == "false") return "autorenew is False";
    return {};
}

// Versions before 4 do not look at the life.
rule rule_of(config const& set) {
    auto const* const own = set.find("", "renew_before_expiry");
    if (own != nullptr) {
        return before_end(
            interval_in(set.text("", "renew_before_expiry")).value_or(std::chrono::seconds(0))
        );
    }
    auto const version = set.text("", "version");
    auto const major = number_in<unsigned>(version.substr(0, version.find('.')));
    return major.value_or(0) >= 4 ? by_life() : before_end(std::chrono::days(30));
}

std::string command_for(fs::path const& folder, std::string const& name) {
    auto const other = folder == "/etc/letsencrypt"
                           ? std::string()
                           : " --config-dir " + shell_word(folder.string());
    return "certbot renew --cert-name " + shell_word(name) + other;
}

std::string advice_against(std::string const& why, fs::path const& file, std::string const& name) {
    if (why == "autorenew is False")
        return "write `autorenew = True` to " + file.string() + ", or renew it by hand";
    return "correct " + file.string() +
           ", or issue the certificate anew with `certbot certonly --cert-name " +
           shell_word(name) + "`";
}

lineage lineage_called(fs::path const& folder, std::string const& name) {
    auto l = lineage_of("certbot", name);
    l.by_hand = command_for(folder, name);
    return l;
}

void take_links(lineage& l, links const& all) {
    l.path = all[cert];
    l.certificate = all[cert];
    l.key = all[privkey];
    l.chain = all[chain];
    l.others = {all[fullchain]};
}

// In the order in which certbot looks: the first failure is the reason.
std::string why_skipped(lineage& l, config const& set, links& all) {
    std::string why;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const bad = read_link(set, kinds[i], all[i]);
        if (why.empty()) why = bad;
    }
    take_links(l, all);
    if (why.empty() && !set.find(parameters, "authenticator"))
        why = "[renewalparams] has no authenticator";
    if (why.empty()) why = bad_parameter(set);
    auto const* const interval = set.find("", "renew_before_expiry");
    if (why.empty() && interval != nullptr && interval->is_list)
        why = "renew_before_expiry has a comma";
    if (is_closed_to_us(all[cert])) return why;
    auto const link = broken_link(all);
    if (!why.empty() || !link.empty()) return why.empty() ? link : why;
    auto const version = newest_version(all);
    if (version) take_version(l, all, *version);
    return version ? "" : "its four files have no version in common";
}

certbot_renewal renewal_in(fs::path const& folder, fs::path const& file) {
    auto const name = file.stem().string();
    certbot_renewal r{file, lineage_called(folder, name), std::nullopt};
    auto& l = r.what;
    auto all = links_in(folder / "live" / name);
    take_links(l, all);
    l.renewed = before_end(std::chrono::days(30));
    auto const text = contents_of(file);
    auto const set = text ? config::parse(*text) : result<config>(text.error());
    if (set) {
        r.is_by_dns_hooks = is_by_dns_hooks(*set);
        l.renewed = rule_of(*set);
        l.directory = set->text(parameters, "server");
        l.settings =
            "write `renew_before_expiry = <n> days` above [renewalparams] in " + file.string();
        l.skipped = why_skipped(l, *set, all);
    } else {
        l.skipped = set.error().message;
    }
    if (!l.skipped.empty()) l.advice = advice_against(l.skipped, file, name);
    if (!l.skipped.empty() && !is_there(l.path))
        l.failure =
            in_context(file.string(), {.kind = error_kind::configuration, .message = l.skipped});
    return r;
}

bool is_of_certbot(fs::path const& file) { return file.extension() == ".conf"; }

lineage forgotten(fs::path const& folder, fs::path const& live) {
    auto const name = live.filename().string();
    auto l = lineage_called(folder, name);
    take_links(l, links_in(live));
    l.renewed = before_end(std::chrono::days(30));
    auto const file = folder / "renewal" / (name + ".conf");
    l.skipped = "there is no " + file.string();
    for (auto const& other : entries_if_any(folder / "renewal")) {
        if (other.filename().string().starts_with(name + ".conf"))
            l.skipped += ", and certbot does not read " + other.string();
    }
    l.advice = "restore " + file.string() +
               ", or issue the certificate anew with `certbot certonly --cert-name " +
               shell_word(name) + "`";
    return l;
}

} // namespace

lineage lineage_of(std::string client, std::string name) {
    lineage l;
    l.client = std::move(client);
    l.name = std::move(name);
    l.needs_key = true;
    l.needs_chain = true;
    return l;
}

lineage unreadable(std::string client, fs::path path, error why) {
    lineage l;
    l.client = std::move(client);
    l.path = std::move(path);
    l.failure = std::move(why);
    return l;
}

std::vector<lineage> unreadable_place(std::string client, fs::path path, error why) {
    if (why.code == ENOENT) return {};
    return {unreadable(std::move(client), std::move(path), std::move(why))};
}

result<std::vector<certbot_renewal>> certbot_renewals(fs::path const& folder) {
    auto const inner = folder / "renewal";
    auto const is_above = is_folder(inner);
    auto const files = entries_of(is_above ? inner : folder);
    if (!files) {
        auto failure = files.error();
        failure.message = (is_above ? inner : folder).string() + " " + failure.message;
        return failure;
    }
    auto const top = is_above ? folder : (folder / "..").lexically_normal();
    std::vector<certbot_renewal> all;
    for (auto const& file : *files) {
        if (is_of_certbot(file)) all.push_back(renewal_in(top, file));
    }
    return all;
}

std::vector<lineage> certbot_lineages(fs::path const& folder) {
    std::vector<lineage> all;
    auto renewals = certbot_renewals(folder);
    if (!renewals) all = unreadable_place("certbot", folder / "renewal", renewals.error());
    std::set<fs::path> known;
    for (std::size_t i = 0; renewals && i < renewals->size(); ++i) {
        auto& one = (*renewals)[i].what;
        known.insert(one.path.parent_path().filename());
        all.push_back(std::move(one));
    }
    for (auto const& one : entries_if_any(folder / "live")) {
        if (is_folder(one) && !known.contains(one.filename()))
            all.push_back(forgotten(folder, one));
    }
    return all;
}

} // namespace acme_dns01::certificate
