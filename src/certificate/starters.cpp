#include "certificate/starters.hpp"

#include "base/text.hpp"
#include "certificate/folder.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace acme_dns01::certificate {

namespace fs = std::filesystem;

namespace {

constexpr std::array unit_folders{
    "etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"};

// The words that make each client renew.
constexpr std::pair<std::string_view, std::string_view> tasks[]{
    {"certbot", "renew"},
    {"acme.sh", "--cron --renew-all --renew"},
    {"dehydrated", "--cron -c"},
    {"lego", "renew run"}, // since lego 5 `run` renews
    {"uacme", "issue"},
};

std::string file_name(std::string_view word) {
    return std::string(word.substr(word.rfind('/') + 1));
}

// The client that the command starts to renew certificates; empty if it starts no client.
std::string client_in(std::string_view command) {
    auto const words = split(command, " \t\"';&|(){}");
    std::set<std::string, std::less<>> const all(words.begin(), words.end());
    std::set<std::string, std::less<>> programs;
    for (auto const& word : words)
        programs.insert(file_name(word));
    // snap's name for certbot's renewal
    if (programs.contains("certbot.renew")) return "certbot";
    for (auto const& [client, needed] : tasks) {
        auto const options = split(needed, " ");
        auto const is_told = [&](auto const& option) { return all.contains(option); };
        if (programs.contains(client) && std::ranges::any_of(options, is_told))
            return std::string(client);
    }
    return {};
}

// Lines that end in a backslash go on in the next one; comments are left out.
std::vector<std::string> logical_lines(std::string_view text) {
    std::vector<std::string> lines;
    auto goes_on = false;
    for (auto const& line : split(text, "\n")) {
        if (line.starts_with('#') || (line.starts_with(';') && !goes_on)) continue;
        auto const more = line.ends_with('\\');
        auto const part = line.substr(0, line.size() - (more ? 1 : 0));
        if (goes_on) lines.back() += " " + part;
        if (!goes_on) lines.push_back(part);
        goes_on = more;
    }
    return lines;
}

class starter_search {
public:
    explicit starter_search(fs::path root) : root_(std::move(root)) {}

    starters run() {
        timers();
        cron_table(root_ / "etc/crontab");
        for (auto const* const folder : {"etc/cron.d", "var/spool/cron/crontabs"})
            for_each_in(root_ / folder, [&](auto const& file) { cron_table(file); });
        for (auto const* const folder :
             {"etc/cron.hourly", "etc/cron.daily", "etc/cron.weekly", "etc/cron.monthly"})
            for_each_in(root_ / folder, [&](auto const& file) { cron_table(file); });
        return std::move(found_);
    }

private:
    // As the administrator sees it.
    std::string shown(fs::path const& file) const {
        return "/" + file.lexically_relative(root_).string();
    }

    template <class Work>
    void for_each_in(fs::path const& folder, Work const& work) {
        auto const all = entries_of(folder);
        if (!all && is_forbidden(all.error())) found_.unread.push_back(shown(folder));
        for (std::size_t i = 0; all && i < all->size(); ++i)
            work((*all)[i]);
    }

    std::string text_of(fs::path const& file) {
        auto const text = contents_of(file);
        if (text) return *text;
        if (is_forbidden(text.error())) found_.unread.push_back(shown(file));
        return {};
    }

    void add(std::string const& what, std::string const& command) {
        auto client = client_in(command);
        if (!client.empty()) found_.all.push_back({std::move(client), what, command});
    }

    // Debian's entry for certbot leaves the work to systemd where that runs.
    void cron_table(fs::path const& file) {
        auto const by_systemd = is_folder(root_ / "run/systemd/system");
        for (auto const& line : logical_lines(text_of(file))) {
            auto const steps_aside = line.find("! -d /run/systemd/system") != std::string::npos;
            if (!(by_systemd && steps_aside)) add(shown(file), line);
        }
    }

    // Of the unit and what is added to it. Empty if it is masked or is not there.
    std::vector<std::string> lines_of_unit(std::string const& name) {
        std::vector<std::string> lines;
        auto found = false;
        for (auto const* const folder : unit_folders) {
            auto const file = root_ / folder / name;
            auto const text = found ? "" : text_of(file);
            found = found || is_there(file);
            std::ranges::move(logical_lines(text), std::back_inserter(lines));
            for (auto const& more : entries_if_any(root_ / folder / (name + ".d")))
                std::ranges::move(logical_lines(text_of(more)), std::back_inserter(lines));
        }
        return lines;
    }

    void timer(std::string const& name) {
        auto service = name.substr(0, name.rfind('.')) + ".service";
        for (auto const& line : lines_of_unit(name)) {
            if (line.starts_with("Unit=")) service = trimmed(line.substr(5));
        }
        if (service.find('/') != std::string::npos) return;
        for (auto const& line : lines_of_unit(service)) {
            if (line.starts_with("ExecStart")) add(name, line.substr(line.find('=') + 1));
        }
    }

    // A timer is enabled by a link to it. One that is masked is a link to nothing.
    void timers() {
        std::set<std::string> enabled;
        for (auto const* const folder : unit_folders) {
            for (auto const& wants : entries_if_any(root_ / folder)) {
                if (!wants.filename().string().ends_with(".target.wants")) continue;
                for (auto const& unit : entries_if_any(wants))
                    if (unit.extension() == ".timer") enabled.insert(unit.filename().string());
            }
        }
        for (auto const& name : enabled) {
            std::error_code ec;
            auto const own = root_ / unit_folders[0] / name;
            if (fs::read_symlink(own, ec) != "/dev/null") timer(name);
        }
    }

    fs::path root_;
    starters found_;
};

} // namespace

starters find_starters(fs::path const& root) { return starter_search(root).run(); }

starter const* starter_of(starters const& found, lineage const& l) {
    starter const* of_client = nullptr;
    for (auto const& s : found.all) {
        if (s.client != l.client) continue;
        if (of_client == nullptr) of_client = &s;
        if (!l.name.empty() && s.command.find(l.name) != std::string::npos) return &s;
    }
    return of_client;
}

} // namespace acme_dns01::certificate
