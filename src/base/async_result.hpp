#pragma once

#include "base/error.hpp"

#include <boost/asio/awaitable.hpp>

namespace acme_dns01 {

// The return type of a coroutine that can fail in ordinary life.
template <class T>
using async_result = boost::asio::awaitable<result<T>>;

} // namespace acme_dns01
