#include "base/time.hpp"
#include "fuzz/fuzz.hpp"
#include "persist/account_file.hpp"
#include "persist/directory.hpp"
#include "persist/record.hpp"
#include "persist/thumbprint.hpp"
#include "persist/time.hpp"

namespace acme_dns01::fuzz {

namespace {

void require_meaning(std::string_view text) {
    auto const read = persist::parse_record(text);
    require_one_line(read.issuer);
    require_one_line(read.account_uri);
    require_one_line(read.malformed);
    if (read.malformed.empty())
        require(persist::parse_record(persist::to_text(read)) == read, "a record stays");
    if (read.until)
        require_one_line(rfc3339(std::chrono::sys_seconds(std::chrono::seconds(*read.until))));
}

} // namespace

void standing_record(std::string_view input) {
    require_meaning(input);
    auto const joined = persist::text_of_rdata(bytes_of(input));
    if (joined) require_meaning(*joined);
    auto const end = persist::parse_until(input, 0);
    if (end) require(*end > 0, "an end is still to come");
    if (!end) require_failure(end.error(), error_kind::usage);
    auto const meta = persist::meta_in(input);
    if (!meta) require_failure(meta.error(), error_kind::bad_answer);
    auto const account = persist::account_in(input);
    if (account) require_one_line(account->uri);
    if (!account) require_failure(account.error(), error_kind::configuration);
    auto const thumbprint = persist::thumbprint_in(input);
    if (thumbprint) require(thumbprint->size() == 43, "a thumbprint is a SHA-256 digest");
    if (!thumbprint) require_failure(thumbprint.error(), error_kind::configuration);
}

} // namespace acme_dns01::fuzz
