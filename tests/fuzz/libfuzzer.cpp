#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

// libFuzzer's side: `fuzz --target=<name> <options and folders of libFuzzer>`.

namespace {

acme_dns01::fuzz::target chosen{};

} // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    constexpr std::string_view option = "--target=";
    for (std::string_view const argument : std::span(*argv, static_cast<std::size_t>(*argc))) {
        if (!argument.starts_with(option)) continue;
        auto const name = argument.substr(option.size());
        auto const all = acme_dns01::fuzz::targets();
        auto const found = std::ranges::find(all, name, &acme_dns01::fuzz::target::name);
        if (found != all.end()) chosen = *found;
    }
    if (chosen.run != nullptr) return 0;
    std::fputs("usage: fuzz --target=<name> ...; the targets are:", stderr);
    for (auto const& target : acme_dns01::fuzz::targets())
        std::fprintf(stderr, " %s", std::string(target.name).c_str());
    std::fputs("\n", stderr);
    std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    chosen.run({reinterpret_cast<char const*>(data), size});
    return 0;
}
