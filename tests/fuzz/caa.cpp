#include "base/text.hpp"
#include "caa/record.hpp"
#include "dns/message.hpp"
#include "fuzz/fuzz.hpp"
#include "sandbox/answers.hpp"

#include <algorithm>

namespace acme_dns01::fuzz {

namespace {

void require_meaning(std::string_view text, bool accepts_hyphens) {
    auto const read = caa::parse_issue_value(text, accepts_hyphens);
    if (!read.malformed.empty()) {
        require_one_line(read.malformed);
        require(read.issuer.empty() && read.parameters.empty(), "a malformed value permits no CA");
        return;
    }
    require(read.issuer.empty() || caa::is_issuer_domain_name(read.issuer), "an issuer is a name");
    auto written = read.issuer;
    for (auto const& p : read.parameters) {
        require_one_line(p.value);
        written += "; " + p.tag + "=" + p.value;
    }
    require(caa::parse_issue_value(written, accepts_hyphens) == read, "a value stays");
}

// A zone file with this text publishes these bytes.
void require_published(caa::property const& p, std::span<std::uint8_t const> rdata) {
    dns::message m;
    m.answer.push_back({dns::name(), dns::record_type::caa, 0, caa::to_string(p)});
    auto const wire = sandbox::encoded(m, m, true);
    auto const is_end =
        wire.size() > rdata.size() && std::equal(rdata.rbegin(), rdata.rend(), wire.rbegin());
    require(is_end, "a CAA record is published as it is shown");
}

} // namespace

void caa_value(std::string_view input) {
    auto const rdata = bytes_of(input);
    auto const read = caa::parse_property(rdata);
    if (!read) return require_failure(read.error(), error_kind::dns_failure);
    require_one_line(caa::to_string(*read));
    require_one_line(caa::shown(*read));
    require_meaning(read->value, false);
    require_meaning(read->value, true);
    if (std::ranges::all_of(read->tag, is_alphanumeric)) require_published(*read, rdata);
}

} // namespace acme_dns01::fuzz
