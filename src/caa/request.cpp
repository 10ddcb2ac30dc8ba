#include "caa/request.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace acme_dns01::caa {

namespace {

constexpr std::string_view wildcard_prefix = "*.";

error bad_domain(std::string_view text, std::string_view why) {
    return {
        .kind = error_kind::usage,
        .message =
            "no certificate can be issued for '" + printable(text, 80) + "': " + std::string(why),
    };
}

} // namespace

result<request> make_request(std::string_view domain, issuer by) {
    auto const wildcard = domain.starts_with(wildcard_prefix);
    auto name = dns::name::parse(wildcard ? domain.substr(wildcard_prefix.size()) : domain);
    if (!name) return name.error();
    if (name->is_root()) return bad_domain(domain, "it is the root");
    if (name->text().starts_with('*')) {
        return bad_domain(domain, "'*' stands only once, for the whole first label");
    }
    if (name->ends_in_number()) return bad_domain(domain, "it is no domain name");
    return request{.domain = std::move(*name), .wildcard = wildcard, .by = std::move(by)};
}

std::string domain_of(request const& r) {
    return (r.wildcard ? std::string(wildcard_prefix) : std::string()) + r.domain.text();
}

} // namespace acme_dns01::caa
