#include "preflight/write_test.hpp"

#include "base/text.hpp"

#include <random>

namespace acme_dns01::preflight {

namespace {

constexpr auto see_records =
    "acme-dns01 status shows what is left, and acme-dns01 sweep removes it";

std::string random_text(std::string_view alphabet, std::size_t length) {
    std::random_device device;
    std::string text;
    for (std::size_t i = 0; i < length; ++i)
        text += alphabet[device() % alphabet.size()];
    return text;
}

// As an ACME client's look.
std::string random_value() {
    constexpr std::size_t length = 43;
    return random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);
}

finding failed(check_id check, dns::name const& zone, std::string const& what, error const& e) {
    return wrong(check, in_context(what + " in zone " + zone.text(), e), see_records);
}

} // namespace

std::string probe_domain(dns::name const& zone) {
    constexpr std::size_t length = 12;
    auto const random = random_text("abcdefghijklmnopqrstuvwxyz", length);
    return "acme-dns01-check-" + random + "." + zone.text();
}

findings check_propagation(dns::name const& zone, challenge::propagation_report const& report) {
    std::vector<std::string> times;
    for (auto const& s : report.servers) {
        auto const took = s.state == challenge::server_state::serving
                              ? decimal(s.seconds, 2) + " s"
                              : std::string(to_string(s.state));
        times.push_back(s.server + " (" + s.address + ") " + took);
    }
    auto const evidence = joined(times, ", ");
    auto const message = "a record created in zone " + zone.text() +
                         " was on every name server that answers after " +
                         decimal(report.elapsed, 2) + " s, and was removed";
    auto f = well(check_id::servers, message, evidence);
    f.is_asked_for = true;
    return {f};
}

boost::asio::awaitable<findings> write_test(writing by, dns::name zone) {
    findings found;
    auto const c = challenge::make_challenge(probe_domain(zone), random_value());
    auto const may = c ? by.allow.check(*c) : result<void>(c.error());
    if (!may) {
        found.push_back(doubtful(
            check_id::zone, "nothing was written: " + may.error().message, "", may.error().hint
        ));
        co_return found;
    }
    challenge::presentation wanted;
    wanted.challenges = {*c};
    wanted.owner = by.owner;
    wanted.ttl = by.ttl;
    wanted.undoes_failures = true;
    auto const created = co_await by.presenter.present(wanted);
    for (auto const& failure : created.failures)
        found.push_back(failed(check_id::zone, zone, "creating a record", failure));
    if (!found.empty()) co_return found;
    auto const targets = challenge::targets_of(created.made);
    auto const report = co_await by.wait(targets);
    auto const removed = co_await by.cleaner.remove(*c);
    if (report) found = check_propagation(zone, *report);
    if (!report)
        found.push_back(failed(check_id::servers, zone, "awaiting a record", report.error()));
    if (!removed)
        found.push_back(failed(check_id::zone, zone, "removing a record", removed.error()));
    co_return found;
}

} // namespace acme_dns01::preflight
