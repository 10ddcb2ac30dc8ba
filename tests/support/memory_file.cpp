#include "support/memory_file.hpp"

namespace acme_dns01::test {

std::string memory_file::content() const {
    std::fflush(file_.get());
    std::rewind(file_.get());
    std::string text;
    for (int c = std::fgetc(file_.get()); c != EOF; c = std::fgetc(file_.get())) {
        text += static_cast<char>(c);
    }
    return text;
}

} // namespace acme_dns01::test
