#include "preflight/name.hpp"

#include "base/c_handle.hpp"
#include "base/text.hpp"

#include <idn2.h>

#include <algorithm>
#include <libpsl.h>

namespace acme_dns01::preflight {

namespace {

// Let's Encrypt's policy, and no other CA's as far as is known.
constexpr std::size_t labels_max = 10;

using suffix_list = c_handle<psl_ctx_t, ::psl_free>;

// The newer of the system's (package publicsuffix) and the one built into the library.
psl_ctx_t const* suffixes() {
    static suffix_list const list(::psl_latest(nullptr));
    return list ? list.get() : ::psl_builtin();
}

bool is_suffix(dns::name const& name) {
    constexpr auto icann = PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE;
    auto const text = name.text();
    auto const* const list = suffixes();
    return list != nullptr && ::psl_is_public_suffix2(list, text.c_str(), icann) == 1;
}

bool is_unicode(std::string const& a_label) {
    char* raw = nullptr;
    auto const status = ::idn2_to_unicode_8z8z(a_label.c_str(), &raw, 0);
    c_handle<char, ::idn2_free> const owner(raw);
    return status == IDN2_OK;
}

// Why no CA issues for a name with this label (BR 7.1.4.2, RFC 5890 2.3.1); empty if one may.
std::string fault_of(std::string const& label) {
    auto const shown = "label '" + label + "' ";
    if (label.find('_') != std::string::npos) return shown + "has an underscore";
    if (label.starts_with('-') || label.ends_with('-'))
        return shown + "begins or ends with a hyphen";
    auto const has_prefix = label.size() > 3 && label[2] == '-' && label[3] == '-';
    if (has_prefix && !label.starts_with("xn--"))
        return shown + "has hyphens in third and fourth place, and does not begin with 'xn--'";
    if (has_prefix && !is_unicode(label)) return shown + "is no valid internationalized name";
    return {};
}

finding not_issuable(std::string message, std::string evidence, std::string fix) {
    return wrong(
        check_id::name, error_kind::usage, std::move(message), std::move(evidence), std::move(fix)
    );
}

finding suffix_found(subject const& s, dns::name const& suffix) {
    auto const is_itself = suffix == s.base;
    auto const what = is_itself ? "is a public suffix" : "is above a public suffix";
    return not_issuable(
        "no CA issues for " + shown_domain(s.given) + ": it " + what,
        "the Public Suffix List has " + suffix.text(),
        "ask for a domain that was registered below it, such as example." + suffix.text()
    );
}

finding named(subject const& s) {
    auto const as_text = (s.is_wildcard ? "*." : "") + s.base.text();
    auto const is_same = without_final_dot(s.given) == as_text;
    return well(
        check_id::name,
        shown_domain(s.given) + " is a name that a CA issues for",
        is_same ? "" : as_text
    );
}

} // namespace

std::optional<dns::name> public_suffix_at(dns::name const& of) {
    if (of.label_count() < 2 || is_suffix(of)) return of;
    // A rule such as *.ck makes every name below a suffix.
    auto const below = of.child("example");
    if (below && is_suffix(*below)) return *below;
    return std::nullopt;
}

findings check_name(subject const& s, challenge::allow_list const& allow) {
    if (auto const suffix = public_suffix_at(s.base)) return {suffix_found(s, *suffix)};
    for (auto const& label : split(s.base.text(), ".")) {
        auto const fault = fault_of(label);
        if (fault.empty()) continue;
        return {not_issuable(
            "no CA issues for " + shown_domain(s.given) + ": " + fault,
            s.base.text(),
            "ask for another name"
        )};
    }
    auto const challenge = challenge::make_challenge(s.given);
    if (!challenge) return {wrong(check_id::name, challenge.error(), "ask for another name")};
    auto const is_allowed = allow.check(*challenge);
    if (!is_allowed) return {wrong(check_id::name, is_allowed.error(), "extend 'allow'")};
    if (s.base.label_count() <= labels_max) return {named(s)};
    auto const count = std::to_string(s.base.label_count());
    return {doubtful(
        check_id::name,
        "Let's Encrypt does not issue for a name of more than 10 labels",
        s.base.text() + " has " + count,
        "ask for a shorter name, or use another CA"
    )};
}

} // namespace acme_dns01::preflight
