#include "caa/relevant.hpp"

#include "base/text.hpp"

namespace acme_dns01::caa {

namespace {

bool is_known(std::string_view tag, reading const& as) {
    if (tag == "iodef") return true;
    if (tag == "issuemail" || tag == "issuevmc") return as.knows_issuemail_issuevmc;
    if (tag == "contactemail" || tag == "contactphone") return as.knows_contacts;
    return false;
}

bool is_critical_as(property const& p, reading const& as) {
    return as.takes_flag_1_for_critical ? is_critical(p) : (p.flags & critical_flag) != 0;
}

} // namespace

filtered filter(std::vector<property> const& records, reading const& as) {
    filtered f;
    for (auto const& p : records) {
        auto const tag = lower(p.tag);
        if (tag == "issue") {
            f.issue.push_back(&p);
        } else if (tag == "issuewild") {
            f.issuewild.push_back(&p);
        } else if (!is_known(tag, as) && is_critical_as(p, as)) {
            f.critical_unknown.push_back(&p);
        }
    }
    return f;
}

selected select(filtered const& f, bool wildcard) {
    if (wildcard && !f.issuewild.empty()) return {"issuewild", f.issuewild};
    return {"issue", f.issue};
}

} // namespace acme_dns01::caa
