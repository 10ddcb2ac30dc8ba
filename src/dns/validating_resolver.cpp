#include "dns/validating_resolver.hpp"

#include "base/text.hpp"
#include "dns/unbound.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace acme_dns01::dns {

namespace asio = boost::asio;

BOOST_DESCRIBE_ENUM(dnssec, secure, insecure, bogus, unknown)

namespace {

// A forwarder is near, and has answered by then even if it has to ask the root first.
constexpr std::chrono::seconds forwarder_patience{3};

// All validation begins with it, so that its answer is of use to the forwarder's cache as well.
question root_keys() { return {name(), record_type::dnskey}; }

std::vector<std::vector<std::uint8_t>> data_of(ub_result const& r) {
    std::vector<std::vector<std::uint8_t>> all;
    for (std::size_t i = 0; r.havedata != 0 && r.data[i] != nullptr; ++i) {
        auto const* const bytes = reinterpret_cast<std::uint8_t const*>(r.data[i]);
        all.emplace_back(bytes, bytes + r.len[i]);
    }
    return all;
}

dnssec status_of(ub_result const& r) {
    if (r.bogus != 0) return dnssec::bogus;
    return r.secure != 0 ? dnssec::secure : dnssec::insecure;
}

// No records, and none in the authority section, whose count is in the header (RFC 1035 4.1.1).
bool lacks_soa(ub_result const& r) {
    constexpr int header_size = 12;
    if (r.havedata != 0) return false;
    if (r.answer_packet == nullptr || r.answer_len < header_size) return true;
    auto const* const header = static_cast<std::uint8_t const*>(r.answer_packet);
    return header[8] == 0 && header[9] == 0;
}

std::string failure_of(ub_result const& r, response_code code) {
    if (r.bogus != 0) return r.why_bogus != nullptr ? r.why_bogus : "it does not validate";
    if (code == response_code::noerror || code == response_code::nxdomain) return {};
    if (code == response_code::servfail) return "SERVFAIL: no name server gave a usable answer";
    return to_string(code);
}

// A name outside our alphabet, such as one with a space in it, can hold records, too.
name canonical_name(ub_result const& r, name const& asked) {
    if (r.canonname == nullptr || *r.canonname == '\0') return asked;
    auto const found = name::parse(r.canonname);
    return found ? *found : asked;
}

validated failed(name const& asked, std::string why) {
    validated v;
    v.code = response_code::servfail;
    v.found_at = asked;
    v.failure = std::move(why);
    return v;
}

std::string within(clock::duration patience) {
    return "no answer within " + decimal(seconds(patience).count(), 1) + " s";
}

validated no_answer(name const& asked, clock::duration patience) {
    return failed(asked, within(patience));
}

validated validated_from(ub_result const& r, name const& asked) {
    validated v;
    v.code = static_cast<response_code>(r.rcode);
    v.found_at = canonical_name(r, asked);
    v.failure = failure_of(r, v.code);
    // A failure proves nothing, unless it is that of the signatures.
    v.status = v.failure.empty() || r.bogus != 0 ? status_of(r) : dnssec::unknown;
    if (v.failure.empty()) v.data = data_of(r);
    v.lacks_soa = v.failure.empty() && lacks_soa(r);
    return v;
}

// The answer of libunbound, once there is a place. Takes copies: the resolver need not outlive what
// it is asked.
asio::awaitable<unbound_answer> answer_from(
    std::shared_ptr<unbound> library,
    async_semaphore places,
    question asked,
    clock::duration patience
) {
    // No deadline: those in front have one each.
    auto const no_deadline = deadline(clock::time_point::max());
    auto const place = co_await places.enter(no_deadline);
    if (!place) co_return unbound_answer();
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    auto const until = deadline(clock::now() + patience);
    auto answer = co_await library->ask(asked, until);
    co_return answer;
}

asio::awaitable<validated> answer_of(
    asio::awaitable<unbound_answer> asking, bool validates, question asked, clock::duration patience
) {
    auto const answer = co_await std::move(asking);
    if (!answer.came) co_return no_answer(asked.asked, patience);
    if (!answer.result) co_return failed(asked.asked, ub_strerror(answer.error));
    auto v = validated_from(*answer.result, asked.asked);
    if (!validates) v.status = dnssec::unknown;
    co_return v;
}

async_result<message> message_of(asio::awaitable<unbound_answer> asking, clock::duration patience) {
    auto const answer = co_await std::move(asking);
    error failure{.kind = error_kind::dns_failure, .message = within(patience)};
    if (answer.came && answer.error != UB_NOERROR) failure.message = ub_strerror(answer.error);
    if (!answer.came || !answer.result || answer.result->answer_packet == nullptr)
        co_return failure;
    auto const* const wire = static_cast<std::uint8_t const*>(answer.result->answer_packet);
    auto const size = static_cast<std::size_t>(answer.result->answer_len);
    co_return from_wire(std::span(wire, size));
}

// The result of one direct question to the forwarders.
struct forwarder_check {
    std::string failure; // why none answers; empty if one does
    bool strips_signatures = false;
};

bool is_servfail(message const& m) { return m.code == response_code::servfail; }

bool holds_signatures(message const& m) {
    auto const is_signature = [](record const& r) { return r.type == record_type::rrsig; };
    return std::ranges::any_of(m.answer, is_signature);
}

// A SERVFAIL may pass and says nothing about signatures: then they are expected.
asio::awaitable<forwarder_check> check_forwarders(std::vector<endpoint> forwarders) {
    ask_options const options{
        .recursion_desired = true, .patience = forwarder_patience, .dnssec_ok = true};
    std::function<bool(message const&)> const is_useful = [](message const& m) {
        return !is_servfail(m);
    };
    auto const came = co_await first_answer(forwarders, root_keys(), options, is_useful);
    forwarder_check found;
    std::vector<std::string> failures;
    for (auto const& r : came) {
        if (!r.answer) failures.push_back(r.answer.error().message);
        if (r.answer && !is_servfail(*r.answer))
            found.strips_signatures = !holds_signatures(*r.answer);
    }
    if (failures.size() == came.size()) found.failure = joined(failures, ", and ");
    co_return found;
}

std::string list_of(std::vector<endpoint> const& servers) {
    std::vector<std::string> texts;
    for (auto const& server : servers)
        texts.push_back(to_string(server));
    return joined(texts, ", ");
}

error no_forwarder_answers(std::string const& why) {
    return {
        .kind = error_kind::dns_failure,
        .message = "the " + why,
        .hint =
            "use --resolver to name a resolver that answers, or leave it out to ask from the root",
    };
}

error nothing_answers(std::vector<endpoint> const& system_resolvers) {
    auto const others =
        system_resolvers.empty()
            ? std::string("the system has no resolvers")
            : "the system's resolvers (" + list_of(system_resolvers) + ") do not answer";
    return {
        .kind = error_kind::dns_failure,
        .message = "the DNS root cannot be reached, and " + others,
        .hint = "allow outgoing traffic to port 53, or name a resolver with --resolver",
    };
}

result<validating_resolver>
make_resolver(asio::any_io_executor executor, validating_settings const& settings) {
    auto library = unbound::make(executor, settings);
    if (!library) return library.error();
    return validating_resolver(executor, std::move(*library), settings.validates);
}

std::string fallback_note(std::vector<endpoint> const& system_resolvers) {
    return "the DNS root cannot be reached: the system's resolvers (" + list_of(system_resolvers) +
           ") are asked instead, and their caches may differ from what the CA will see";
}

} // namespace

