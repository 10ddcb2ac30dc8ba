#include "cli/options/resource_options.hpp"

#include "base/text.hpp"

#include <boost/asio/ip/address.hpp>

#include <limits>
#include <utility>

namespace acme_dns01::cli {

namespace {

using digitalocean::record_fields;

constexpr std::size_t shown_max = 80;

error usage(std::string message, std::string hint = {}) {
    return {.kind = error_kind::usage, .message = std::move(message), .hint = std::move(hint)};
}

result<std::optional<std::int64_t>> number_in(own_options const& own, std::string const& option) {
    auto const text = text_in(own, option);
    if (!text) return std::optional<std::int64_t>();
    auto const number = acme_dns01::number_in<std::int64_t>(*text);
    if (number) return number;
    return usage("--" + option + ": " + in_quotes(*text, shown_max) + " is no number");
}

result<std::optional<unsigned>>
count_in(own_options const& own, std::string const& option, unsigned most) {
    auto const number = number_in(own, option);
    if (!number) return number.error();
    if (!number->has_value()) return std::optional<unsigned>();
    if (**number >= 1 && **number <= most) return std::optional(static_cast<unsigned>(**number));
    return usage("--" + option + " is a number from 1 to " + std::to_string(most));
}

} // namespace

std::optional<std::string> text_in(own_options const& own, std::string const& option) {
    auto const found = own.find(option);
    if (found == own.end()) return std::nullopt;
    return found->second;
}

result<listing> listing_in(own_options const& own) {
    listing wanted;
    wanted.all = own.contains("all");
    for (std::string const option : {"page", "per-page"}) {
        if (wanted.all && own.contains(option)) {
            return usage("--all and --" + option + " do not go together");
        }
    }
    auto const number = count_in(own, "page", std::numeric_limits<std::int32_t>::max());
    if (!number) return number.error();
    auto const per_page = count_in(own, "per-page", digitalocean::per_page_max);
    if (!per_page) return per_page.error();
    wanted.page = {*number, *per_page};
    return wanted;
}

result<digitalocean::record_filter> filter_in(own_options const& own, dns::name const& zone) {
    constexpr auto any_type = "TXT";
    record_fields type;
    type.type = text_in(own, "type").value_or(any_type);
    record_fields name_alone;
    name_alone.name = text_in(own, "name");
    auto const checked_type = digitalocean::checked_change(std::move(type), zone, "");
    if (!checked_type) return checked_type.error();
    auto const checked = digitalocean::checked_change(std::move(name_alone), zone, any_type);
    if (!checked) return checked.error();
    digitalocean::record_filter filter;
    if (own.contains("type")) filter.type = *checked_type->type;
    if (!checked->name) return filter;
    auto const name = dns::absolute_name(*checked->name, zone);
    if (!name) return in_context("--name", name.error());
    filter.name = *name;
    return filter;
}

result<record_fields> fields_in(own_options const& own) {
    record_fields fields;
    fields.type = text_in(own, "type");
    fields.name = text_in(own, "name");
    fields.data = text_in(own, "data");
    fields.tag = text_in(own, "tag");
    std::pair<char const*, std::optional<std::int64_t>*> const numbers[] = {
        {"priority", &fields.priority},
        {"port", &fields.port},
        {"ttl", &fields.ttl},
        {"weight", &fields.weight},
        {"flags", &fields.flags},
    };
    for (auto const& [option, target] : numbers) {
        auto const number = number_in(own, option);
        if (!number) return number.error();
        *target = *number;
    }
    return fields;
}

result<std::string> ip_address_in(own_options const& own) {
    auto const text = text_in(own, "ip-address");
    if (!text) return std::string();
    boost::system::error_code ec;
    boost::asio::ip::make_address(*text, ec);
    auto const has_scope = text->find('%') != std::string::npos;
    if (!ec && !has_scope) return *text;
    return usage("--ip-address " + in_quotes(*text, shown_max) + " is no IPv4 or IPv6 address");
}

result<dns::name> zone_named(std::string const& text) {
    auto zone = dns::name::parse(text);
    if (!zone) return zone;
    if (zone->label_count() > 1 && !zone->text().starts_with("*.")) return zone;
    return usage(
        in_quotes(text, shown_max) + " cannot be a domain at DigitalOcean",
        "write it such as example.com"
    );
}

} // namespace acme_dns01::cli
