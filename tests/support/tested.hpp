#pragma once

#include <string>

// The paths of the files under test. They are functions, so that the build folder is named in the
// command line of one file alone, and a compiler cache serves all others.
namespace tested {

std::string program();     // acme-dns01
std::string sandbox();     // acme-dns01-sandbox
std::string hooks();       // the folder of the scripts for ACME clients
std::string data_folder(); // tests/integration/data
// Of preload/, for LD_PRELOAD.
std::string ca_file_library();
std::string no_memory_library();

} // namespace tested
