#include "sandbox/command_line.hpp"

#include "base/text.hpp"
#include "dns/name.hpp"
#include "sandbox/name_service.hpp"

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_from_string.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/variables_map.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <sstream>

namespace acme_dns01::sandbox {

namespace po = boost::program_options;

BOOST_DESCRIBE_ENUM(behaviour, normal, silent, servfail, refused, lame, truncating)

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
        "a zone of the account; repeatable; default: example.com");
    add("delay",
        po::value<std::string>()->value_name("<s>,<s>,<s>"),
        "how many seconds the three name servers lag behind; default: 0.2,0.5,1.0");
    add("name-server",
        po::value<texts>()->composing()->value_name("<address>=<behaviour>"),
        "make a name server misbehave: silent, servfail, refused, lame or truncating; repeatable");
    add("scope",
        po::value<texts>()->composing()->value_name("<scope>"),
        "a scope of the token, for example domain:read; repeatable; default: all");
    add("rate-limit",
        po::value<std::string>()->value_name("on|off"),
        "enforce 5000 requests an hour and 250 a minute, as DigitalOcean does; default: on");
    add("fault",
        po::value<texts>()->composing()->value_name("<fault>"),
        "make the API fail, see below; repeatable");
    add("access-log",
        po::value<std::string>()->value_name("<file>"),
        "append a line for each API call: method, target and status");
    add("help", "show this help");
    add("version", "show the version");
    return all;
}

constexpr auto introduction =
    R"(usage: acme-dns01-sandbox [options] [-- <command>...]

Serves a DigitalOcean-compatible Domains API and its name servers on this machine's loopback
addresses. With a command: runs it in an environment that uses them, and exits with its status.
Without: prints that environment as shell commands and serves until it is interrupted.

)";

constexpr auto about_faults = R"(
A fault is [<method>] [<path prefix>] <what> [+<skip>] [x<count>|x*]. It happens to <count> matching
requests (default: one; x*: all), after the first <skip> have succeeded. <what> is one of
  <status>       answer this status without acting; may be followed by retry-after=<s>
  reset-before   reset the connection without acting
  reset-after    act, then reset the connection
  delay=<s>      wait this many seconds before acting
  cut-short      close the connection half way through the answer
  garbage        answer something that is not JSON
  oversized      answer more than 8 MiB
  slowly[=<s>]   answer byte by byte, this many seconds apart
  close-after    close the connection after the answer, unannounced
Examples: --fault 'POST /v2/domains 503 x3', --fault '429 retry-after=2'
)";

std::optional<seconds> seconds_in(std::string_view text) {
    auto const number = number_in<double>(text);
    // Written so that NaN is refused as well.
    if (number && *number >= 0 && *number <= name_service::delay_max.count())
        return seconds(*number);
    return std::nullopt;
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
        if (!delay)
            return bad_usage(
                "--delay: '" + printable(delays[i], 40) + "' is not a delay from 0 to 3600 s"
            );
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
            return bad_usage("--name-server: '" + printable(text, 80) + "' does not name a server");
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
        if (!is_scope(text))
            return bad_usage("--scope: '" + printable(text, 40) + "' is not a scope");
        o.scopes.insert(text);
    }
    return std::nullopt;
}

std::optional<error> take_rate_limit(po::variables_map const& given, options& o) {
    auto const text = one_of(given, "rate-limit");
    if (text.empty() || text == "on") return std::nullopt;
    if (text != "off") return bad_usage("--rate-limit must be on or off");
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
    if (end != arguments.end() && command.empty())
        return bad_usage("there is no command after '--'");
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
    auto how = behaviour::normal;
    if (boost::describe::enum_from_string(std::string(text).c_str(), how)) return how;
    return bad_usage("'" + printable(text, 40) + "' is not a behaviour of a name server");
}

} // namespace acme_dns01::sandbox
