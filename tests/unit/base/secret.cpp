#include "base/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(base_secret)

using acme_dns01::secret;

static_assert(!std::is_copy_constructible_v<secret>);
static_assert(!std::is_copy_assignable_v<secret>);
static_assert(!std::convertible_to<std::string, secret>);
static_assert(!std::convertible_to<secret, std::string>);
static_assert(!std::convertible_to<secret, std::string_view>);
static_assert(!std::equality_comparable<secret>);

BOOST_AUTO_TEST_CASE(reveals_what_it_was_given) {
    BOOST_TEST(secret("dop_v1_abc").reveal() == "dop_v1_abc");
    BOOST_TEST(!secret("dop_v1_abc").empty());
    BOOST_TEST(secret().empty());
}

// Both a text that a string keeps within itself and one that it does not.
BOOST_AUTO_TEST_CASE(a_moved_from_secret_is_empty) {
    for (auto const length : {std::size_t{3}, std::size_t{200}}) {
        BOOST_TEST_CONTEXT(length) {
            std::string const text(length, 'x');
            secret first(text);
            secret second(std::move(first));
            BOOST_TEST(first.empty()); // NOLINT(bugprone-use-after-move)
            BOOST_TEST(second.reveal() == text);
            secret third("replaced");
            third = std::move(second);
            BOOST_TEST(second.empty()); // NOLINT(bugprone-use-after-move)
            BOOST_TEST(third.reveal() == text);
        }
    }
}

BOOST_AUTO_TEST_CASE(self_assignment_keeps_the_text) {
    secret s("kept");
    auto& same = s;
    s = std::move(same);
    BOOST_TEST(s.reveal() == "kept");
}

BOOST_AUTO_TEST_CASE(wiping_overwrites_the_memory_itself) {
    std::string text(200, 'x');
    auto const* memory = text.data();
    acme_dns01::wipe(text);
    BOOST_TEST(text.empty());
    BOOST_TEST(text.data() == memory);
    BOOST_TEST((std::string_view(memory, 200) == std::string(200, '\0')));
}

BOOST_AUTO_TEST_SUITE_END()
