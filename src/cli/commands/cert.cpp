#include "base/text.hpp"
#include "certificate/places.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/options.hpp"
#include "cli/output/certificates.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>

namespace acme_dns01::cli {

namespace {

using certificate::moment;

constexpr std::size_t url_shown_max = 200;

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
    return certificate::lineages_of(here);
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

// The journal is only looked at where there is one: nothing else is written but the metrics.
void add_outstanding(invocation& call, std::vector<metric_family>& into) {
    std::error_code ec;
    auto const file = std::filesystem::path(call.set.state_dir) / "journal.sqlite";
    if (call.set.state_dir.empty() || !std::filesystem::exists(file, ec)) return;
    auto const count = static_cast<double>(call.outstanding().size());
    into.push_back(
        {"acme_dns01_records_outstanding",
         "How many records were created on this host and are not yet removed.",
         {{{}, count}}}
    );
}

// What the body of an answer is about stands in front of what is wrong with it.
async_result<std::string> body_at(invocation& call, std::string at) {
    auto const url = net::parse_base_url(at);
    if (!url) co_return in_context(in_quotes(at, url_shown_max), url.error());
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
        co_return usage_error("the directory of its CA is not known", "name it with --directory");
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

} // namespace

outcome cert_status(invocation& call, arguments given) {
    auto by = certificate::find_starters("/");
    auto lineages = given.empty() ? lineages_of_host(call, by) : lineages_at_paths(call, given);
    certificate::inspector look(now(), std::move(by), wanted_left(call.set.cert));
    std::vector<certificate::status> all;
    for (auto& l : lineages)
        all.push_back(look.inspect(std::move(l)));
    all = sorted_by_urgency(std::move(all));
    if (call.set.cert.ari) co_await ask_for_suggestions(call, all, look.now());
    call.out.result(lines_for(all, look.now(), call.out.width()), to_json(all, look.now()));
    auto const& file = call.set.cert.metrics;
    if (!file.empty()) {
        auto metrics = metrics_of(all, look.now());
        add_outstanding(call, metrics);
        auto const written = write_metrics(file, metrics);
        if (!written) co_return written.error();
    }
    co_return outcome_of(all);
}

} // namespace acme_dns01::cli
