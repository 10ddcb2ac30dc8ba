#include "base/text.hpp"
#include "dns/message.hpp"
#include "fuzz/fuzz.hpp"
#include "sandbox/answers.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace acme_dns01::fuzz {

namespace {

// How many fields a record of this type has. Other types have forms that ldns writes and does not
// read.
std::size_t fields_of(dns::record_type type) {
    using enum dns::record_type;
    if (type == mx) return 2;
    if (type == srv) return 4;
    if (type == soa) return 7;
    constexpr std::array types{a, aaaa, ns, cname, dname};
    return std::ranges::count(types, type) > 0 ? 1 : 0;
}

// ldns takes records that lack fields. The sandbox has no alias or server called ".".
bool can_be_written(dns::record const& r) {
    if (r.type == dns::record_type::txt) return true;
    return r.data != "." && split(r.data, " ").size() == fields_of(r.type) && !r.data.empty();
}

void require_printable(std::vector<dns::record> const& records) {
    for (auto const& r : records) {
        require_one_line(r.owner.text());
        if (r.type != dns::record_type::txt) require_one_line(r.data);
    }
}

// A name that was written before may come back with that one's case (RFC 1035 4.1.4).
void require_same_records(std::vector<dns::record> again, std::vector<dns::record> before) {
    for (auto* records : {&again, &before}) {
        for (auto& r : *records)
            r.data = r.type == dns::record_type::txt ? r.data : lower(r.data);
    }
    require(again == before, "the records stay");
}

} // namespace

void dns_message(std::string_view input) {
    auto read = dns::from_wire(bytes_of(input));
    if (!read) return require_failure(read.error(), error_kind::dns_failure);
    require_printable(read->answer);
    require_printable(read->authority);
    std::erase_if(read->answer, std::not_fn(can_be_written));
    std::erase_if(read->authority, std::not_fn(can_be_written));
    auto const again = dns::from_wire(sandbox::encoded(*read, *read, true));
    require(again.has_value(), "what was written can be read");
    if (again->truncated && !read->truncated) return; // it has become too large
    require(again->id == read->id && again->code == read->code, "the header stays");
    require(again->asked == read->asked, "the question stays");
    require_same_records(again->answer, read->answer);
    require_same_records(again->authority, read->authority);
}

void dns_name(std::string_view input) {
    auto lines = lines_of(input);
    lines.resize(2);
    auto const read = dns::name::parse(lines[0]);
    if (!read) return require_failure(read.error(), error_kind::usage);
    require_one_line(read->text());
    require(lines[0].find('\0') == std::string::npos, "no byte is left out");
    require(read->text().size() <= 253, "a name has a bound");
    require_same(dns::name::parse(read->text()), *read, "a name stays");
    require_same(dns::name::parse(read->absolute()), *read, "an absolute name stays");
    auto levels = read->climb();
    require(levels.size() == read->label_count(), "a name has as many levels as labels");
    auto const other = dns::name::parse(lines[1]);
    if (other) levels.push_back(*other);
    for (auto const& zone : levels) {
        if (!read->is_within(zone)) continue;
        auto const relative = read->relative_to(zone);
        require_same(dns::absolute_name(relative, zone), *read, "a name stays, relative to a zone");
    }
}

} // namespace acme_dns01::fuzz
