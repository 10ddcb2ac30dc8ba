#include "base/digest.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(base_digest)

using namespace acme_dns01;

// RFC 6234 8.5, test 1.
BOOST_AUTO_TEST_CASE(a_digest_is_the_published_one) {
    BOOST_TEST(
        hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    BOOST_TEST(base64url(sha256("abc")) == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

// RFC 4648 10, without the padding.
BOOST_AUTO_TEST_CASE(base64url_has_no_padding) {
    std::string_view const text = "foobar";
    char const* const expected[] = {"", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"};
    for (std::size_t size = 0; size <= text.size(); ++size) {
        std::span const bytes(reinterpret_cast<unsigned char const*>(text.data()), size);
        BOOST_TEST(base64url(bytes) == expected[size]);
    }
    unsigned char const high[] = {0xfb, 0xff};
    BOOST_TEST(base64url(high) == "-_8");
}

BOOST_AUTO_TEST_SUITE_END()
