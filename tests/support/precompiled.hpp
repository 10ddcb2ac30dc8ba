#pragma once

// What most test files include anyway. Nothing relies on it: see ACME_DNS01_PRECOMPILE.

#include "base/precompiled.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <regex>
