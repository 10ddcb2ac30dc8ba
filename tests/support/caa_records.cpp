#include "support/caa_records.hpp"

namespace acme_dns01::test {

digitalocean::record
caa_record(std::string const& name, std::string const& data, std::string const& tag, int flags) {
    digitalocean::record r;
    r.type = "CAA";
    r.name = name;
    r.data = data;
    r.ttl = 1800;
    r.flags = flags;
    r.tag = tag;
    return r;
}

} // namespace acme_dns01::test
