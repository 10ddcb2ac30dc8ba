#include "base/text.hpp"
#include "certificate/places.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/confinement.hpp"
#include "cli/options/options.hpp"
#include "cli/output/certificates.hpp"
#include "cli/output/check_report.hpp"
#include "preflight/subject.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace acme_dns01::cli {

namespace {

using certificate::moment;

constexpr std::size_t url_shown_max = 200;
constexpr auto nothing_found =
    "no certificate of certbot, acme.sh, dehydrated, lego or uacme was found: name its folder";

moment now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

std::optional<std::chrono::seconds> wanted_left(cert_options const& given) {
    using days = std::chrono::duration<double, std::ratio<86400>>;
    if (!given.renew_within) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::seconds>(days(*given.renew_within));
}

std::vector<certificate::lineage>
lineages_of_host(invocation& call, certificate::starters const& by) {
    certificate::host here;
    here.home = call.env.get("HOME").value_or("");
    here.lego_path = call.env.get("LEGO_PATH").value_or("");
    for (auto const& s : by.all)
        here.commands.push_back(s.command);
    auto all = certificate::lineages_of(here);
    if (all.empty()) call.out.warning(nothing_found);
    return all;
}

std::vector<certificate::lineage> lineages_at_paths(invocation& call, arguments const& paths) {
    std::vector<certificate::lineage> all;
    certificate::named_places places;
    for (auto const& path : paths) {
        auto some = places.at(path);
        if (some.empty()) call.out.warning("there is no certificate in " + path);
        std::ranges::move(some, std::back_inserter(all));
    }
    return all;
}

// What the body of an answer is about stands in front of what is wrong with it.
async_result<std::string> body_at(invocation& call, std::string at) {
    auto const url = net::parse_base_url(at);
    if (!url) co_return url.error();
    auto answer = co_await get_from_ca(call, *url);
    if (!answer) co_return answer.error();
    if (answer->status == 200) co_return std::move(answer->body);
    co_return error{
        .kind = error_kind::bad_answer,
        .message = in_quotes(at, url_shown_max) + " answered with status " +
                   std::to_string(answer->status),
    };
}

using places = std::map<std::string, result<std::string>>;

// Each directory is asked once.
async_result<std::string> suggestions_of(invocation& call, std::string directory, places& known) {
    auto const found = known.find(directory);
    if (found != known.end()) co_return found->second;
    auto const body = co_await body_at(call, directory);
    auto at = body ? certificate::suggestions_in(*body) : body.error();
    if (body && !at)
        at = error{at.error().kind, in_quotes(directory, url_shown_max) + " " + at.error().message};
    known.emplace(directory, at);
    co_return at;
}

async_result<certificate::window>
suggestion_for(invocation& call, certificate::status const& s, places& known) {
    auto const& named = call.set.caa.directory;
    auto const directory = named ? named->origin() + named->prefix : directory_of(s.what, *s.read);
    if (directory.empty())
        co_return usage_error("the directory of its CA is not known: name it with --directory", "");
    if (s.read->renewal_id.empty())
        co_return usage_error("it does not say which of its CA's keys signed it", "");
    auto const at = co_await suggestions_of(call, directory, known);
    if (!at) co_return at.error();
    auto const body = co_await body_at(call, *at + "/" + s.read->renewal_id);
    if (!body) co_return body.error();
    auto const found = certificate::window_in(*body);
    if (found) co_return *found;
    co_return error{
        found.error().kind, in_quotes(directory, url_shown_max) + " " + found.error().message};
}

boost::asio::awaitable<void>
ask_for_suggestions(invocation& call, std::vector<certificate::status>& all, moment at) {
    places known;
    auto const until = deadline::in(call.set.accounts.deadline);
    for (auto& s : all) {
        if (!s.read || until.over()) continue;
        auto const found = co_await suggestion_for(call, s, known);
        if (found) add_window(s, *found, at);
        if (!found)
            call.out.warning(
                s.what.path.string() +
                ": the CA was not asked when to renew: " + found.error().text()
            );
    }
    if (until.over()) call.out.warning("not every CA was asked: --deadline is over");
}

using statuses = std::vector<certificate::status>;

// Of all that can be read. What is no domain, such as a word in a test certificate, is left out.
arguments domains_of(statuses const& all) {
    std::set<std::string> domains;
    for (auto const& s : all) {
        for (auto const& domain : s.read ? s.read->domains : arguments()) {
            if (preflight::subjects_of({domain})) domains.insert(domain);
        }
    }
    return {domains.begin(), domains.end()};
}

std::vector<toned_line> toned(std::vector<std::string> const& lines) {
    std::vector<toned_line> all;
    for (auto const& line : lines)
        all.push_back({line});
    return all;
}

// Of both; what could not be found out counts less.
result<void> worse_of(result<void> certificates, result<void> const& checks) {
    return certificates ? checks : certificates;
}

void print(invocation& call, statuses const& all, moment at, preflight::findings const* checked) {
    auto lines = toned(lines_for(all, at, call.out.width(), call.set.output.verbose));
    auto machine = to_json(all, at);
    if (checked != nullptr) {
        auto const more = to_json(*checked);
        machine["findings"] = more.at("findings");
        machine["ok"] = machine.at("ok").as_bool() && more.at("ok").as_bool();
        lines.push_back({""});
        std::ranges::move(lines_for(*checked, call.set.output.verbose), std::back_inserter(lines));
    }
    call.out.toned_result(lines, machine);
}

result<void> write(invocation& call, statuses const& all, preflight::findings const* checked) {
    if (call.set.cert.metrics.empty()) return {};
    auto metrics = metrics_of(all);
    if (checked != nullptr) std::ranges::move(metrics_of(*checked), std::back_inserter(metrics));
    add_outstanding(call, metrics);
    metrics.push_back(run_metric(std::chrono::system_clock::now()));
    return write_metrics(call.set.cert.metrics, metrics);
}

} // namespace

// The clients keep their files anywhere, and nothing of them is written. It is in these files that
// the CAs are named.
void cert_status_needs(
    confinement& needs, settings const& set, arguments const& /*given*/, environment const& /*env*/
) {
    needs.readable.emplace_back("/");
    add_metrics_folder(needs, set);
    needs.any_port = set.cert.ari && !set.caa.directory;
}

outcome cert_status(invocation& call, arguments given) {
    auto by = certificate::find_starters("/");
    auto lineages = given.empty() ? lineages_of_host(call, by) : lineages_at_paths(call, given);
    certificate::inspector look(now(), std::move(by), wanted_left(call.set.cert));
    statuses all;
    for (auto& l : lineages)
        all.push_back(look.inspect(std::move(l)));
    all = sorted_by_urgency(std::move(all));
    if (call.set.cert.ari) co_await ask_for_suggestions(call, all, look.now());
    std::optional<preflight::findings> checked;
    auto const domains = call.set.cert.check ? domains_of(all) : arguments();
    if (call.set.cert.check) checked.emplace();
    if (!domains.empty()) {
        auto found = co_await findings_about(call, domains);
        if (!found) co_return found.error();
        checked = std::move(*found);
    }
    auto const* const findings = checked ? &*checked : nullptr;
    print(call, all, look.now(), findings);
    auto const written = write(call, all, findings);
    if (!written) co_return written.error();
    co_return worse_of(outcome_of(all), checked ? outcome_of(*checked) : result<void>());
}

} // namespace acme_dns01::cli
