#include "dns/unbound.hpp"

#include "base/file.hpp"
#include "base/shortage.hpp"
#include "base/text.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <new>
#include <stdexcept>
#include <system_error>

namespace acme_dns01::dns {

namespace asio = boost::asio;

namespace {

constexpr int class_in = 1;

struct option {
    char const* name;
    char const* value;
};

// As close as possible to what is published of Let's Encrypt's own configuration: only what a zone
// says itself counts, to the second, and nothing is concluded from other answers.
constexpr option resolution[] = {
    {"edns-buffer-size:", "1232"},
    {"qname-minimisation:", "no"},
    {"harden-below-nxdomain:", "no"},
    {"harden-dnssec-stripped:", "yes"},
    {"aggressive-nsec:", "no"},
    {"val-sig-skew-min:", "0"},
    {"val-sig-skew-max:", "0"},
    {"target-fetch-policy:", "0 0 0 0 0"},
};

// Enough for one run: a few hundred questions in flight, some megabytes of answers.
constexpr option limits[] = {
    {"outgoing-range:", "256"},
    {"outgoing-num-tcp:", "32"},
    {"num-queries-per-thread:", "512"},
    {"msg-cache-size:", "4m"},
    {"rrset-cache-size:", "8m"},
    {"key-cache-size:", "2m"},
    {"neg-cache-size:", "1m"},
    {"infra-cache-numhosts:", "4000"},
};

// A forwarder that is silent about one domain may answer about the next: the first one's servers
// may be down. So what is known of it is forgotten every second, before the library gives it up for
// all questions. Each try lasts as long as a resolver with an empty cache may need.
constexpr option patience_with_forwarders[] = {
    {"infra-host-ttl:", "0"},
    {"infra-keep-probing:", "yes"},
    {"unknown-server-time-limit:", "2000"},
};

// Zones outside the public DNS that libunbound would answer for itself (RFC 6761, RFC 8375).
constexpr char const* asked_for_real[] = {"test.", "invalid.", "home.arpa."};

bool has_ipv6() {
    // The address of f.root-servers.net; nothing is sent.
    return has_route({asio::ip::make_address("2001:500:2f::f"), 53});
}

void demand(int status, char const* what) {
    if (status == UB_NOERROR) return;
    if (status == UB_NOMEM) throw std::bad_alloc();
    throw std::runtime_error("libunbound: " + std::string(what) + ": " + ub_strerror(status));
}

// As IANA publishes them (https://data.iana.org/root-anchors/): DS records of the root's key of
// 2017, and of that of 2024, which signs from 2026 on.
constexpr char const* root_trust_anchors[] = {
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16"};

// The root's is 1 KB.
constexpr std::size_t trust_anchor_file_size_max = 1024UL * 1024UL;

error unusable_trust_anchor(std::string const& file, std::string_view why) {
    return {
        .kind = error_kind::configuration,
        .message =
            "trust anchor file " + printable(file, 200) + " cannot be used: " + std::string(why),
        .hint = "name a file with DS or DNSKEY records in zone file format, or omit the option to "
                "use the root's, which are built in",
    };
}

// A DS or DNSKEY record in presentation format; libunbound checks the rest.
bool holds_trust_anchor(std::string_view text) {
    auto const is_type = [](std::string const& word) {
        auto const type = lower(word);
        return type == "ds" || type == "dnskey";
    };
    return std::ranges::any_of(split(text, "\n"), [&](std::string const& line) {
        return std::ranges::any_of(split(line.substr(0, line.find(';')), " \t"), is_type);
    });
}

} // namespace

result<void> check_trust_anchor_file(std::string const& file) {
    if (file.empty()) return {};
    auto const safe = check_owners("the trust anchor file", file);
    if (!safe) return safe.error();
    std::error_code ec;
    auto const content = text_of_file(file, trust_anchor_file_size_max, ec);
    if (ec == std::errc::file_too_large)
        return unusable_trust_anchor(file, "it is larger than 1 MiB");
    if (ec) return unless_short(unusable_trust_anchor(file, ec.message()), ec);
    if (holds_trust_anchor(content)) return {};
    return unusable_trust_anchor(file, "it holds no DS or DNSKEY record");
}

struct unbound::pending {
    explicit pending(unbound& u) : asker(u), done(u.executor_) {}
    pending(pending const&) = delete;
    pending& operator=(pending const&) = delete;
    ~pending() {
        if (!is_sent) return;
        if (!answer.came) ub_cancel(asker.context_.get(), id);
        // With nothing to wait for, the event loop may end.
        if (--asker.waiting_ == 0) asker.answers_.cancel();
    }

