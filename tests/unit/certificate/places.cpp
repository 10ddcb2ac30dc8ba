#include "certificate/places.hpp"

#include "support/certificate_looks.hpp"
#include "support/client_files.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(certificate_places)

using namespace acme_dns01;
using namespace acme_dns01::certificate;
using namespace acme_dns01::test;
using std::chrono::days;

namespace fs = std::filesystem;

namespace {

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_CASE(a_certificate_is_listed_once_however_it_is_reached) {
    client_files const files;
    auto const c = files.issue("example.com", days(90));
    for (auto const& client : client_names) {
        BOOST_TEST_CONTEXT(client) {
            files.add(client, "example.com", c);
            auto const file = files.certificate(client, "example.com");
            auto const alias = files.path() / (client + "-alias");
            fs::create_directory_symlink(files.of(client), alias);
            std::vector<lineage> all;
            for (auto const& path :
                 {files.of(client), file, file.parent_path(), alias, files.of(client) / "."}) {
                for (auto& l : named_places().at(path))
                    all.push_back(std::move(l));
            }
            BOOST_TEST(all.size() >= 5U);
            auto const once = look_at(all, days(1));
            BOOST_TEST(paths_of(once) == texts{file.string()}, boost::test_tools::per_element());
        }
    }
    // Files that no client has.
    auto const loose = files.path() / "loose";
    write_file(loose / "cert.pem", c.certificate);
    write_file(loose / "fullchain.pem", c.certificate + files.ca.pem());
    write_file(loose / "chain.pem", files.ca.pem());
    write_file(loose / "key.pem", c.key);
    write_file(loose / "README", "text");
    auto const all = look_at(loose);
    BOOST_TEST(paths_of(all) == texts{loose / "cert.pem"}, boost::test_tools::per_element());
    BOOST_TEST(all[0].what.client == "");
    BOOST_TEST(!all[0].renewal_due);
    BOOST_TEST(told(look_at(loose / "fullchain.pem")) == "ok");
    write_file(loose / "chained.pem", c.certificate + test_ca().pem());
    BOOST_TEST(told(look_at(loose / "chained.pem")) == "broken: the chain in it does not fit");
}

BOOST_AUTO_TEST_CASE(folders_of_anybody_are_searched_for_certificates) {
    client_files const files;
    auto const top = files.path() / "any";
    auto const ca = files.ca.pem();
    auto const with = [&](std::string const& name, int begin) {
        return files.ca.issue({name}, noon + days(begin), noon + days(begin + 90)).certificate;
    };
    write_file(top / "new.crt", with("a.example", 0));
    write_file(top / "old.crt", with("a.example", -30));
    write_file(top / "ca.pem", ca);
    write_file(top / "key.pem", files.issue("x", days(1)).key);
    write_file(top / "junk.pem", "junk");
    write_file(top / "empty.CER", "");
    write_file(top / "notes.txt", "junk");
    write_file(top / "b/c/d/e.pem", with("b.example", 0));
    fs::create_directory_symlink("..", top / "b/up");
    fs::create_symlink("nowhere.pem", top / "lost.pem");
    write_file(top / "deep/1/2/3/4/5/6/7/8/9/10/11/too.pem", with("c.example", 0));
    texts expected{
        top / "b/c/d/e.pem",
        top / "empty.CER",
        top / "junk.pem",
        top / "lost.pem",
        top / "new.crt"};
    BOOST_TEST(paths_of(look_at(top)) == expected, boost::test_tools::per_element());
    BOOST_TEST(
        paths_of(look_at(top / "old.crt")) == texts{top / "old.crt"},
        boost::test_tools::per_element()
    );
    BOOST_TEST(
        told(look_at(top / "nothing")) == "broken: cannot be read: No such file or directory"
    );
    BOOST_TEST(look_at(files.ca.pem().empty() ? top : top / "b/c").size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
