#pragma once

#include "certificate/lineage.hpp"
#include "certificate/starters.hpp"
#include "certificate/suggestion.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace acme_dns01::certificate {

// One certificate, and whether its renewal will come in time.
struct status {
    lineage what;
    std::optional<leaf> read; // nothing if it cannot be read
    state is = state::broken;
    std::optional<moment> renewal_due;
    std::string started_by; // what starts its client; empty if nothing was found
    std::string start;      // the same in words
    std::string reason;     // why it is in this state
    std::string fix;        // what to do; empty if there is nothing to do
    std::string unchecked;  // of its files, and why; empty if all were; in the reason too
    std::optional<window> suggested{}; // by its CA, where that was asked

    // All is well with it but that nothing starts its client.
    bool waits_for_a_starter() const;
};

class inspector {
public:
    inspector(moment now, starters by, std::optional<std::chrono::seconds> wanted_left = {})
        : now_(now), starters_(std::move(by)), wanted_left_(wanted_left) {}

    // Reads the lineage's files. Its issuers are looked at once, however many have the same.
    status inspect(lineage l);

    moment now() const { return now_; }

private:
    struct finding;
    struct chain {
        handle first;    // nullptr if there is none
        std::string why; // it is of no use; empty if it is
    };

    chain const& chain_in(std::string const& pem);
    finding check_key(lineage const& l, handle const& certificate, std::string const& pem) const;
    finding check_chain(lineage const& l, std::vector<handle> const& all);
    finding
    check_other(std::filesystem::path const& file, leaf const& of, std::string const& pem) const;
    finding check_files(
        lineage const& l, std::vector<handle> const& all, std::string const& pem, leaf const& of
    );
    std::string start_of(lineage const& l, starter const* by) const;
    std::string when_due(status const& s) const;
    std::string reason_of(status const& s) const;
    static status broken(status s, std::string why, bool is_closed = false);
    // With what was read.
    status judged(status s, std::vector<handle> const& all, std::string const& pem);

    moment now_;
    starters starters_;
    std::optional<std::chrono::seconds> wanted_left_;
    std::map<std::string, chain> chains_; // by their files' text
};

// The most urgent first: by state, then by the time that is left. A file that is there already, and
// a certificate without a client that is there already, is left out.
std::vector<status> sorted_by_urgency(std::vector<status> all);

// 29.9: rounded down, so that it is negative once the certificate has expired.
double days_left(leaf const& of, moment now);
// From 1 to 0, and not beyond.
double share_left(leaf const& of, moment now);

// Says in the reason what the CA suggests: "renew now" if it has passed, as a revocation may
// follow.
void add_window(status& s, window const& suggested, moment now);

} // namespace acme_dns01::certificate
