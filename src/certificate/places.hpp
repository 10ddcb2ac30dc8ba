#pragma once

#include "certificate/lineage.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::certificate {

// Where the clients of this host keep their certificates.
struct host {
    std::filesystem::path root = "/";
    std::filesystem::path home{};        // empty: unknown
    std::string lego_path{};             // $LEGO_PATH, where lego looks for its folder
    std::vector<std::string> commands{}; // that start clients, and may say where their folders are
};

// Every certificate of the clients' own places. A place that does not exist has none; one that may
// not be read is a lineage with a failure.
std::vector<lineage> lineages_of(host const& h);

// Places named on the command line. A client's folder is read once, however many of its files are
// named.
class named_places {
public:
    named_places();
    ~named_places();
    named_places(named_places const&) = delete;
    named_places& operator=(named_places const&) = delete;

    // The certificates at a path: of the client whose folder it is or is in, else every certificate
    // of a host in the file, or in the folder and those below it: of those in one folder with the
    // same names and kind of key the newest. Links are followed, ten folders deep.
    std::vector<lineage> at(std::filesystem::path const& path);

private:
    struct client_folder;
    client_folder const& look_at(std::filesystem::path const& place);
    std::optional<std::vector<lineage>> of_client_around(std::filesystem::path const& place);

    std::map<std::filesystem::path, client_folder> folders_;
};

} // namespace acme_dns01::certificate
