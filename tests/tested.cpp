#include "support/tested.hpp"

#include <cstdlib>

namespace tested {

// valgrind/run has a script start it.
std::string program() {
    auto const* const other = std::getenv("ACME_DNS01_TESTED_PROGRAM");
    return other != nullptr ? other : ACME_DNS01_PROGRAM;
}

std::string sandbox() { return ACME_DNS01_SANDBOX_PROGRAM; }

std::string hooks() { return ACME_DNS01_HOOKS; }

std::string data_folder() { return ACME_DNS01_TEST_DATA; }

std::string ca_file_library() { return ACME_DNS01_CA_FILE_LIBRARY; }

std::string no_memory_library() { return ACME_DNS01_NO_MEMORY_LIBRARY; }

} // namespace tested
