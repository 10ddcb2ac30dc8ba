#include "cli/options/command_line.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace acme_dns01::cli {

namespace {

// The clients' arguments are their own, whatever they look like: options end with the hook's name.
void end_options_at_hook(std::vector<std::string>& arguments) {
    constexpr std::array<std::string_view, 3> protocols{"dehydrated", "lego", "uacme"};
    auto const end = std::ranges::find(arguments, "--");
    auto const hook = std::find(arguments.begin(), end, "hook");
    if (hook == end || std::next(hook) == end) return;
    auto const name = std::next(hook);
    if (std::ranges::count(protocols, *name) > 0) arguments.insert(std::next(name), "--");
}

// Where an option may do without its argument, the next word is the argument if it names a folder.
void attach_folder(std::vector<std::string>& arguments) {
    auto const end = std::ranges::find(arguments, "--");
    auto const option = std::find(arguments.begin(), end, "--certbot");
    if (option == end || std::next(option) == end) return;
    auto const folder = std::next(option);
    if (folder->starts_with('-') || folder->find('/') == std::string::npos) return;
    *option += "=" + *folder;
    arguments.erase(folder);
}

} // namespace

std::vector<std::string> unambiguous(std::vector<std::string> arguments) {
    end_options_at_hook(arguments);
    attach_folder(arguments);
    return arguments;
}

std::size_t words_behind_options(std::vector<std::string> const& arguments) {
    auto const end = std::ranges::find(arguments, "--");
    auto const behind = static_cast<std::size_t>(arguments.end() - end);
    return behind == 0 ? 0 : behind - 1;
}

} // namespace acme_dns01::cli
