#pragma once

#include "base/error.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace acme_dns01::journal {

class database;

// A moment as a number in a table: milliseconds since 1970. Nothing for a number that is no moment,
// since a damaged file may hold any.
std::int64_t to_integer(std::chrono::system_clock::time_point moment);
std::optional<std::chrono::system_clock::time_point> to_moment(std::int64_t number);

// One prepared statement with its values. A failure to prepare or to bind is kept and comes out of
// step() and run(). Texts are copied.
class statement {
public:
    template <class... Values>
    statement(database& db, std::string_view sql, Values const&... values) : database_(db) {
        prepare(sql);
        (bind(values), ...);
    }
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
    void prepare(std::string_view sql);
    void note(int code);

    database& database_;
    std::unique_ptr<sqlite3_stmt, finalizer> handle_;
    int next_ = 1;
    int failure_ = 0;
};

// One SQLite database; the only place that knows SQLite. Several processes share the file: each
// statement waits for the others, as long as the purpose justifies.
class database {
public:
    static constexpr int busy_limit_ms = 10'000;
    static constexpr int busy_limit_counting_ms = 1'000;
    static constexpr int busy_limit_again_ms = 100; // once a wait was in vain

    enum class purpose {
        lasting,  // a write is on the disk before the call returns
        planning, // a write may be lost with the power
        counting, // the same, and it is not worth a long wait
    };

    // error_kind::configuration if the file cannot be opened or is not a database.
    static result<database>
    open(std::filesystem::path const& file, purpose what_for = purpose::lasting);
    // For a file that may be lost: one that is damaged is replaced by an empty one with these
    // tables.
    static result<database>
    open_or_replace(std::filesystem::path const& file, purpose what_for, char const* tables);
    // True if the failure says that the file is damaged or is not a database.
    static bool is_damage(error const& failure);
    static database in_memory();

    result<void> execute(std::string const& sql);
    // Reads every page. A failure is damage.
    result<void> check_pages();
    // One statement that returns no rows.
    template <class... Values>
    result<void> run(std::string_view sql, Values const&... values) {
        return statement(*this, sql, values...).run();
    }
    // Either all changes that `work` makes are kept or, if it returns a failure, none. Within
    // `work`, another call does the same for its own part.
    result<void> in_transaction(std::function<result<void>()> const& work);
    bool is_in_transaction() const;
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
    result<void> in_savepoint(std::function<result<void>()> const& work);

    std::unique_ptr<sqlite3, closer> handle_;
    std::string file_;
};

} // namespace acme_dns01::journal