std::string_view to_string(dnssec status) { return boost::describe::enum_to_string(status, ""); }

validating_resolver::validating_resolver(
    asio::any_io_executor executor, std::shared_ptr<unbound> library, bool validates
)
    : library_(std::move(library)), places_(executor, at_once_max), validates_(validates) {}

asio::awaitable<validated>
validating_resolver::look_up(question asked, clock::duration patience) const {
    auto asking = answer_from(library_, places_, asked, patience);
    return answer_of(std::move(asking), validates_, std::move(asked), patience);
}

async_result<message>
validating_resolver::whole_answer(question asked, clock::duration patience) const {
    return message_of(answer_from(library_, places_, std::move(asked), patience), patience);
}

async_result<reachable_resolver> find_resolver(
    asio::any_io_executor executor,
    validating_settings wanted,
    std::vector<endpoint> otherwise,
    clock::duration patience
) {
    // A file that cannot be used is reported before anything is asked.
    auto const anchor = check_trust_anchor_file(wanted.trust_anchor_file);
    if (!anchor) co_return anchor.error();
    reachable_resolver found;
    auto const falls_back = wanted.forward_to.empty();
    if (falls_back) {
        auto recursive = make_resolver(executor, wanted);
        if (!recursive) co_return recursive.error();
        auto const keys = co_await recursive->look_up(root_keys(), patience);
        found.resolver = std::move(*recursive);
        // Bogus keys are an answer, too: what follows will say so.
        if (keys.failure.empty() || keys.status == dnssec::bogus) co_return found;
        if (otherwise.empty()) co_return nothing_answers(otherwise);
        wanted.forward_to = otherwise;
        found.note = fallback_note(otherwise);
    }
    auto const check = co_await check_forwarders(wanted.forward_to);
    if (!check.failure.empty() && falls_back) co_return nothing_answers(otherwise);
    if (!check.failure.empty()) co_return no_forwarder_answers(check.failure);
    // With a trust anchor file the user vouches for signatures.
    wanted.validates = !wanted.trust_anchor_file.empty() || !check.strips_signatures;
    auto forwarding = make_resolver(executor, wanted);
    if (!forwarding) co_return forwarding.error();
    found.resolver = std::move(*forwarding);
    co_return found;
}

} // namespace acme_dns01::dns