    unbound& asker;
    asio::steady_timer done;
    unbound_answer answer;
    int id = 0;
    bool is_sent = false;
};

result<std::shared_ptr<unbound>>
unbound::make(asio::any_io_executor executor, validating_settings const& settings) {
    auto made = std::make_shared<unbound>(std::move(executor));
    auto const set_up = made->set_up(settings);
    if (!set_up) return set_up.error();
    return made;
}

unbound::unbound(asio::any_io_executor executor)
    : executor_(std::move(executor)), context_(ub_ctx_create()), answers_(executor_) {
    if (!context_) throw std::bad_alloc();
    answers_.assign(ub_fd(context_.get()));
}

// The descriptor is libunbound's to close.
unbound::~unbound() { answers_.release(); }

result<void> unbound::set_up(validating_settings const& settings) {
    // libunbound takes half a megabyte, and more for each answer, and does not look whether it got
    // it.
    require_memory(std::size_t{4} * 1024 * 1024);
    auto* const c = context_.get();
    auto const is_forwarding = !settings.forward_to.empty();
    auto const set = [c](option const& o) {
        demand(ub_ctx_set_option(c, o.name, o.value), o.name);
    };
    demand(ub_ctx_debugout(c, nullptr), "debugout");
    demand(ub_ctx_async(c, 1), "async");
    std::ranges::for_each(resolution, set);
    std::ranges::for_each(limits, set);
    if (is_forwarding) std::ranges::for_each(patience_with_forwarders, set);
    // A forwarder may answer from its cache, in other letters.
    set({"use-caps-for-id:", is_forwarding ? "no" : "yes"});
    set({"do-ip6:", is_forwarding || has_ipv6() ? "yes" : "no"});
    for (auto const& server : settings.forward_to) {
        auto const address = server.address().to_string() + "@" + std::to_string(server.port());
        demand(ub_ctx_set_fwd(c, address.c_str()), address.c_str());
    }
    if (settings.validates) set_trust_anchors(settings.trust_anchor_file);
    // The first of these makes libunbound read all of the above.
    for (auto const* zone : asked_for_real) {
        auto const status = ub_ctx_zone_remove(c, zone);
        auto const& file = settings.trust_anchor_file;
        if (status == UB_INITFAIL && !file.empty())
            return unusable_trust_anchor(file, "it holds an invalid record");
        demand(status, zone);
    }
    return {};
}

void unbound::set_trust_anchors(std::string const& file) {
    auto* const c = context_.get();
    if (!file.empty()) return demand(ub_ctx_add_ta_file(c, file.c_str()), file.c_str());
    for (auto const* anchor : root_trust_anchors)
        demand(ub_ctx_add_ta(c, anchor), anchor);
}

void unbound::take(void* asker, int error, ub_result* answer) {
    auto& p = *static_cast<pending*>(asker);
    p.answer.result.reset(answer);
    p.answer.error = error;
    p.answer.came = true;
    p.done.cancel();
}

int unbound::send(question const& asked, pending& p) {
    auto const type = static_cast<int>(asked.type);
    auto const name = asked.asked.absolute();
    // The first question starts libunbound's thread. Signals are for the main loop, and a thread
    // inherits the mask.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    auto const failure =
        ub_resolve_async(context_.get(), name.c_str(), type, class_in, &p, &unbound::take, &p.id);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return failure;
}

asio::awaitable<unbound_answer> unbound::ask(question asked, deadline until) {
    pending p(*this);
    // Set before the question is sent: an answer from the cache cancels the timer at once.
    p.done.expires_at(until.end());
    p.answer.error = send(asked, p);
    if (p.answer.error != UB_NOERROR) {
        p.answer.came = true;
        co_return std::move(p.answer);
    }
    p.is_sent = true;
    ++waiting_;
    watch();
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    co_await p.done.async_wait(token);
    co_return std::move(p.answer);
}

void unbound::watch() {
    if (is_watching_ || waiting_ == 0) return;
    is_watching_ = true;
    auto const take_answers = [weak = weak_from_this()](boost::system::error_code const& ec) {
        auto const self = weak.lock();
        if (!self) return;
        self->is_watching_ = false;
        if (!ec) ub_process(self->context_.get());
        self->watch();
    };
    answers_.async_wait(asio::posix::stream_descriptor::wait_read, take_answers);
}

} // namespace acme_dns01::dns
