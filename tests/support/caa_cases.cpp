#include "support/caa_cases.hpp"

#include "support/tested.hpp"

#include <boost/json/parse.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace acme_dns01::test {

namespace json = boost::json;

namespace {

constexpr auto default_issuer = "letsencrypt.org";
constexpr auto default_account = "https://acme-v02.api.letsencrypt.org/acme/acct/123";

std::string text(json::object const& from, std::string_view key, std::string otherwise = {}) {
    auto const* const found = from.if_contains(json::string_view(key.data(), key.size()));
    if (found == nullptr || found->is_null()) return otherwise;
    return std::string(found->get_string());
}

std::string whole(std::string name, std::string const& zone) {
    auto const at = name.find('@');
    return at == std::string::npos ? name : name.replace(at, 1, zone);
}

std::vector<std::string> records_in(json::object const& from) {
    std::vector<std::string> lines;
    for (auto const& line : from.at("records").get_array())
        lines.emplace_back(line.get_string());
    auto const* const padding = from.if_contains("padding");
    for (std::int64_t i = 0; padding != nullptr && i < padding->get_int64(); ++i)
        lines.push_back("@ CAA 0 t" + std::to_string(i) + " \"test\"");
    return lines;
}

std::vector<caa_misbehaviour> misbehaviours_in(json::object const& from, std::string const& zone) {
    std::vector<caa_misbehaviour> all;
    auto const* const list = from.if_contains("does");
    if (list == nullptr) return all;
    for (auto const& entry : list->get_array()) {
        auto const& one = entry.get_object();
        all.push_back({whole(text(one, "to"), zone), text(one, "type"), text(one, "what")});
    }
    return all;
}

caa_case case_from(json::object const& from) {
    caa_case c;
    c.id = text(from, "case");
    c.why = text(from, "why");
    auto const is_signed = from.contains("signed");
    auto const above = text(from, "in", is_signed ? "dnssec.test" : "caa.test");
    c.zone = above.empty() ? c.id : c.id + "." + above; // a top-level domain, or below something
    c.is_scripted = text(from, "server") == "scripted";
    c.has_own_zone = c.is_scripted || is_signed || from.contains("in");
    if (is_signed) c.signed_how = signing_called(text(from, "signed"));
    c.domain = whole(text(from, "ask", "@"), c.zone);
    c.issuer = text(from, "issuer", default_issuer);
    c.account = text(from, "account", default_account);
    c.method = text(from, "method", "dns-01");
    c.records = records_in(from);
    c.misbehaviours = misbehaviours_in(from, c.zone);
    c.verdict = text(from, "verdict");
    c.found_at = whole(text(from, "found_at"), c.zone);
    c.dnssec = text(from, "dnssec");
    c.warning = text(from, "warns");
    return c;
}

} // namespace

std::vector<caa_case> read_caa_cases(std::string const& file) {
    std::ifstream in(tested::data_folder() + "/" + file);
    if (!in) throw std::runtime_error("there is no " + file);
    std::string const content{std::istreambuf_iterator<char>(in), {}};
    std::vector<caa_case> cases;
    auto const all = json::parse(content);
    for (auto const& entry : all.get_array())
        cases.push_back(case_from(entry.get_object()));
    return cases;
}

} // namespace acme_dns01::test
