#include "dns/validating_resolver.hpp"

#include "base/background_tasks.hpp"
#include "base/semaphore.hpp"
#include "base/text.hpp"
#include "dns/refusal.hpp"
#include "dns/trust_anchor.hpp"
#include "dns/unbound.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <optional>
#include <utility>

namespace acme_dns01::dns {

namespace asio = boost::asio;

namespace {

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

constexpr int header_size = 12;

// One of the four numbers of records in the header (RFC 1035 4.1.1).
std::size_t in_header(ub_result const& r, std::size_t at) {
    if (r.answer_packet == nullptr || r.answer_len < header_size) return 0;
    auto const* const header = static_cast<std::uint8_t const*>(r.answer_packet);
    return static_cast<std::size_t>(header[at]) << 8 | header[at + 1];
}

constexpr std::size_t answers = 6;
constexpr std::size_t authorities = 8;

bool lacks_soa(ub_result const& r) { return r.havedata == 0 && in_header(r, authorities) == 0; }

std::string failure_of(ub_result const& r, response_code code) {
    if (r.bogus != 0) return r.why_bogus != nullptr ? r.why_bogus : "it does not validate";
    if (code == response_code::noerror || code == response_code::nxdomain) return {};
    if (code == response_code::servfail) return "SERVFAIL: no name server gave a usable answer";
    return to_string(code);
}

// A name that is none to us, such as one with a space in it, can hold records all the same.
name canonical_name(ub_result const& r, name const& asked) {
    if (r.canonname == nullptr || *r.canonname == '\0') return asked;
    auto const found = name::parse(r.canonname);
    return found ? *found : asked;
}

validated not_answered(name const& asked, std::string why) {
    validated v;
    v.code = response_code::servfail;
    v.found_at = asked;
    v.failure = std::move(why);
    return v;
}

validated silence(name const& asked, clock::duration patience) {
    auto const time = decimal(seconds(patience).count(), 1);
    auto v = not_answered(asked, "no answer within " + time + " s");
    v.is_silence = true;
    return v;
}

validated refused(name const& asked, std::string const& why) {
    auto v = not_answered(asked, why);
    v.is_silence = true;
    return v;
}

validated validated_from(ub_result const& r, name const& asked) {
    validated v;
    v.code = static_cast<response_code>(r.rcode);
    v.found_at = canonical_name(r, asked);
    v.failure = failure_of(r, v.code);
    // What failed was not proven to be anything.
    v.status = v.failure.empty() || r.bogus != 0 ? status_of(r) : dnssec::unknown;
    if (v.failure.empty()) v.data = data_of(r);
    v.lacks_soa = v.failure.empty() && lacks_soa(r);
    return v;
}

// More records came than those of the type that was asked for: signatures, as it asks for them.
bool holds_signatures(ub_result const& r) {
    return r.havedata != 0 && in_header(r, answers) > data_of(r).size();
}

// That tells nothing of the servers, and may pass.
bool fails_for_now(unbound_answer const& a) {
    return a.result && static_cast<response_code>(a.result->rcode) == response_code::servfail;
}

question root_keys() { return {name(), record_type::dnskey}; }

// A host that is there says so within that, and what is farther away costs the usual time.
constexpr std::chrono::seconds refusal_patience{1};

// Everybody inside leaves in time.
auto const no_deadline = deadline(clock::time_point::max());

} // namespace

std::string_view to_string(dnssec status) {
    switch (status) {
    case dnssec::secure:
        return "secure";
    case dnssec::insecure:
        return "insecure";
    case dnssec::bogus:
        return "bogus";
    case dnssec::unknown:
        break;
    }
    return "unknown";
}

class validating_resolver::context {
public:
    context(
        asio::any_io_executor executor,
        std::vector<endpoint> forwarders,
        std::shared_ptr<unbound> strict,
        std::shared_ptr<unbound> credulous
    )
        : forwarders_(std::move(forwarders))
        , gate_(executor, at_once_max)
        , learning_(executor, 1)
        , strict_(std::move(strict))
        , credulous_(std::move(credulous))
        , beside_(executor) {}

    bool validates() const { return signatures_come_.value_or(true); }
    std::string const& refusal() const { return refusal_; }

    static asio::awaitable<validated>
    look_up(std::shared_ptr<context> self, question asked, clock::duration patience);

private:
    asio::awaitable<void> learn(deadline until);
    static asio::awaitable<bool> watch(std::weak_ptr<context> self, std::vector<endpoint> servers);
    void give_up(std::string why);

