#include "support/mishaps.hpp"

#include "sandbox/fault.hpp"

namespace acme_dns01::test {

using sandbox::behaviour;
using sandbox::local_digitalocean;
using sandbox::parse_fault;

namespace {

mishap at_the_api(std::string const& fault) {
    return {fault, [fault](local_digitalocean& s) { s.inject(parse_fault(fault).value()); }};
}

mishap at_a_name_server(std::string const& name, behaviour how) {
    return {name, [how](local_digitalocean& s) { s.set_behaviour("127.53.0.3", how); }};
}

} // namespace

std::vector<mishap> all_mishaps() {
    std::vector<mishap> all{
        at_the_api("POST delay=20"),
        at_a_name_server("a silent name server", behaviour::silent),
        at_a_name_server("a name server that fails", behaviour::servfail),
        at_a_name_server("a name server that truncates", behaviour::truncating),
        {"a name server that lags",
         [](local_digitalocean& s) { s.set_delay("127.53.0.3", seconds(3)); }},
    };
    for (std::string const method : {"POST", "GET", "DELETE"}) {
        for (std::string const what :
             {"500",
              "503 x3",
              "429",
              "429 retry-after=1",
              "reset-before",
              "reset-after",
              "cut-short",
              "garbage"}) {
            all.push_back(at_the_api(method + " " + what));
        }
    }
    return all;
}

} // namespace acme_dns01::test
