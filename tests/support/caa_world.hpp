#pragma once

#include "sandbox/temporary_folder.hpp"
#include "support/caa_cases.hpp"
#include "support/real_name_servers.hpp"
#include "support/recursive_resolver.hpp"
#include "support/scripted_name_server.hpp"

#include <memory>
#include <string>
#include <vector>

namespace acme_dns01::test {

// The public DNS that some cases need: an unsigned root; the signed zone test with a signed
// delegation to dnssec.test and an unsigned one to caa.test; the cases' own zones below them. Knot
// serves all of it, except for zones whose servers misbehave, which a script serves. A real
// resolver asks both.
class caa_world {
public:
    explicit caa_world(std::vector<caa_case> const& cases);

    std::string resolver() const;     // "127.0.0.1:<port>"
    std::string trust_anchor() const; // a file: DS records of test
    dns::endpoint knot() const { return knot_->endpoint(); }

private:
    void add(caa_case const& c, zone_files& files);
    void start(zone_files const& files);

    sandbox::temporary_folder folder_{"acme-dns01-caa"};
    std::string in_root_;   // lines of the zones above the cases' own
    std::string in_test_;   // test
    std::string in_caa_;    // test
    std::string in_dnssec_; // test
    std::vector<caa_case> scripted_;
    std::unique_ptr<real_name_server> knot_;
    std::unique_ptr<scripted_name_server> scripts_;
    std::unique_ptr<recursive_resolver> resolver_;
};

} // namespace acme_dns01::test
