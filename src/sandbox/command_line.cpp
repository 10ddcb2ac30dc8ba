#include "sandbox/command_line.hpp"

#include "base/text.hpp"
#include "dns/name.hpp"
#include "sandbox/name_service.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/variables_map.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <sstream>

namespace acme_dns01::sandbox {

namespace po = boost::program_options;

namespace {

using texts = std::vector<std::string>;

error bad_usage(std::string message) {
    return {
        .kind = error_kind::usage,
        .message = std::move(message),
        .hint = "acme-dns01-sandbox --help shows all options",
    };
}

po::options_description described() {
    po::options_description all("Options");
    auto add = all.add_options();
    add("domain",
        po::value<texts>()->composing()->value_name("<name>"),
        "a zone of the account, repeatable; example.com if none is named");
    add("delay",
        po::value<std::string>()->value_name("<s>,<s>,<s>"),
        "how late the three name servers are, in seconds; 0.2,0.5,1.0");
    add("name-server",
        po::value<texts>()->composing()->value_name("<address>=<behaviour>"),
        "the server misbehaves: silent, servfail, refused, lame or truncating; repeatable");
    add("scope",
        po::value<texts>()->composing()->value_name("<scope>"),
        "what the token may do, domain:read for instance, repeatable; everything if none is named");
    add("rate-limit",
        po::value<std::string>()->value_name("on|off"),
        "DigitalOcean's limits of 5000 requests an hour and 250 a minute; on");
    add("fault",
        po::value<texts>()->composing()->value_name("<fault>"),
        "something goes wrong with the API, see below; repeatable");
    add("access-log",
        po::value<std::string>()->value_name("<file>"),
        "append a line for each API call: method, target, status");
    add("help", "show this");
    add("version", "show the version");
    return all;
}

constexpr auto introduction =
    R"(usage: acme-dns01-sandbox [options] [-- <command>...]

A DigitalOcean-compatible Domains API and its name servers on loopback addresses of this machine.
With a command: runs it with the environment set to use them, and exits with its status.
Without: prints that environment as shell commands and serves until it is interrupted.

)";

constexpr auto about_faults = R"(
A fault is [<method>] [<path prefix>] <what> [+<skip>] [x<count>|x*]: it happens to so many of the
requests that match, once without a count, always with x*, after the first <skip> ones went well.
<what> is one of
  <status>       that status is answered, and nothing done; retry-after=<s> may stand behind it
  reset-before   the connection is reset, and nothing done
  reset-after    the request is acted upon, then the connection reset
  delay=<s>      the request waits for so many seconds
  cut-short      the connection ends half way through the answer
  garbage        the answer is no JSON
  oversized      the answer has more than 8 MiB
  slowly[=<s>]   the answer comes byte by byte, so many seconds between them
  close-after    the connection ends after the answer, unannounced
For example: --fault 'POST /v2/domains 503 x3' or --fault '429 retry-after=2'
)";

std::optional<seconds> seconds_in(std::string_view text) {
    double number = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, failure] = std::from_chars(text.data(), end, number);
    if (text.empty() || failure != std::errc() || stop != end) return std::nullopt;
    // Written so that NaN is refused as well.
    if (!(number >= 0 && number <= name_service::delay_max.count())) return std::nullopt;
    return seconds(number);
}

texts all_of(po::variables_map const& given, char const* name) {
    return given.contains(name) ? given[name].as<texts>() : texts();
}

std::string one_of(po::variables_map const& given, char const* name) {
    return given.contains(name) ? given[name].as<std::string>() : std::string();
}

std::optional<error> take_domains(po::variables_map const& given, options& o) {
    auto const names = all_of(given, "domain");
    if (names.empty()) return std::nullopt;
    std::set<dns::name> taken;
    o.domains.clear();
    for (auto const& text : names) {
        auto const name = dns::name::parse(text);
        if (!name) return name.error();
        if (!taken.insert(*name).second)
            return bad_usage("--domain " + name->text() + " is given twice");
        o.domains.push_back(name->text());
    }
    return std::nullopt;
}

std::optional<error> take_delays(po::variables_map const& given, options& o) {
    if (!given.contains("delay")) return std::nullopt;
    auto const delays = split(one_of(given, "delay"), ",");
    if (delays.size() != o.name_servers.size())
        return bad_usage("--delay needs three numbers, one for each name server");
    for (std::size_t i = 0; i < delays.size(); ++i) {
        auto const delay = seconds_in(delays[i]);
        if (!delay) return bad_usage("--delay: '" + printable(delays[i], 40) + "' is no delay");
        o.name_servers[i].delay = *delay;
    }
    return std::nullopt;
}

