#include "certificate/folder.hpp"
#include "certificate/lineage.hpp"
#include "preflight/preflight.hpp"

namespace acme_dns01::preflight {

namespace fs = std::filesystem;

namespace {

constexpr auto hint =
    "name certbot's directory with --certbot-dir, and run as the user who runs certbot";

result<certificate::leaf> certificate_of(fs::path const& file) {
    auto const text = certificate::contents_of(file);
    if (!text) return text.error();
    auto const all = certificate::certificates_in(*text);
    if (!all) return all.error();
    return certificate::read_leaf(all->front());
}

// certbot knows the domains of a lineage from its certificate alone.
result<std::vector<std::string>> names_of(certificate::lineage const& l) {
    if (!l.skipped.empty()) return error{.kind = error_kind::configuration, .message = l.skipped};
    auto const read = certificate_of(l.certificate);
    if (!read) return in_context(l.path.string(), read.error());
    return read->domains;
}

} // namespace

result<std::vector<certbot_name>> certbot_names(fs::path const& folder, log const& notes) {
    auto const all = certificate::certbot_renewals(folder);
    if (!all) {
        auto failure = all.error();
        failure.hint = hint;
        return failure;
    }
    std::vector<certbot_name> names;
    for (auto const& renewal : *all) {
        if (!renewal.is_by_dns_hooks.value_or(true)) continue;
        auto const some = names_of(renewal.what);
        if (!some) {
            notes.warning(
                "certbot will skip " + in_context(renewal.file.string(), some.error()).text()
            );
            continue;
        }
        for (auto const& domain : *some)
            names.push_back({domain, renewal.file.stem().string()});
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
