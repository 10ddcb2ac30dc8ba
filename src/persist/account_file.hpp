#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace acme_dns01::persist {

// The ACME account that a client has stored: the text of certbot's regr.json, acme.sh's ca.conf,
// dehydrated's account_id.json or lego's account.json.
struct stored_account {
    std::string uri;
    std::string key_files; // beside the file, separated by '|': the first that is there has the key
};

// error_kind::configuration for a text of no such file; the message lacks its subject.
result<stored_account> account_in(std::string_view text);

// Reads such a file. error_kind::configuration with its name where that fails.
result<stored_account> read_account(std::string const& file);

// The thumbprint of the account's key, from the client's files beside this one. Their private
// members are not used. error_kind::configuration if no such file can be read.
result<std::string> read_thumbprint(std::string const& file, stored_account const& stored);

} // namespace acme_dns01::persist
