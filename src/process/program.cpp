#include "process/program.hpp"

#include "base/text.hpp"

#include <sys/wait.h>
#include <unistd.h>

namespace acme_dns01 {

std::string program_file(std::string const& called, std::string_view path) {
    if (called.find('/') != std::string::npos) return called;
    for (auto const& folder : split(path, ":")) {
        auto file = folder + "/" + called;
        if (::access(file.c_str(), X_OK) == 0) return file;
    }
    return called;
}

std::vector<std::string> entries_of(environment_variables const& environment) {
    std::vector<std::string> entries;
    for (auto const& [name, value] : environment)
        entries.push_back(name + "=" + value);
    return entries;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

int status_from(int waited) {
    if (WIFEXITED(waited)) return WEXITSTATUS(waited);
    return 128 + WTERMSIG(waited);
}

} // namespace acme_dns01
