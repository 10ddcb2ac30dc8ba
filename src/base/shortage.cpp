#include "base/shortage.hpp"

#include <new>

namespace acme_dns01 {

std::string hint_for_shortage(std::error_code const& why) {
    if (why == std::errc::too_many_files_open)
        return "raise the limit on open files (ulimit -n, LimitNOFILE= of a systemd unit)";
    if (why == std::errc::too_many_files_open_in_system)
        return "too many files are open on this host: end other programs, or raise fs.file-max";
    if (why == std::errc::resource_unavailable_try_again)
        return "raise the limit on processes (ulimit -u, TasksMax= of a systemd unit)";
    if (why == std::errc::not_enough_memory || why == std::errc::no_buffer_space)
        return "free some memory, or raise the limit (ulimit -v, MemoryMax= of a systemd unit)";
    return {};
}

error unless_short(error cause, std::error_code const& why) {
    auto hint = hint_for_shortage(why);
    if (hint.empty()) return cause;
    cause.kind = error_kind::unreachable;
    cause.hint = std::move(hint);
    return cause;
}

void require_memory(std::size_t bytes) { ::operator delete(::operator new(bytes)); }

} // namespace acme_dns01
