#include "preflight/state.hpp"

#include "base/text.hpp"
#include "challenge/owner.hpp"

namespace acme_dns01::preflight {

namespace {

constexpr std::size_t rows_shown_max = 3;

std::string list_of(std::vector<journal::entry> const& rows) {
    std::vector<std::string> texts;
    for (auto const& row : rows) {
        if (texts.size() == rows_shown_max) break;
        auto const id = row.id ? std::to_string(*row.id) : "unknown id";
        texts.push_back(row.zone.text() + "/" + id + " (" + row.fqdn.text() + ")");
    }
    auto const more = rows.size() - texts.size();
    return joined(texts, ", ") + (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

// It works without, if less well.
finding without_journal(error const& e) {
    auto const fix =
        e.hint.empty()
            ? "make it a folder that this user may write, or name another with --state-dir"
            : e.hint;
    return doubtful(
        check_id::state,
        e.message,
        "without a journal, records are found again by name and value only",
        fix
    );
}

} // namespace

findings
check_rows(std::vector<journal::entry> const& rows, std::vector<journal::entry> const& left) {
    if (left.empty()) {
        auto const some = rows.empty() ? "no record is outstanding"
                                       : counted(rows.size(), "record is", "records are") +
                                             " outstanding, of runs that may still need them";
        return {well(check_id::state, "the journal can be written, and " + some, list_of(rows))};
    }
    return {doubtful(
        check_id::state,
        counted(left.size(), "record was", "records were") +
            " left behind by runs that have ended or were killed",
        list_of(left),
        "acme-dns01 sweep"
    )};
}

findings check_state(services::state_folder& state) {
    auto const owners = state.check_owners();
    if (!owners) return {wrong(check_id::state, owners.error(), "name another with --state-dir")};
    auto const journal = state.durable_journal();
    if (!journal) return {without_journal(journal.error())};
    auto const writable = (*journal)->check_writable();
    if (!writable) return {without_journal(writable.error())};
    auto const rows = (*journal)->outstanding();
    if (!rows) return {without_journal(rows.error())};
    challenge::sweep_limits limits{.now = std::chrono::system_clock::now(), .older_than = {}};
    return check_rows(*rows, challenge::rows_to_sweep(*rows, limits));
}

} // namespace acme_dns01::preflight
