#include "dns/unbound.hpp"

#include "dns/exchange.hpp"
#include "dns/trust_anchor.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <new>
#include <pthread.h>
#include <stdexcept>

namespace acme_dns01::dns {

namespace asio = boost::asio;

namespace {

constexpr int class_in = 1;

struct option {
    char const* name;
    char const* value;
};

// As close as may be to what is published of Let's Encrypt's own: only what a zone says itself
// counts, to the second, and nothing is concluded from other answers.
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

// What one run needs: a few hundred questions on their way, some megabytes of answers.
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

// A forwarder is silent about one domain because that one's servers are: that says nothing about
// the next. So what is known of it is forgotten every second, before the library gives it up for
// all questions; it has as long for each try as a resolver that has to find out itself may need.
constexpr option trust_in_forwarders[] = {
    {"infra-host-ttl:", "0"},
    {"infra-keep-probing:", "yes"},
    {"unknown-server-time-limit:", "2000"},
};

// Those that it would answer by itself, as nobody's in the public DNS (RFC 6761, RFC 8375).
constexpr char const* asked_for_real[] = {"test.", "invalid.", "home.arpa."};

bool has_ipv6() {
    // The DNS root's F; nothing is sent.
    return has_route({asio::ip::make_address("2001:500:2f::f"), 53});
}

void demand(int status, char const* what) {
    if (status == UB_NOERROR) return;
    throw std::runtime_error("libunbound: " + std::string(what) + ": " + ub_strerror(status));
}

// A thread that is started meanwhile gets no signals: they are the main loop's.
class signals_blocked {
public:
    signals_blocked() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    signals_blocked(signals_blocked const&) = delete;
    signals_blocked& operator=(signals_blocked const&) = delete;
    ~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

} // namespace

struct unbound::pending {
    explicit pending(unbound& u) : asker(u), done(u.executor_) {}
    pending(pending const&) = delete;
    pending& operator=(pending const&) = delete;
    ~pending() {
        if (!is_sent) return;
        if (!answer.came) ub_cancel(asker.context_.get(), id);
        asker.forget(*this);
    }

    unbound& asker;
    asio::steady_timer done;
    unbound_answer answer;
    int id = 0;
    bool is_sent = false;
};

result<std::shared_ptr<unbound>>
unbound::make(asio::any_io_executor executor, unbound_settings const& settings) {
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

result<void> unbound::set_up(unbound_settings const& settings) {
    auto* const c = context_.get();
    auto const set = [c](option const& o) {
        demand(ub_ctx_set_option(c, o.name, o.value), o.name);
    };
    demand(ub_ctx_debugout(c, nullptr), "debugout");
    demand(ub_ctx_async(c, 1), "async");
    for (auto const& o : resolution)
        set(o);
    for (auto const& o : limits)
        set(o);
    // A forwarder's cache may answer in letters of its own.
    set({"use-caps-for-id:", settings.forward_to.empty() ? "yes" : "no"});
    set({"do-ip6:", settings.forward_to.empty() && !has_ipv6() ? "no" : "yes"});
    for (auto const& o : trust_in_forwarders) {
        if (!settings.forward_to.empty()) set(o);
    }
    for (auto const& server : settings.forward_to)
        demand(ub_ctx_set_fwd(c, server.c_str()), server.c_str());
    for (auto const& anchor : settings.trust_anchors)
        demand(ub_ctx_add_ta(c, anchor.c_str()), anchor.c_str());
    auto const& file = settings.trust_anchor_file;
    if (!file.empty()) demand(ub_ctx_add_ta_file(c, file.c_str()), file.c_str());
    // The first of these makes it read all of the above.
    for (auto const* zone : asked_for_real) {
        auto const status = ub_ctx_zone_remove(c, zone);
        if (status == UB_INITFAIL && !file.empty()) {
            return unusable_trust_anchor(file, "it holds a record that is none");
        }
        demand(status, zone);
    }
    return {};
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
    auto const ask = [&] {
        return ub_resolve_async(
            context_.get(), name.c_str(), type, class_in, &p, &unbound::take, &p.id
        );
    };
    if (has_started_) return ask();
    signals_blocked const blocked;
    has_started_ = true;
    return ask();
}

asio::awaitable<unbound_answer> unbound::ask(question asked, deadline until) {
    pending p(*this);
    if (is_given_up_) co_return std::move(p.answer);
    // Before the question goes out: its answer may cancel this.
    p.done.expires_at(until.end());
    p.answer.error = send(asked, p);
    if (p.answer.error != UB_NOERROR) {
        p.answer.came = true;
        co_return std::move(p.answer);
    }
    p.is_sent = true;
    waiting_.insert(&p);
    watch();
    boost::system::error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    co_await p.done.async_wait(token);
    co_return std::move(p.answer);
}

void unbound::watch() {
    if (is_watching_ || waiting_.empty()) return;
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

// With nothing to wait for, the event loop may end.
void unbound::forget(pending& p) {
    waiting_.erase(&p);
    if (waiting_.empty()) answers_.cancel();
}

void unbound::give_up() {
    is_given_up_ = true;
    for (auto* const p : waiting_)
        p->done.cancel();
}

} // namespace acme_dns01::dns
