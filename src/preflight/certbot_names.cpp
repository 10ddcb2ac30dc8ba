#include "base/file.hpp"
#include "base/text.hpp"
#include "certificate/names.hpp"
#include "clients/certbot.hpp"
#include "preflight/preflight.hpp"

#include <algorithm>
#include <cstdint>
#include <system_error>
#include <tuple>

namespace acme_dns01::preflight {

namespace fs = std::filesystem;

namespace {

// Certificates of a hundred names and renewal files are far smaller.
constexpr std::size_t file_max = 1024 * 1024;

error unreadable(fs::path const& file, std::error_code why) {
    return {
        .kind = error_kind::configuration,
        .message = file.string() + " cannot be read: " + why.message(),
        .hint = "name certbot's directory with --certbot-dir, and run as the user who runs certbot",
    };
}

result<std::string> text_of(fs::path const& file) {
    std::error_code ec;
    auto text = text_of_file(file, file_max, ec);
    if (ec) return unreadable(file, ec);
    return text;
}

result<std::vector<fs::path>> renewal_files(fs::path const& folder) {
    std::error_code ec;
    auto const inner = folder / "renewal";
    auto const& where = fs::is_directory(inner, ec) ? inner : folder;
    std::vector<fs::path> files;
    fs::directory_iterator entry(where, ec);
    if (ec) return unreadable(where, ec);
    for (; entry != fs::directory_iterator(); entry.increment(ec)) {
        auto const name = entry->path().filename().string();
        if (name.ends_with(".conf") && !name.starts_with('.')) files.push_back(entry->path());
    }
    if (ec) return unreadable(where, ec);
    std::ranges::sort(files);
    return files;
}

// certbot takes the number of the version from the file's name.
bool leads_to_a_version(fs::path const& link, std::string_view kind) {
    std::error_code ec;
    auto const target = fs::read_symlink(link, ec);
    auto const name = target.stem().string();
    return fs::exists(link, ec) && target.extension() == ".pem" && name.starts_with(kind) &&
           number_in<std::uint64_t>(name.substr(kind.size()));
}

// Empty where certbot renews the lineage without manual DNS hooks.
result<std::vector<std::string>> names_of_lineage(fs::path const& file) {
    auto const text = text_of(file);
    if (!text) return text.error();
    auto const renewal = clients::certbot_renewal_in(*text);
    if (!renewal) return renewal.error();
    if (!renewal->is_by_dns_hooks) return std::vector<std::string>();
    for (std::size_t i = 0; i < renewal->links.size(); ++i) {
        auto const& [link, kind] = std::tie(renewal->links[i], clients::certbot_links[i]);
        if (leads_to_a_version(link, kind)) continue;
        auto const what = " is not a symbolic link to a file such as " + std::string(kind);
        return error{.kind = error_kind::configuration, .message = link + what + "1.pem"};
    }
    auto const& link = renewal->links.front();
    auto const certificate = text_of(link);
    if (!certificate) return certificate.error();
    auto names = certificate::dns_names_in(*certificate);
    if (!names) return in_context(link, names.error());
    return names;
}

} // namespace

result<std::vector<certbot_name>> certbot_names(fs::path const& folder, log const& notes) {
    auto const files = renewal_files(folder);
    if (!files) return files.error();
    std::vector<certbot_name> names;
    for (auto const& file : *files) {
        auto const some = names_of_lineage(file);
        if (!some) {
            notes.warning("certbot will skip " + in_context(file.string(), some.error()).text());
            continue;
        }
        for (auto const& domain : *some)
            names.push_back({domain, file.stem().string()});
    }
    if (!names.empty()) return names;
    return error{
        .kind = error_kind::configuration,
        .message = "certbot renews nothing with manual DNS hooks, according to the files in " +
                   folder.string(),
        .hint = "name certbot's directory with --certbot-dir, or the domains with --domain",
    };
}

} // namespace acme_dns01::preflight
