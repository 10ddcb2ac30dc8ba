#pragma once

#include "base/log.hpp"
#include "journal/ledger.hpp"
#include "journal/store.hpp"

#include <optional>
#include <span>
#include <string>

namespace acme_dns01::services {

// The folder with the journal and the ledger of requests, opened when first needed.
class state_folder {
public:
    // An empty path means that this host has no state folder.
    state_folder(std::string path, log notes) : path_(std::move(path)), log_(std::move(notes)) {}
    state_folder(state_folder const&) = delete;
    state_folder& operator=(state_folder const&) = delete;

    // Fails if another user could change the journal: we would remove what they name.
    // error_kind::configuration.
    result<void> check_owners() const;

    // The journal is kept in memory, with a note, if there is no writable state folder. A journal
    // that exists and cannot be used is a warning.
    journal::store& journal();

    // For commands about the journal alone: fails with the reason if it is in memory.
    // error_kind::configuration.
    result<journal::store*> durable_journal();

    // As journal::store::watch does, from when the journal is opened.
    void watch(journal::store::watcher w) { watcher_ = std::move(w); }

    // Counts the requests made with one token; `account` is its fingerprint.
    journal::ledger open_ledger(std::string account, std::span<rate_window const> limits);

private:
    result<journal::store> open_journal() const;
    journal::store& keep(journal::store opened);

    std::string path_;
    log log_;
    std::optional<journal::store> journal_;
    error why_in_memory_;
    journal::store::watcher watcher_;
};

} // namespace acme_dns01::services
