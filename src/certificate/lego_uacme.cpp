#include "base/text.hpp"
#include "certificate/folder.hpp"
#include "certificate/lineage.hpp"
#include "certificate/suggestion.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace acme_dns01::certificate {

namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::days;

namespace {

using words = std::vector<std::string>;

constexpr int days_max = 100'000;

// lego

// lego 4 counts whole days, rounds down, and renews what has 30 of them. With a negative number
// every run renews.
rule rule_of_lego_4(int margin) { return margin < 0 ? at(moment()) : before_end(days(margin + 1)); }

// --renew-days of lego 5, or --dynamic of lego 4: the life is rounded to days, and ten are few.
rule rule_of_lego_5(int margin) {
    if (margin == 0) return by_life(days(10) + std::chrono::hours(12));
    return margin < 0 ? at(moment()) : before_end(days(margin));
}

json::object object_in(fs::path const& file) {
    boost::system::error_code ec;
    auto const text = contents_of(file);
    auto parsed = text ? json::parse(*text, ec) : json::value();
    return !ec && parsed.is_object() ? std::move(parsed.as_object()) : json::object();
}

std::string text_in(json::object const& object, std::string_view name) {
    auto const* const found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

using directories = std::map<std::string, std::string>; // by their origin

// lego 5 writes the directory to the account.
directories directories_of(fs::path const& accounts) {
    directories all;
    for (auto const& server : entries_if_any(accounts)) {
        for (auto const& account : entries_if_any(server)) {
            auto const directory = text_in(object_in(account / "account.json"), "server");
            auto const origin = origin_of(directory);
            if (!origin.empty()) all.try_emplace(origin, directory);
        }
    }
    return all;
}

lineage lego_lineage(fs::path const& top, std::string const& name, directories const& known) {
    auto l = lineage_of("lego", name);
    auto const file = [&](std::string const& ending) {
        return top / "certificates" / (name + ending);
    };
    l.path = file(".crt");
    l.certificate = l.path;
    l.key = file(".key");
    if (is_file(file(".issuer.crt"))) l.chain = file(".issuer.crt");
    auto const resource = object_in(file(".json"));
    // The CA is the one that has given the certificate away.
    auto const origin = origin_of(text_in(resource, "certUrl"));
    auto const directory = known.find(origin);
    l.directory = directory == known.end() ? known_directory_at(origin) : directory->second;
    // lego 4 names the domain instead.
    auto const is_of_lego_5 = resource.contains("id");
    l.renewed = is_of_lego_5 ? rule_of_lego_5(0) : rule_of_lego_4(30);
    l.settings = is_of_lego_5 ? "give `lego run` the option `--renew-days <n>`"
                              : "give `lego renew` the option `--days <n>`";
    return l;
}

// uacme

lineage uacme_lineage(fs::path const& folder, fs::path const& one) {
    auto l = lineage_of("uacme", one.filename().string());
    l.path = one / "cert.pem";
    l.certificate = l.path;
    l.key = folder / "private" / l.name / "key.pem";
    l.renewed = before_end(days(30));
    l.settings = "give `uacme issue` the option `-d <n>`";
    return l;
}

// The command line

bool has(words const& line, std::string_view option) {
    return std::ranges::count(line, option) > 0;
}

// The word after the first of these options; empty without one.
std::string argument_of(words const& line, words const& options) {
    auto const found =
        std::ranges::find_if(line, [&](auto const& word) { return has(options, word); });
    return found == line.end() || found + 1 == line.end() ? "" : *(found + 1);
}

std::optional<int> days_of(words const& line, words const& options) {
    auto const count = number_in<int>(argument_of(line, options));
    return count && *count > -days_max && *count < days_max ? count : std::nullopt;
}

void apply_to_lego(lineage& l, words const& line) {
    if (has(line, "--dynamic")) l.renewed = rule_of_lego_5(0);
    if (auto const count = days_of(line, {"--days"})) l.renewed = rule_of_lego_4(*count);
    if (auto const count = days_of(line, {"--renew-days"})) l.renewed = rule_of_lego_5(*count);
    auto const directory = argument_of(line, {"--server", "-s"});
    if (!directory.empty()) l.directory = directory;
}

void apply_to_uacme(lineage& l, words const& line) {
    if (auto const count = days_of(line, {"-d", "--days"})) l.renewed = before_end(days(*count));
    l.directory = argument_of(line, {"-a", "--acme-url"});
    if (l.directory.empty() && (has(line, "-s") || has(line, "--staging")))
        l.directory = "letsencrypt-test";
}

} // namespace

std::vector<lineage> lego_lineages(fs::path const& folder) {
    auto const certificates = folder / "certificates";
    auto const all = entries_of(certificates);
    if (!all) return unreadable_place("lego", certificates, all.error());
    std::set<std::string> names;
    for (auto const& file : *all) {
        auto const name = file.stem().string();
        auto const is_one = file.extension() == ".crt" || file.extension() == ".json";
        if (is_one && !name.ends_with(".issuer")) names.insert(name);
    }
    auto const known = directories_of(folder / "accounts");
    std::vector<lineage> found;
    for (auto const& name : names)
        found.push_back(lego_lineage(folder, name, known));
    return found;
}

std::vector<lineage> uacme_lineages(fs::path const& folder) {
    auto const all = entries_of(folder);
    if (!all) return unreadable_place("uacme", folder, all.error());
    std::vector<lineage> found;
    for (auto const& one : *all) {
        auto const is_one =
            is_folder(one) && one.filename() != "private" &&
            (is_there(one / "cert.pem") || is_folder(folder / "private" / one.filename()));
        if (is_one) found.push_back(uacme_lineage(folder, one));
    }
    return found;
}

void apply_command_line(lineage& l, std::string_view command) {
    auto const line = split(command, " \t=\"'");
    if (l.client == "lego") apply_to_lego(l, line);
    if (l.client == "uacme") apply_to_uacme(l, line);
}

} // namespace acme_dns01::certificate
