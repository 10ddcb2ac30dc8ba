#pragma once

#include "base/log.hpp"
#include "journal/ledger.hpp"
#include "journal/store.hpp"

#include <optional>
#include <span>
#include <string>

namespace acme_dns01::services {

// The folder that outlives a run: the journal and the ledger of requests, opened when first needed.
class state_folder {
public:
    // An empty path: this host has no state folder.
    state_folder(std::string path, log notes) : path_(std::move(path)), log_(std::move(notes)) {}
    state_folder(state_folder const&) = delete;
    state_folder& operator=(state_folder const&) = delete;

    // The journal is kept in memory where there is no state folder, or none that can be written:
    // noted. A journal that exists and cannot be used is worth a warning.
    journal::store& journal();

    // For commands that are about the journal alone: why it is in memory, if it is.
    // error_kind::configuration.
    result<journal::store*> durable_journal();

    // Counts the requests made with one token, `account` being its fingerprint.
    journal::ledger open_ledger(std::string account, std::span<rate_window const> limits);

private:
    result<journal::store> open_journal() const;

    std::string path_;
    log log_;
    std::optional<journal::store> journal_;
    error why_in_memory_;
};

} // namespace acme_dns01::services
