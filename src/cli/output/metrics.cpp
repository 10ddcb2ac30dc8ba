#include "cli/output/metrics.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace acme_dns01::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t label_max = 4000;

// Quotes and backslashes; control characters are made printable.
std::string label_text(std::string_view text) {
    std::string escaped;
    for (auto const c : printable(text, label_max)) {
        if (c == '"' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string labels_text(sample const& s) {
    std::string text;
    for (auto const& [name, value] : s.labels)
        text += (text.empty() ? "" : ",") + std::string(name) + "=\"" + label_text(value) + "\"";
    return text.empty() ? text : "{" + text + "}";
}

std::string value_text(double value) { return decimal(value, value == std::floor(value) ? 0 : 3); }

error not_written(std::string const& file, std::string const& why) {
    return {
        .kind = error_kind::configuration,
        .message = "the metrics file " + file + " cannot be written: " + why,
        .hint = "name a file in a folder that you may write to, such as "
                "/var/lib/prometheus/node-exporter/acme-dns01.prom",
    };
}

// Where another user may put a link, it could lead to any file that we may write to.
bool has_unsafe_link(std::string const& file) {
    std::error_code ec;
    fs::path at;
    for (auto const& part : fs::absolute(file, ec)) {
        at /= part;
        auto const is_link = fs::is_symlink(fs::symlink_status(at, ec));
        if (is_link && !check_owners("", at)) return true;
    }
    return false;
}

// Removed when it goes, unless it has taken the place of the other.
class new_file {
public:
    explicit new_file(fs::path const& beside) : name_(beside.string() + ".XXXXXX") {
        number_ = ::mkostemp(name_.data(), O_CLOEXEC);
        check(number_ >= 0);
    }
    new_file(new_file const&) = delete;
    new_file& operator=(new_file const&) = delete;
    ~new_file() {
        if (number_ >= 0) ::close(number_);
        if (number_ >= 0 && !is_renamed_) ::unlink(name_.c_str());
    }

    void write(std::string_view text) {
        while (!failure_ && !text.empty()) {
            auto const size = ::write(number_, text.data(), text.size());
            if (size < 0 && errno == EINTR) continue;
            check(size >= 0);
            text.remove_prefix(size < 0 ? 0 : static_cast<std::size_t>(size));
        }
    }

    std::error_code take_place_of(fs::path const& other) {
        constexpr mode_t for_everybody = 0644;
        if (!failure_) check(::fchmod(number_, for_everybody) == 0);
        if (!failure_) check(::fsync(number_) == 0);
        if (!failure_) check(::rename(name_.c_str(), other.c_str()) == 0);
        is_renamed_ = !failure_;
        return failure_;
    }

private:
    void check(bool is_done) {
        if (!is_done) failure_.assign(errno, std::generic_category());
    }

    std::string name_;
    int number_ = -1;
    bool is_renamed_ = false;
    std::error_code failure_;
};

} // namespace

std::string metrics_text(std::vector<metric_family> const& families) {
    std::string text;
    for (auto const& f : families) {
        if (f.samples.empty()) continue;
        auto const name = std::string(f.name);
        text += "# HELP " + name + " " + std::string(f.help) + "\n# TYPE " + name + " gauge\n";
        std::set<std::string> seen;
        for (auto const& s : f.samples) {
            auto const labels = labels_text(s);
            if (seen.insert(labels).second)
                text += name + labels + " " + value_text(s.value) + "\n";
        }
    }
    return text;
}

metric_family run_metric(std::chrono::system_clock::time_point now) {
    auto const time = std::chrono::system_clock::to_time_t(now);
    return {
        "acme_dns01_run_timestamp_seconds",
        "When this file was written, in seconds since 1970.",
        {{{}, static_cast<double>(time)}}};
}

result<void> write_metrics(std::string const& file, std::vector<metric_family> const& families) {
    std::error_code ec;
    auto const status = fs::status(file, ec);
    if (fs::exists(status) && !fs::is_regular_file(status))
        return not_written(file, "it is no regular file");
    if (has_unsafe_link(file))
        return not_written(file, "another user could change a link on the way to it");
    auto const real = fs::exists(status) ? fs::canonical(file, ec) : fs::path(file);
    new_file beside(real);
    beside.write(metrics_text(families));
    auto const failure = beside.take_place_of(real);
    return failure ? not_written(file, failure.message()) : result<void>();
}

} // namespace acme_dns01::cli
