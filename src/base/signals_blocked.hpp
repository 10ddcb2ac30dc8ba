#pragma once

#include <csignal>
#include <pthread.h>

namespace acme_dns01 {

// Blocks every signal in this thread. A thread that is started meanwhile inherits the mask and so
// gets no signals: they are for the main loop.
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

} // namespace acme_dns01
