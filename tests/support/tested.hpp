#pragma once

#include <string>

// Where this build has put what is tested. Functions, so that only one file's command line names
// the build folder: the others' can be taken from a compiler cache.
namespace tested {

std::string program();         // acme-dns01
std::string sandbox();         // acme-dns01-sandbox
std::string hooks();           // the folder of the scripts for ACME clients
std::string data_folder();     // tests/integration/data
std::string ca_file_library(); // of preload/, for LD_PRELOAD

} // namespace tested
