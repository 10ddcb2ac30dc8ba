#include "support/tested.hpp"

#include <cstdlib>

namespace tested {

namespace {

// valgrind/run has scripts start the programs.
std::string unless_set(char const* variable, char const* path) {
    auto const* const other = std::getenv(variable);
    return other != nullptr ? other : path;
}

} // namespace

std::string program() { return unless_set("ACME_DNS01_TESTED_PROGRAM", ACME_DNS01_PROGRAM); }

std::string sandbox() {
    return unless_set("ACME_DNS01_TESTED_SANDBOX", ACME_DNS01_SANDBOX_PROGRAM);
}

std::string hooks() { return ACME_DNS01_HOOKS; }

std::string data_folder() { return ACME_DNS01_TEST_DATA; }

std::string ca_file_library() { return ACME_DNS01_CA_FILE_LIBRARY; }

std::string no_memory_library() { return ACME_DNS01_NO_MEMORY_LIBRARY; }

} // namespace tested
