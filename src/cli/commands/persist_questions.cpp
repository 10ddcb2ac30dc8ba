#include "cli/commands/persist_questions.hpp"

#include "cli/options/options.hpp"
#include "persist/account_file.hpp"
#include "persist/directory.hpp"
#include "persist/record.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace acme_dns01::cli {

namespace {

bool is_on_the_line(invocation const& call, std::string_view option) {
    return std::ranges::count(call.set.command_options, option) > 0;
}

async_result<persist::directory_meta> meta_of(invocation& call) {
    if (!call.set.caa.directory) co_return persist::directory_meta();
    auto const& url = *call.set.caa.directory;
    auto const text = co_await directory_at(call, url);
    if (!text) co_return text.error();
    auto meta = persist::meta_in(*text);
    if (!meta && meta.error().hint.empty()) co_return about_directory(url, meta.error());
    if (!meta) co_return in_context(url.origin() + url.prefix, meta.error());
    if (meta->issuer_names.empty()) {
        call.out.warning(
            "the ACME directory " + url.origin() + url.prefix +
            " does not announce dns-persist-01 (meta.issuerDomainNames): the CA may not offer it, "
            "and only an order shows whether it does"
        );
    }
    co_return meta;
}

// The names that the directory announces for standing records come before those for CAA.
result<std::optional<persist::authority>>
authority_of(invocation const& call, persist::directory_meta const& meta) {
    using maybe = std::optional<persist::authority>;
    auto const& set = call.set.caa;
    auto const is_named = set.issuer && (!set.directory || is_on_the_line(call, "issuer"));
    if (is_named) return maybe(persist::authority_of(*set.issuer));
    if (!set.directory) return maybe();
    auto identities = meta.caa_identities.empty() ? meta.issuer_names : meta.caa_identities;
    auto by = caa::issuer_of_directory(set.directory->host, identities);
    if (!by) return by.error();
    auto ca = persist::authority_of(std::move(*by));
    if (!meta.issuer_names.empty()) ca.issuers = meta.issuer_names;
    return maybe(std::move(ca));
}

error no_hash(std::string const& lacks, std::string hint) {
    return usage_error("the hashed form needs " + lacks, std::move(hint));
}

result<void> complete_hash(persist::account& who, std::string const& file, bool has_uri) {
    if (who.hash_prefix.empty())
        return no_hash("the CA's prefix", "give it with --hash-prefix, or the CA's --directory");
    if (!who.thumbprint.empty()) return {};
    if (file.empty())
        return no_hash(
            "the thumbprint of the account's key", "give --thumbprint or --account-file"
        );
    auto const stored = persist::read_account(file);
    if (!stored) return stored.error();
    if (has_uri && stored->uri != who.uri)
        return usage_error("--account-file is for another account than --account-uri");
    auto thumbprint = persist::read_thumbprint(file, *stored);
    if (!thumbprint) return thumbprint.error();
    who.thumbprint = std::move(*thumbprint);
    return {};
}

result<std::optional<persist::account>>
account_of(invocation const& call, persist::directory_meta const& meta) {
    auto const& set = call.set.persist;
    auto const& uri = call.set.caa.account_uri;
    persist::account who{uri.value_or(""), set.thumbprint, set.hash_prefix};
    if (who.hash_prefix.empty()) who.hash_prefix = meta.hash_prefix;
    if (!uri && set.account_file.empty()) return std::optional<persist::account>();
    if (!uri) {
        auto stored = persist::read_account(set.account_file);
        if (!stored) return stored.error();
        who.uri = std::move(stored->uri);
    }
    auto const announced = meta.hash_prefix.empty() ? persist::form::uri : persist::form::hash;
    who.by = set.form.value_or(announced);
    if (who.by == persist::form::hash) {
        auto const done = complete_hash(who, set.account_file, uri.has_value());
        if (!done) return done.error();
    }
    return std::optional(std::move(who));
}

error nothing_named(std::string const& what, std::string hint) {
    return usage_error("no " + what + " was named", std::move(hint));
}

} // namespace

// The client keeps the account's key beside the file, or in a folder there.
void persist_needs(
    confinement& needs, settings const& set, arguments const& /*given*/, environment const& /*env*/
) {
    std::error_code ec;
    auto const& file = set.persist.account_file;
    if (file.empty()) return;
    needs.readable.push_back(std::filesystem::absolute(file, ec));
    needs.readable.push_back(std::filesystem::absolute(file, ec).parent_path());
}

async_result<std::vector<persist::question>>
persist_questions(invocation& call, arguments domains) {
    std::vector<persist::question> all;
    for (auto const& text : domains) {
        auto const request = caa::make_request(text, {});
        if (!request) co_return request.error();
        auto const wildcard = request->wildcard || call.set.persist.wildcard;
        auto const name = persist::record_name(request->domain);
        if (!name) co_return name.error();
        auto const is_known = std::ranges::any_of(all, [&](auto const& q) {
            return q.domain == request->domain && q.wildcard == wildcard;
        });
        if (!is_known) all.push_back({request->domain, wildcard});
    }
    auto const meta = co_await meta_of(call);
    if (!meta) co_return meta.error();
    auto const ca = authority_of(call, *meta);
    if (!ca) co_return ca.error();
    auto const who = account_of(call, *meta);
    if (!who) co_return who.error();
    for (auto& q : all) {
        q.ca = *ca;
        q.who = *who;
    }
    co_return all;
}

async_result<std::vector<persist::question>>
full_persist_questions(invocation& call, arguments domains) {
    if (domains.empty()) co_return usage_of(call.command);
    auto const all = co_await persist_questions(call, domains);
    if (!all) co_return all.error();
    if (!all->front().ca)
        co_return nothing_named(
            "CA", "give its name with --issuer, such as letsencrypt.org, or its ACME --directory"
        );
    if (!all->front().who)
        co_return nothing_named("ACME account", "give --account-uri or --account-file");
    co_return all;
}

} // namespace acme_dns01::cli
