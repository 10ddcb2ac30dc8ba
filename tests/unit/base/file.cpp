#include "base/file.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

using namespace acme_dns01;

namespace {

std::error_code error_of(std::string const& path, std::size_t size_max) {
    std::error_code ec;
    BOOST_TEST(text_of_file(path, size_max, ec) == "");
    return ec;
}

} // namespace

BOOST_AUTO_TEST_SUITE(base_file)

BOOST_AUTO_TEST_CASE(a_file_is_read_up_to_its_limit) {
    sandbox::temporary_folder const folder("acme-dns01-file");
    auto const path = (folder.path() / "text").string();
    sandbox::write_private_file(path, std::string(20'000, 'x'));
    std::error_code ec;
    BOOST_TEST(text_of_file(path, 20'000, ec) == std::string(20'000, 'x'));
    BOOST_TEST(!ec);
    BOOST_TEST((error_of(path, 19'999) == std::errc::file_too_large));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_has_its_reason) {
    BOOST_TEST((error_of("/nonexistent/file", 10) == std::errc::no_such_file_or_directory));
    BOOST_TEST((error_of("/", 10) == std::errc::is_a_directory));
    BOOST_TEST((error_of("/dev/zero", 10) == std::errc::file_too_large));
}

BOOST_AUTO_TEST_CASE(a_check_on_the_open_file_can_refuse_it) {
    sandbox::temporary_folder const folder("acme-dns01-file");
    auto const path = (folder.path() / "text").string();
    sandbox::write_private_file(path, "text");
    auto const is_private = [](struct stat const& s) { return (s.st_mode & 0077U) == 0; };
    std::error_code ec;
    BOOST_TEST(text_of_file(path, 10, ec, is_private) == "text");
    BOOST_TEST(text_of_file("/dev/null", 10, ec, is_private) == "");
    BOOST_TEST((ec == std::errc::permission_denied));
}

BOOST_AUTO_TEST_SUITE_END()
