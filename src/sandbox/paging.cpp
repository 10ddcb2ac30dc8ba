#include "sandbox/paging.hpp"

#include "base/text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <algorithm>

namespace acme_dns01::sandbox {

namespace json = boost::json;

namespace {

std::size_t number_or(std::string const& text, std::size_t otherwise, std::size_t number_max) {
    auto const number = number_in<std::size_t>(text);
    return number ? std::clamp<std::size_t>(*number, 1, number_max) : otherwise;
}

std::string
url_of_page(std::string_view base_url, target const& t, std::size_t number, std::size_t size) {
    boost::urls::url url;
    url.set_path(t.path());
    url.params().append({"page", std::to_string(number)});
    url.params().append({"per_page", std::to_string(size)});
    for (auto const& [key, value] : t.query) {
        if (key != "page" && key != "per_page") url.params().append({key, value});
    }
    return std::string(base_url) + std::string(url.buffer());
}

} // namespace

target target::parse(std::string_view text) {
    auto const url = boost::urls::parse_origin_form({text.data(), text.size()});
    if (!url) return {};
    target t;
    for (auto const& segment : url->segments())
        t.segments.push_back(segment);
    if (!t.segments.empty() && t.segments.back().empty()) t.segments.pop_back();
    for (auto const& parameter : url->params())
        t.query.emplace_back(parameter.key, parameter.value);
    return t;
}

std::string target::path() const { return "/" + joined(segments, "/"); }

std::string target::parameter(std::string_view name) const {
    auto const found =
        std::ranges::find(query, name, [](auto const& p) -> std::string_view { return p.first; });
    return found == query.end() ? std::string() : found->second;
}

page page::of(target const& t) {
    // Beyond this the first item's index could overflow; no account has as many pages.
    constexpr std::size_t number_max = 1'000'000;
    return {
        number_or(t.parameter("page"), 1, number_max),
        number_or(t.parameter("per_page"), size_default, size_max),
    };
}

std::pair<std::size_t, std::size_t> page::bounds(std::size_t total) const {
    auto const first = std::min(total, (number - 1) * size);
    return {first, std::min(total, first + size)};
}

json::object page::links(std::string_view base_url, target const& t, std::size_t total) const {
    auto const last = std::max<std::size_t>(1, (total + size - 1) / size);
    auto const url = [&](std::size_t n) { return url_of_page(base_url, t, n, size); };
    json::object pages;
    if (number > 1) {
        pages["first"] = url(1);
        pages["prev"] = url(std::min(number - 1, last));
    }
    if (number < last) {
        pages["next"] = url(number + 1);
        pages["last"] = url(last);
    }
    if (pages.empty()) return {};
    return {{"pages", pages}};
}

} // namespace acme_dns01::sandbox