    std::vector<endpoint> forwarders_;
    async_semaphore gate_;
    async_semaphore learning_;
    std::shared_ptr<unbound> strict_;
    // Without trust anchors; none where what does not validate is to fail.
    std::shared_ptr<unbound> credulous_;
    std::optional<bool> signatures_come_;
    std::string refusal_;
    bool is_watched_ = false;
    background_tasks beside_;
};

// Beside the first look-up. The library does not hear that nobody listens there, and would ask
// again for as long as patience lasts.
asio::awaitable<bool>
validating_resolver::context::watch(std::weak_ptr<context> self, std::vector<endpoint> servers) {
    std::vector<std::string> refusals;
    for (auto const& server : servers) {
        auto const ec = co_await refusal_by(server, root_keys(), refusal_patience);
        if (!ec) co_return false;
        refusals.push_back(to_string(server) + " cannot be reached: " + ec.message());
    }
    auto const still_there = self.lock();
    if (still_there) still_there->give_up("the resolver " + joined(refusals, ", and "));
    co_return true;
}

void validating_resolver::context::give_up(std::string why) {
    refusal_ = std::move(why);
    strict_->give_up();
    if (credulous_) credulous_->give_up();
}

// Once, by whoever comes first; the next in the queue takes over where it was given up.
asio::awaitable<void> validating_resolver::context::learn(deadline until) {
    auto const turn = co_await learning_.enter(until);
    if (!turn || signatures_come_) co_return;
    auto const answer = co_await credulous_->ask(root_keys(), until);
    if (!answer.came || fails_for_now(answer)) co_return;
    signatures_come_ = answer.result && holds_signatures(*answer.result);
}

asio::awaitable<validated> validating_resolver::context::look_up(
    std::shared_ptr<context> self, question asked, clock::duration patience
) {
    auto const place = co_await self->gate_.enter(no_deadline);
    if (!place) co_return silence(asked.asked, patience);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    auto const until = deadline(clock::now() + patience);
    if (!self->forwarders_.empty() && !std::exchange(self->is_watched_, true))
        self->beside_.start(watch(self, self->forwarders_));
    if (self->credulous_ && !self->signatures_come_) co_await self->learn(until);
    auto const is_strict = self->validates();
    auto const asker = is_strict ? self->strict_ : self->credulous_;
    auto const answer = co_await asker->ask(asked, until);
    if (!self->refusal_.empty()) co_return refused(asked.asked, self->refusal_);
    if (!answer.came) co_return silence(asked.asked, patience);
    if (!answer.result) co_return not_answered(asked.asked, ub_strerror(answer.error));
    auto v = validated_from(*answer.result, asked.asked);
    if (!is_strict) v.status = dnssec::unknown;
    co_return v;
}

result<validating_resolver>
validating_resolver::make(asio::any_io_executor executor, validating_settings const& settings) {
    unbound_settings u;
    for (auto const& server : settings.forward_to)
        u.forward_to.push_back(server.address().to_string() + "@" + std::to_string(server.port()));
    std::shared_ptr<unbound> credulous;
    auto const is_built_in = settings.trust_anchor_file.empty();
    if (is_built_in && !u.forward_to.empty()) {
        auto made = unbound::make(executor, u);
        if (!made) return made.error();
        credulous = std::move(*made);
    }
    if (is_built_in) u.trust_anchors = root_trust_anchors();
    if (!is_built_in) {
        auto const checked = check_trust_anchor_file(settings.trust_anchor_file);
        if (!checked) return checked.error();
        u.trust_anchor_file = settings.trust_anchor_file;
    }
    auto strict = unbound::make(executor, u);
    if (!strict) return strict.error();
    return validating_resolver(std::make_shared<context>(
        executor, settings.forward_to, std::move(*strict), std::move(credulous)
    ));
}

validating_resolver::validating_resolver(std::shared_ptr<context> c) : context_(std::move(c)) {}
validating_resolver::validating_resolver(validating_resolver&&) noexcept = default;
validating_resolver& validating_resolver::operator=(validating_resolver&&) noexcept = default;
validating_resolver::~validating_resolver() = default;

asio::awaitable<validated>
validating_resolver::look_up(question asked, clock::duration patience) const {
    return context::look_up(context_, std::move(asked), patience);
}

asio::awaitable<validated> validating_resolver::keys_of_root(clock::duration patience) const {
    return look_up(root_keys(), patience);
}

bool validating_resolver::validates() const { return context_->validates(); }

std::string validating_resolver::refusal() const { return context_->refusal(); }

} // namespace acme_dns01::dns
