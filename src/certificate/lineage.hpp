#pragma once

#include "base/error.hpp"
#include "certificate/renewal.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acme_dns01::certificate {

// One certificate as its client keeps it, with what the client's own files say about its renewal.
// Its own files are not read yet.
struct lineage {
    std::string client{}; // "certbot", "acme.sh", "dehydrated", "lego", "uacme", or empty
    std::string name{};   // as the client calls it

    std::filesystem::path path{};        // as it is shown
    std::filesystem::path certificate{}; // the file to read
    std::filesystem::path key{};         // empty: in the file itself, if it is anywhere
    // The issuer's certificate. Empty: in the certificate's own file.
    std::filesystem::path chain{};
    bool needs_key = false;
    bool needs_chain = false;
    // More of its files, by which it may be reached; they have to be there.
    std::vector<std::filesystem::path> others{};

    rule renewed{};
    std::string skipped{}; // why the client will not renew it; empty if it will
    std::string advice{};  // what makes the client renew it; empty if nothing is wrong
    // Nothing can be read at `path`: why.
    std::optional<error> failure{};

    // The names that it should have. If it has others, it is renewed since that moment.
    std::optional<std::vector<std::string>> wanted_names{};
    moment wanted_since{};

    std::string settings{}; // the file, and what to write to it, that sets the margin; may be empty
    std::string by_hand{};  // the command that renews it; empty where that is not known
    // Of its CA: a URL or its client's word for one, as it is written there; may be empty.
    std::string directory{};
};

// One of a client that keeps the key and the issuers beside the certificate.
lineage lineage_of(std::string client, std::string name);

// A place or file of which nothing else can be said.
lineage unreadable(std::string client, std::filesystem::path path, error why);
// The same for a client's place; nothing if it does not exist: then it has no certificates.
std::vector<lineage> unreadable_place(std::string client, std::filesystem::path path, error why);

// certbot's folder, such as /etc/letsencrypt: a lineage for each file of `renewal`, in the order of
// certbot, which skips those that have `skipped` (certbot 2.1, storage.py and renewal.py). Those of
// `live` that have no such file come last.
std::vector<lineage> certbot_lineages(std::filesystem::path const& folder);

// A file of certbot's renewal folder.
struct certbot_renewal {
    std::filesystem::path file;
    lineage what;
    // Whether manual hooks prove its domains by DNS; nothing if the file does not say who does it.
    std::optional<bool> is_by_dns_hooks;
};
// For the files of the folder that are certbot's, or of the one above it. The failure of the folder
// itself.
result<std::vector<certbot_renewal>> certbot_renewals(std::filesystem::path const& folder);

// A folder of acme.sh with one folder for each certificate: its home, or its CERT_HOME.
std::vector<lineage> acme_sh_lineages(std::filesystem::path const& folder);

// dehydrated's configuration file, or a folder that has it or is its BASEDIR.
std::vector<lineage> dehydrated_lineages(std::filesystem::path const& file_or_folder);

// lego's folder, which has `certificates`.
std::vector<lineage> lego_lineages(std::filesystem::path const& folder);

// uacme's folder, which has `private`.
std::vector<lineage> uacme_lineages(std::filesystem::path const& folder);

// The margin of lego and uacme, and often the CA, stand nowhere but in the command that starts
// them. Sets the rule and the directory of such a lineage; any other stays as it is.
void apply_command_line(lineage& l, std::string_view command);

} // namespace acme_dns01::certificate
