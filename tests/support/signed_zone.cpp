#include "support/signed_zone.hpp"

#include "base/text.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/command.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

namespace acme_dns01::test {

namespace {

using texts = std::vector<std::string>;

constexpr std::array<std::pair<std::string_view, signing>, 13> ways{{
    {"good", signing::good},
    {"nsec3", signing::nsec3},
    {"expired", signing::expired},
    {"not-yet-valid", signing::not_yet_valid},
    {"missing", signing::missing},
    {"missing-on-caa", signing::missing_on_caa},
    {"altered", signing::altered},
    {"no-denial", signing::no_denial},
    {"wrong-ds", signing::wrong_ds},
    {"unknown-algorithm", signing::unknown_algorithm},
    {"unknown-digest", signing::unknown_digest},
    {"island", signing::island},
    {"none", signing::none},
}};

std::string output_of(texts const& line) {
    test::command command;
    command.arguments = line;
    command.capture = true;
    auto const done = test::run(command);
    if (!done) throw std::runtime_error(done.error().text());
    if (done->status != 0) throw std::runtime_error(joined(line, " ") + ": " + done->err);
    return std::string(trimmed(done->out));
}

std::string content_of(std::filesystem::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// The base name of its files.
std::string
make_key(std::filesystem::path const& folder, std::string const& zone, texts const& more = {}) {
    texts line{"sh", "-c", "cd \"$0\" && exec ldns-keygen -a ECDSAP256SHA256 \"$@\"", folder};
    line.insert(line.end(), more.begin(), more.end());
    line.push_back(zone);
    return folder / output_of(line);
}

// "20261130".
std::string day_in(std::chrono::days from_now) {
    auto const then =
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) + from_now;
    std::chrono::year_month_day const day(then);
    auto const number = static_cast<int>(day.year()) * 10000 +
                        static_cast<int>(static_cast<unsigned>(day.month())) * 100 +
                        static_cast<int>(static_cast<unsigned>(day.day()));
    return std::to_string(number);
}

texts options_for(signing how) {
    switch (how) {
    case signing::expired:
        return {"-i", "20200101", "-e", "20200201"};
    case signing::not_yet_valid:
        return {"-i", "20400101", "-e", "20400201"};
    case signing::nsec3:
        return {"-n"};
    case signing::many_iterations:
        return {"-n", "-t", "100"};
    case signing::ends_soon:
        return {"-e", day_in(std::chrono::days(2))};
    default:
        return {};
    }
}

std::string edited(std::string const& text, std::function<bool(std::string&)> const& keeps) {
    std::string result;
    for (auto line : split(text, "\n")) {
        if (keeps(line)) result += line + "\n";
    }
    return result;
}

bool has(std::string const& line, std::string_view word) {
    return line.find(word) != std::string::npos;
}

// The signed zone, spoilt.
std::string spoilt(std::string const& text, signing how) {
    return edited(text, [how](std::string& line) {
        auto const value = line.find("\"");
        auto const is_caa = has(line, "\tCAA\t") && !has(line, "RRSIG");
        if (how == signing::altered && is_caa) line.insert(value + 1, "altered-");
        if (how == signing::missing_on_caa) return !has(line, "RRSIG\tCAA");
        if (how == signing::no_denial) return !has(line, "\tNSEC\t") && !has(line, "RRSIG\tNSEC");
        return true;
    });
}

// DS records of an unknown algorithm or digest.
std::string estranged(std::string const& ds, signing how) {
    auto fields = split(ds, " \t\n");
    auto const type = std::ranges::find(fields, "DS");
    if (how == signing::unknown_algorithm) *std::next(type, 2) = "200";
    if (how == signing::unknown_digest) *std::next(type, 3) = "200";
    return joined(fields, " ");
}

std::string signer_of(std::string const& key, signing how) {
    if (how == signing::island || how == signing::none) return {};
    return estranged(output_of({"ldns-key2ds", "-n", "-2", key + ".key"}), how) + "\n";
}

} // namespace

signing signing_called(std::string_view text) {
    auto const* const found = std::ranges::find(ways, text, [](auto const& w) { return w.first; });
    if (found == ways.end()) throw std::invalid_argument("no such signing: " + std::string(text));
    return found->second;
}

std::string whole_zone_file(std::string const& zone, std::string const& lines, unsigned serial) {
    auto const origin = zone == "." ? zone : zone + ".";
    return "$ORIGIN " + origin + "\n$TTL 60\n@ SOA ns.example. host.example. " +
           std::to_string(serial) + " 3600 600 86400 60\n" + lines;
}

signed_zone sign_zone(
    std::filesystem::path const& folder,
    std::string const& zone,
    std::string const& lines,
    signing how
) {
    auto const whole = whole_zone_file(zone, lines);
    if (how == signing::none) return {whole, {}};
    auto const key = make_key(folder, zone, {"-k"});
    auto const key_above = how == signing::wrong_ds ? make_key(folder, zone, {"-k"}) : key;
    auto const ds = signer_of(key_above, how);
    if (how == signing::missing) return {whole, ds};
    auto const file = folder / (zone + ".unsigned");
    sandbox::write_private_file(file, whole);
    texts line{"ldns-signzone", "-f", file.string() + ".signed"};
    std::ranges::move(options_for(how), std::back_inserter(line));
    line.insert(line.end(), {file, key});
    output_of(line);
    auto const text = "$ORIGIN " + zone + ".\n" + content_of(file.string() + ".signed");
    return {spoilt(text, how), ds};
}

} // namespace acme_dns01::test
