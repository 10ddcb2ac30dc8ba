#include "support/caa_levels.hpp"

namespace acme_dns01::test {

namespace {

dns::name parsed(std::string_view text) { return dns::name::parse(text).value(); }

caa::level empty_level(dns::name const& node) {
    caa::level l;
    l.node = node;
    l.target = node;
    l.dnssec = dns::dnssec::insecure;
    return l;
}

} // namespace

caa::issuer const& letsencrypt() {
    static auto const found = caa::find_issuer("letsencrypt").value();
    return found;
}

caa::request asked(std::string_view domain) {
    auto r = caa::make_request(domain, letsencrypt()).value();
    r.account_uri = production_account;
    return r;
}

caa::property issue(std::string_view value) { return {0, "issue", std::string(value)}; }

caa::property issuewild(std::string_view value) { return {0, "issuewild", std::string(value)}; }

caa::level level_with(std::string_view node, std::vector<caa::property> records) {
    auto l = empty_level(parsed(node));
    l.is = caa::level::content::records;
    l.records = std::move(records);
    return l;
}

caa::level level_without(std::string_view node) { return empty_level(parsed(node)); }

std::vector<caa::level>
levels_with(std::string_view domain, std::string_view node, std::vector<caa::property> records) {
    std::vector<caa::level> climb;
    for (auto const& n : parsed(domain).climb())
        climb.push_back(n.text() == node ? level_with(node, records) : empty_level(n));
    return climb;
}

} // namespace acme_dns01::test
