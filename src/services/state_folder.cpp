#include "services/state_folder.hpp"

#include "base/file.hpp"

#include <filesystem>

namespace acme_dns01::services {

result<void> state_folder::check_owners() const {
    if (path_.empty()) return {};
    auto const folder = acme_dns01::check_owners("the state folder", path_);
    if (!folder) return folder;
    auto const journal = acme_dns01::check_owners("the journal", path_ + "/journal.sqlite");
    if (!journal) return journal;
    return acme_dns01::check_owners("the file of plans", journal::plans::file_in(path_));
}

result<journal::store> state_folder::open_journal() const {
    auto const safe = check_owners();
    if (!safe) return safe.error();
    if (!path_.empty()) return journal::store::open(path_);
    return error{
        .kind = error_kind::configuration,
        .message = "there is no state folder",
        .hint = "name one with --state-dir",
    };
}

journal::store& state_folder::keep(journal::store opened) {
    journal_.emplace(std::move(opened)).watch(watcher_);
    return *journal_;
}

journal::store& state_folder::journal() {
    if (journal_) return *journal_;
    auto opened = open_journal();
    if (opened) return keep(std::move(*opened));
    why_in_memory_ = opened.error();
    std::error_code ec;
    auto const exists = std::filesystem::exists(path_ + "/journal.sqlite", ec);
    auto const sentence =
        why_in_memory_.text() +
        "; records are found again by name and value only, and every hook waits for its own record";
    exists ? log_.warning(sentence) : log_.note(sentence);
    return keep(journal::store::in_memory());
}

result<journal::store*> state_folder::durable_journal() {
    if (!journal_) {
        auto opened = open_journal();
        if (!opened) return opened.error();
        keep(std::move(*opened));
    }
    if (!journal_->is_durable()) return why_in_memory_;
    return &*journal_;
}

journal::ledger
state_folder::open_ledger(std::string account, std::span<rate_window const> limits) {
    journal::ledger::settings how{std::move(account), limits, log_};
    if (!journal().is_durable()) return journal::ledger::in_memory(std::move(how));
    return journal::ledger::open(path_, std::move(how));
}

} // namespace acme_dns01::services