std::optional<error> take_behaviours(po::variables_map const& given, command_line& c) {
    auto const known = [&](std::string_view address) {
        return address == c.settings.resolver_address ||
               std::ranges::any_of(c.settings.name_servers, [&](name_server const& s) {
                   return std::ranges::find(s.addresses, address) != s.addresses.end();
               });
    };
    for (auto const& text : all_of(given, "name-server")) {
        auto const equals = std::min(text.find('='), text.size());
        auto const address = text.substr(0, equals);
        if (equals == text.size() || !known(address))
            return bad_usage("--name-server: '" + printable(text, 80) + "' names no server");
        auto const how = parse_behaviour(text.substr(equals + 1));
        if (!how) return how.error();
        c.behaviours.emplace_back(address, *how);
    }
    return std::nullopt;
}

// "<resource>:<action>", the resource any of DigitalOcean's.
bool is_scope(std::string_view text) {
    constexpr std::array actions{"create", "read", "update", "delete"};
    auto const colon = std::min(text.find(':'), text.size());
    auto const resource = text.substr(0, colon);
    auto const action = colon == text.size() ? "" : text.substr(colon + 1);
    if (resource == "domain") return std::ranges::find(actions, action) != actions.end();
    return !resource.empty() && !action.empty();
}

std::optional<error> take_scopes(po::variables_map const& given, options& o) {
    for (auto const& text : all_of(given, "scope")) {
        if (!is_scope(text)) return bad_usage("--scope: '" + printable(text, 40) + "' is no scope");
        o.scopes.insert(text);
    }
    return std::nullopt;
}

std::optional<error> take_rate_limit(po::variables_map const& given, options& o) {
    auto const text = one_of(given, "rate-limit");
    if (text.empty() || text == "on") return std::nullopt;
    if (text != "off") return bad_usage("--rate-limit is on or off");
    o.limits = {0, 0};
    return std::nullopt;
}

std::optional<error> take_faults(po::variables_map const& given, options& o) {
    for (auto const& text : all_of(given, "fault")) {
        auto const f = parse_fault(text);
        if (!f) return in_context("--fault", f.error());
        o.faults.push_back(*f);
    }
    return std::nullopt;
}

result<command_line> checked(po::variables_map const& given, texts command) {
    command_line c;
    c.help = given.contains("help");
    c.version = given.contains("version");
    c.command = std::move(command);
    c.settings.access_log = one_of(given, "access-log");
    auto e = take_domains(given, c.settings);
    if (!e) e = take_delays(given, c.settings);
    if (!e) e = take_behaviours(given, c);
    if (!e) e = take_scopes(given, c.settings);
    if (!e) e = take_rate_limit(given, c.settings);
    if (!e) e = take_faults(given, c.settings);
    if (e) return *e;
    return c;
}

} // namespace

result<command_line> parse_command_line(texts const& arguments) {
    auto const end = std::ranges::find(arguments, "--");
    texts command(end == arguments.end() ? end : end + 1, arguments.end());
    if (end != arguments.end() && command.empty()) return bad_usage("no command behind '--'");
    auto const all = described();
    po::variables_map given;
    try {
        po::command_line_parser parser(texts(arguments.begin(), end));
        po::positional_options_description const none;
        po::store(parser.options(all).positional(none).run(), given);
    } catch (po::error const& e) {
        return bad_usage(e.what());
    }
    return checked(given, std::move(command));
}

std::string help_text() {
    std::ostringstream text;
    text << introduction << described() << about_faults;
    return text.str();
}

result<behaviour> parse_behaviour(std::string_view text) {
    constexpr std::pair<std::string_view, behaviour> behaviours[] = {
        {"normal", behaviour::normal},
        {"silent", behaviour::silent},
        {"servfail", behaviour::servfail},
        {"refused", behaviour::refused},
        {"lame", behaviour::lame},
        {"truncating", behaviour::truncating},
    };
    for (auto const& [name, how] : behaviours) {
        if (name == text) return how;
    }
    return bad_usage("'" + printable(text, 40) + "' is no behaviour of a name server");
}

} // namespace acme_dns01::sandbox
