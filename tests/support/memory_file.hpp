#pragma once

#include <cstdio>
#include <memory>
#include <string>

namespace acme_dns01::test {

struct file_closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using file_ptr = std::unique_ptr<std::FILE, file_closer>;

// A stream whose content can be read while it is written.
class memory_file {
public:
    std::FILE* get() const { return file_.get(); }
    std::string content() const;

private:
    file_ptr file_{std::tmpfile()};
};

} // namespace acme_dns01::test
