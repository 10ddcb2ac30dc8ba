#include "certificate/config_obj.hpp"
#include "certificate/shell.hpp"

#include <boost/algorithm/string/join.hpp>
#include <boost/test/unit_test.hpp>

using namespace acme_dns01;
using namespace acme_dns01::certificate;

namespace {

// "text", or "[one|two]" for a list, or the error.
std::string read(std::string const& file, std::string const& section, std::string const& name) {
    auto const set = config::parse(file);
    if (!set) return "error: " + set.error().message;
    auto const* const value = set->find(section, name);
    if (value == nullptr) return "nothing";
    auto const text = boost::algorithm::join(value->texts, "|");
    return value->is_list ? "[" + text + "]" : text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(certificate_config_obj)

// Python's ConfigObj 5.0.8 says the same of each.
BOOST_AUTO_TEST_CASE(values_are_read_as_configobj_reads_them) {
    struct {
        std::string file;
        std::string told;
    } const cases[] = {
        {"a = 1", "1"},
        {"  a = 1  \r\nb = 2\r\n", "1"},
        {"a = 'x' # c", "x"},
        {"a = x # c", "x"},
        {"a = x# c", "x"},
        {"a = x,y", "[x|y]"},
        {"a = x,", "[x]"},
        {"a = x , ", "[x]"},
        {"a = ,", "[]"},
        {"a =", ""},
        {"a = # c", ""},
        {"a = ''", ""},
        {"a = '''x\ny'''\nb = 2", "x\ny"},
        {"a = \"\"\"x\"\"\" # c", "x"},
        {"'a' = 1", "1"},
        {"a = x 'y'", "x 'y'"},
        {"a = x\"y", "x\"y"},
        {"a = 'x', \"y z\" , w", "[x|y z|w]"},
        {"a = 'x,y'", "x,y"},
        {"a = x=y", "x=y"},
        {"a = 'it''s'", "it''s"},
        {"a = 'x'y'", "x'y"},
        {"a = 1,2 # c", "[1|2]"},
        {"a = x ,# y", "[x]"},
        {"a = \xc3\xa9", "\xc3\xa9"},
        {"b = 1", "nothing"},
        {"[a]", ""},
        {"# a = 1\n\n", "nothing"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.file) { BOOST_TEST(read(c.file, "", "a") == c.told); }
    }
}

BOOST_AUTO_TEST_CASE(sections_are_within_each_other) {
    std::string const file = "a = 0\n[s]\na = 1\n[[t]]\na = 2\n[ u ] # c\na = 3\n['v']\na = 4\n";
    BOOST_TEST(read(file, "", "a") == "0");
    BOOST_TEST(read(file, "s", "a") == "1");
    BOOST_TEST(read(file, "s\nt", "a") == "2");
    BOOST_TEST(read(file, "u", "a") == "3");
    BOOST_TEST(read(file, "v", "a") == "4");
    BOOST_TEST(read(file, "t", "a") == "nothing");
}

BOOST_AUTO_TEST_CASE(a_file_that_configobj_refuses_is_an_error) {
    auto const not_understood = [](std::string const& line) {
        return "error: '" + line + "' is neither a section nor a setting";
    };
    auto const not_closed = [](std::string const& line) {
        return "error: '" + line + "' has a quote that is not closed";
    };
    struct {
        std::string file;
        std::string told;
    } const cases[] = {
        {"a = \"x", not_closed("a = \"x")},
        {"a = 'x' y", not_closed("a = 'x' y")},
        {"a = x,'y", not_closed("a = x,'y")},
        {"a = '''x", not_closed("a = '''x")},
        {"a = '''x'''y", not_closed("a = '''x'''y")},
        {"a = '''x\ny'''z", not_closed("a = '''x")},
        {"a = x,,y", "error: 'a = x,,y' has a comma too many"},
        {"a = ,x", "error: 'a = ,x' has a comma too many"},
        {"[s", not_understood("[s")},
        {"[]", not_understood("[]")},
        {"[[s]]", not_understood("[[s]]")},
        {"[s]]", not_understood("[s]]")},
        {"[s] x", not_understood("[s] x")},
        {"[s]\n[[[t]]]", not_understood("[[[t]]]")},
        {"=a", not_understood("=a")},
        {"a", not_understood("a")},
        {"'a = 1", not_understood("'a = 1")},
        {"a = 1\na = 2", "error: 'a = 2' stands there twice"},
        {"[s]\n[s]", "error: '[s]' stands there twice"},
        {"a = 1\n[a]", "error: '[a]' stands there twice"},
        {"a = \xff", "error: it is not UTF-8"},
        {"a = \xc3", "error: it is not UTF-8"},
        {std::string(5000, '['), not_understood(std::string(80, '[') + "...")},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.file) { BOOST_TEST(read(c.file, "", "a") == c.told); }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(certificate_shell)

// sh says the same of each that needs no other program.
BOOST_AUTO_TEST_CASE(assignments_are_read_without_a_shell) {
    struct {
        std::string script;
        std::string told;
    } const cases[] = {
        {"A=1", "1"},
        {"  export A=1 # c", "1"},
        {"A='x y'", "x y"},
        {"A=\"x y\" # c", "x y"},
        {"A=x\\ y", "x y"},
        {"A=\"x\\\"y\"", "x\"y"},
        {"A='x'\"y\"z", "xyz"},
        {"A=", ""},
        {"A=\"${BASE}/x\"", "/base/x"},
        {"A=$BASE/x", "/base/x"},
        {"A='$BASE'", "$BASE"},
        {"A=1\nA=2", "2"},
        {"A='x\ny'", "x\ny"},
        {"A=1;B=2", "1"},
        {"#A=1", "was"},
        {"B=1", "was"},
        {"echo A=1", "was"},
        {"A =1", "was"},
        {"A=$(hostname)", "nothing"},
        {"A=`hostname`", "nothing"},
        {"A=${BASE:-x}", "nothing"},
        {"A=$OTHER", "nothing"},
        {"A='x", "nothing"},
        {"A=1\nA=$(x)", "nothing"},
        {"A=" + std::string(5000, 'x'), "nothing"},
        {std::string("A=1\0", 4), std::string("1\0", 2)},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.script) {
            variables known{{"A", "was"}, {"BASE", "/base"}};
            read_assignments(c.script, known);
            BOOST_TEST((known.contains("A") ? known["A"] : "nothing") == c.told);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
