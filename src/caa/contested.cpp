#include "caa/contested.hpp"

#include "caa/judgement.hpp"
#include "caa/relevant.hpp"

#include <array>

namespace acme_dns01::caa {

namespace {

struct point {
    bool reading::*in;
    std::string_view who; // "a CA that ..."
};

constexpr std::array points{
    point{&reading::takes_flag_1_for_critical, "ignores flag 1, as RFC 8659 4.1 demands,"},
    point{&reading::knows_issuemail_issuevmc, "does not know issuemail (RFC 9495) or issuevmc"},
    point{&reading::knows_contacts, "knows contactemail and contactphone (BR appendix A)"},
    point{&reading::folds_issuers, "ignores the letter case of issuers"},
    point{
        &reading::has_hyphens_in_parameters,
        "accepts hyphens in the names of parameters, as RFC 8659 4.2 does,"},
    point{
        &reading::has_nameless_parameters,
        "takes a parameter without a name for malformed, as RFC 8659 4.2 does,"},
    point{&reading::folds_parameter_names, "ignores the letter case of parameter names"},
    point{&reading::joins_methods, "joins the lists of two validationmethods"},
    point{
        &reading::checks_all_methods,
        "checks the whole list of validationmethods, as RFC 8657 4 does,"},
    point{&reading::folds_methods, "ignores the letter case of validation methods"},
};

} // namespace

std::vector<std::string> other_readings(request const& r, std::vector<property> const& records) {
    auto const permitted = judge(records, r).permits();
    std::vector<std::string> found;
    for (auto const& p : points) {
        reading other;
        other.*p.in = !(other.*p.in);
        if (judge(records, r, other).permits() == permitted) continue;
        found.push_back(
            "a CA that " + std::string(p.who) +
            " decides: " + (permitted ? "forbidden" : "permitted")
        );
    }
    return found;
}

} // namespace acme_dns01::caa
