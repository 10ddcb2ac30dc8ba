#include "cli/output/metrics.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

BOOST_AUTO_TEST_SUITE(cli_output_metrics)

using namespace acme_dns01::cli;
namespace fs = std::filesystem;

namespace {

std::string content_of(fs::path const& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

BOOST_AUTO_TEST_CASE(families_have_one_head_each_and_labels_are_escaped) {
    std::vector<metric_family> const families{
        {"a_seconds",
         "A time.",
         {{{}, 1795867200}, {{}, 1}, {{{"path", "/a\\b\"c\nd"}, {"names", ""}}, 0.25}}},
        {"b", "Nothing.", {}},
        {"c", "Negative.", {{{}, -1}}}};
    BOOST_TEST(
        metrics_text(families) == "# HELP a_seconds A time.\n"
                                  "# TYPE a_seconds gauge\n"
                                  "a_seconds 1795867200\n"
                                  "a_seconds{path=\"/a\\\\b\\\"c?d\",names=\"\"} 0.250\n"
                                  "# HELP c Negative.\n"
                                  "# TYPE c gauge\n"
                                  "c -1\n"
    );
}

BOOST_AUTO_TEST_CASE(a_link_is_followed_unless_another_user_could_change_it) {
    acme_dns01::sandbox::temporary_folder const scratch("acme-dns01-test");
    auto const folder = scratch.path() / "metrics";
    auto const target = scratch.path() / "target";
    fs::create_directory(folder);
    fs::create_symlink(target, folder / "link");
    std::ofstream(target) << "before";
    auto const link = (folder / "link").string();
    BOOST_TEST(write_metrics(link, {}).has_value());
    BOOST_TEST(content_of(target) == "");
    std::ofstream(target) << "before";
    fs::permissions(folder, fs::perms(0777));
    BOOST_TEST(
        write_metrics(link, {}).error().message ==
        "the metrics file " + link +
            " cannot be written: another user could change a link on the way to it"
    );
    BOOST_TEST(content_of(target) == "before");
    BOOST_TEST(fs::is_symlink(link));
    // What others may write is no harm in itself.
    BOOST_TEST(write_metrics(folder / "file", {}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
