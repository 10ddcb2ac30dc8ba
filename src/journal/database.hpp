#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace acme_dns01::journal {

class database;

// One prepared statement. Failures are kept and come out of the last call, so that binding and
// stepping read as one sentence. The text given to bind() need not outlive the call.
class statement {
public:
    statement(database& db, std::string_view sql);
    statement& bind(std::int64_t value);
    statement& bind(std::string_view value);
    statement& bind(std::optional<std::int64_t> value);

    // True when there is a row to read, false at the end.
    result<bool> step();
    // For statements that return no rows.
    result<void> run();

    std::int64_t integer(int column) const;
    std::optional<std::int64_t> optional_integer(int column) const;
    std::string text(int column) const;

private:
    struct finalizer {
        void operator()(sqlite3_stmt* handle) const;
    };
    void note(int code);

    database& database_;
    std::unique_ptr<sqlite3_stmt, finalizer> handle_;
    int next_ = 1;
    int failure_ = 0;
};

// One SQLite database; the only place that knows SQLite. Several processes share the file: each
// statement waits for the others, as long as the purpose is worth.
class database {
public:
    static constexpr int busy_limit_ms = 10'000;
    static constexpr int busy_limit_counting_ms = 1'000;

    enum class purpose {
        lasting,  // what was written is on the disk before the call returns
        counting, // may be lost with the power, and is not worth a long wait
    };

    // error_kind::configuration where the file cannot be opened or is no database.
    static result<database>
    open(std::filesystem::path const& file, purpose what_for = purpose::lasting);
    // True for a failure that says that the file itself is no, or no whole, database.
    static bool is_damage(error const& failure);
    static database in_memory();

    result<void> execute(std::string const& sql);
    std::int64_t last_key() const;
    int changed_rows() const; // by the last statement
    error failure(int code) const;
    std::string const& file() const { return file_; }

private:
    friend class statement;
    struct closer {
        void operator()(sqlite3* handle) const;
    };
    database(std::unique_ptr<sqlite3, closer> handle, std::string file)
        : handle_(std::move(handle)), file_(std::move(file)) {}

    std::unique_ptr<sqlite3, closer> handle_;
    std::string file_;
};

} // namespace acme_dns01::journal
