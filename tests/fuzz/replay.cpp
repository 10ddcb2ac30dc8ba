#include "fuzz/fuzz.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

// Runs every target on every input that is kept for it. Needs no libFuzzer.

namespace fs = std::filesystem;

namespace {

std::size_t replay(acme_dns01::fuzz::target const& target, fs::path const& folder) {
    std::size_t count = 0;
    for (auto const& file : fs::directory_iterator(folder)) {
        // Before it is read: the last one named is the one that fails.
        std::printf("%s\n", file.path().c_str());
        std::fflush(stdout);
        std::ifstream stream(file.path(), std::ios::binary);
        std::string const input(std::istreambuf_iterator<char>(stream), {});
        target.run(input);
        ++count;
    }
    acme_dns01::fuzz::require(count > 0, "every target has a corpus");
    return count;
}

} // namespace

int main(int argc, char** argv) {
    fs::path const corpus = argc == 2 ? argv[1] : "tests/fuzz/corpus";
    std::size_t count = 0;
    for (auto const& target : acme_dns01::fuzz::targets())
        count += replay(target, corpus / target.name);
    std::printf("%zu inputs\n", count);
}
